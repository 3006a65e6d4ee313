"""Keys of the installation: what may be read again, what is only compared, what is signed."""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from xianfeng.foundation.kernel import generations


@cache
def key(purpose: str) -> bytes:
    """Return the 32-byte key of `purpose`, derived from the installation's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"xianfeng:{purpose}".encode(), hashlib.sha256).digest()


def keyed_hash(purpose: str, text: str) -> bytes:
    """Return 32 bytes that find `text` again without telling it."""
    return hmac.new(key(purpose), text.encode(), hashlib.sha256).digest()


@cache
def _box(purpose: str, root: bytes) -> Fernet:
    derived = hmac.new(root, f"xianfeng:{purpose}".encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _opener(purpose: str, number: int) -> Fernet:
    """Return what seals and unseals in a generation; 0 is the installation's secret. Raises KeyError."""
    if number == 0:
        return _box(purpose, settings.SECRET_KEY.encode())
    return _box(purpose, generations.root(number))


def seal(purpose: str, text: str) -> bytes:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256) in the newest generation of keys."""
    return seal_bytes(purpose, text.encode())


def hash_in(number: int, purpose: str, text: str) -> bytes:
    """Return the keyed hash of `text` in a generation; 0 is `keyed_hash`. Raises KeyError for one that is not here."""
    if number == 0:
        return keyed_hash(purpose, text)
    return hmac.new(_hash_key(purpose, generations.root(number)), text.encode(), hashlib.sha256).digest()


@cache
def _hash_key(purpose: str, root: bytes) -> bytes:
    return hmac.new(root, f"xianfeng:hash:{purpose}".encode(), hashlib.sha256).digest()


def seal_bytes(purpose: str, content: bytes, *, generation: int | None = None) -> bytes:
    """Return `content` sealed as `seal` does, in the newest generation or in the one that is named."""
    number = generations.newest() if generation is None else generation
    return generations.prefix(number) + _opener(purpose, number).encrypt(content)


def unseal(purpose: str, sealed: bytes) -> str:
    """Return what was sealed, in whatever generation. Raises ValueError when the key or the bytes are not the same."""
    return unseal_bytes(purpose, sealed).decode()


def unseal_bytes(purpose: str, sealed: bytes) -> bytes:
    """Return the bytes that were sealed, in whatever generation. Raises ValueError as `unseal`."""
    number, token = generations.parted(bytes(sealed))
    try:
        return _opener(purpose, number).decrypt(token)
    except (InvalidToken, KeyError) as error:
        raise ValueError(f"sealed text of {purpose} cannot be read with this key") from error
