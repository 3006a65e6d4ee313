"""Keys of the installation: what may be read again, what is only compared, what is signed."""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


@cache
def key(purpose: str) -> bytes:
    """Return the 32-byte key of `purpose`, derived from the installation's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"xianfeng:{purpose}".encode(), hashlib.sha256).digest()


def keyed_hash(purpose: str, text: str) -> bytes:
    """Return 32 bytes that find `text` again without telling it."""
    return hmac.new(key(purpose), text.encode(), hashlib.sha256).digest()


@cache
def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key(purpose)))


def seal(purpose: str, text: str) -> bytes:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return _box(purpose).encrypt(text.encode())


def unseal(purpose: str, sealed: bytes) -> str:
    """Return what was sealed. Raises ValueError when the key or the bytes are not the same."""
    try:
        return _box(purpose).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise ValueError(f"sealed text of {purpose} cannot be read with this key") from error
