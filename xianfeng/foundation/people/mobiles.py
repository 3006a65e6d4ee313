"""Mobile numbers: one form, sealed at rest, found by a keyed hash, masked for others."""

import re
import unicodedata
from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue, generations, keyring
from xianfeng.foundation.kernel.refusals import Refused

UNREACHABLE = "00000000000"  # sealed for who has no number


def normal(mobile: str) -> str:
    """Return the number in the country's plain form. Raises Refused 'mobile-invalid'."""
    rules = catalogue.load("people")["mobile"]
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", mobile))
    digits = re.sub(rules["prefix"], "", digits)
    if not re.fullmatch(rules["pattern"], digits):
        raise Refused("mobile-invalid", field="mobile")
    return digits


@dataclass(frozen=True)
class Kept:
    """What is kept of a number: sealed, and the hash it is found by; both in one generation of keys."""

    sealed: bytes
    hash: bytes


def kept(mobile: str) -> Kept:
    """Return what is kept of a normal number, in the newest generation of keys."""
    number = generations.newest()
    return Kept(
        keyring.seal_bytes("mobile", mobile.encode(), generation=number),
        keyring.hash_in(number, "mobile", mobile),
    )


def found_by(mobile: str) -> bytes:
    """Return the keyed hash of a normal number in the newest generation of keys."""
    return keyring.hash_in(generations.newest(), "mobile", mobile)


def all_hashes(mobile: str) -> list[bytes]:
    """Return the hashes a normal number may be found by: one for each generation of keys that is here."""
    return [keyring.hash_in(number, "mobile", mobile) for number in generations.numbers()]


def lock_name(mobile: str) -> bytes:
    """Return what stands for a number while a transaction holds it: the same in every generation of keys."""
    return keyring.keyed_hash("mobile", mobile)


def rehashed(mobile: str, generation: int) -> bytes | None:
    """Return the hash of a number in a generation; None for a number that is none and must not be found."""
    return None if mobile == UNREACHABLE else keyring.hash_in(generation, "mobile", mobile)


def sealed(mobile: str) -> bytes:
    """Return a normal number encrypted for storage."""
    return keyring.seal("mobile", mobile)


def opened(mobile_sealed: bytes) -> str:
    """Return the number in clear. Only operations that record the look may call this."""
    return keyring.unseal("mobile", mobile_sealed)


def masked(mobile: str) -> str:
    """Return the number as others may see it before a matter is taken: 138****0001."""
    return f"{mobile[:3]}****{mobile[-4:]}"
