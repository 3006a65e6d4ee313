"""Mobile numbers: one form, sealed at rest, found by a keyed hash, masked for others."""

import re
import unicodedata

from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.refusals import Refused


def normal(mobile: str) -> str:
    """Return the number in the country's plain form. Raises Refused 'mobile-invalid'."""
    rules = catalogue.load("people")["mobile"]
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", mobile))
    digits = re.sub(rules["prefix"], "", digits)
    if not re.fullmatch(rules["pattern"], digits):
        raise Refused("mobile-invalid", field="mobile")
    return digits


def found_by(mobile: str) -> bytes:
    """Return the keyed hash by which a normal number is looked up."""
    return keyring.keyed_hash("mobile", mobile)


def sealed(mobile: str) -> bytes:
    """Return a normal number encrypted for storage."""
    return keyring.seal("mobile", mobile)


def opened(mobile_sealed: bytes) -> str:
    """Return the number in clear. Only operations that record the look may call this."""
    return keyring.unseal("mobile", mobile_sealed)


def masked(mobile: str) -> str:
    """Return the number as others may see it before a matter is taken: 138****0001."""
    return f"{mobile[:3]}****{mobile[-4:]}"
