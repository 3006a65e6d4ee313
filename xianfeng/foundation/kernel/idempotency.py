"""Idempotency keys, committed in the same transaction as their effect.

Source: draft-ietf-httpapi-idempotency-key-header. The door (API, form) opens a `scope`; the first
`transactions.write()` in it takes the key; the operation says what came of it with `note`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection

from xianfeng.foundation.kernel import keyring
from xianfeng.foundation.kernel.refusals import Refused, Replayed


@dataclass
class Key:
    """One request's key: who sent it, the key itself, a digest of what was asked; `repeated`: it was done before."""

    owner: str
    value: str
    fingerprint: str
    repeated: bool = False
    taken: bool = False


_current: ContextVar[Key | None] = ContextVar("idempotency_key", default=None)


def fingerprint(*parts: bytes | str) -> str:
    """Return the digest of a request, to tell a repeated key from a reused one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


@contextmanager
def scope(owner: str, value: str | None, print_of_request: str, *, repeated: bool = False) -> Iterator[None]:
    """Run one request under the key `value` of `owner`; without a value nothing is kept.

    `repeated`: the request was done before, and its answer is made anew; nothing is taken or noted.
    """
    token = _current.set(Key(owner, value, print_of_request, repeated) if value else None)
    try:
        yield
    finally:
        _current.reset(token)


def waits() -> bool:
    """Tell whether the current request brought a key that its transaction must carry."""
    key = _current.get()
    return key is not None and not key.repeated


def take() -> None:
    """Write the current key inside the open transaction. Raises Replayed or Refused 'key-reused'."""
    key = _current.get()
    if key is None or key.taken or key.repeated:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key.owner, key.value, key.fingerprint])
        if cursor.fetchone() is None:
            cursor.execute(_READ, [key.owner, key.value])
            _replay(key, cursor.fetchone())
    key.taken = True


def look() -> None:
    """Raise Replayed or Refused 'key-reused' if the current key was committed; take nothing.

    For operations that do something before their transaction opens.
    """
    key = _current.get()
    if key is None or key.taken or key.repeated:
        return
    with connection.cursor() as cursor:
        cursor.execute(_READ, [key.owner, key.value])
        if row := cursor.fetchone():
            _replay(key, row)


def derived(purpose: str) -> bytes | None:
    """Return 32 secret bytes that are the same for each repetition of this request; None without a key."""
    key = _current.get()
    if key is None:
        return None
    return keyring.keyed_hash(f"again:{purpose}", f"{key.owner}\n{key.fingerprint}\n{key.value}")


def _replay(key: Key, row: tuple[str, str, int]) -> None:
    if row[0] != key.fingerprint:
        raise Refused("key-reused", field="Idempotency-Key")
    raise Replayed(row[1], row[2])


def note(subject_kind: str, subject_id: int) -> None:
    """Say, inside the transaction, which subject came of the request."""
    key = _current.get()
    if key is None or not key.taken:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [subject_kind, subject_id, key.owner, key.value])


def reset_taken() -> None:
    """Forget that the key was taken: its transaction was rolled back and is tried again."""
    if key := _current.get():
        key.taken = False


_TAKE = """INSERT INTO kernel_idempotency (owner, value, fingerprint, subject_kind, subject_id, at)
VALUES (%s, %s, %s, '', 0, now()) ON CONFLICT DO NOTHING RETURNING id"""
_READ = "SELECT fingerprint, subject_kind, subject_id FROM kernel_idempotency WHERE owner = %s AND value = %s"
_NOTE = "UPDATE kernel_idempotency SET subject_kind = %s, subject_id = %s WHERE owner = %s AND value = %s"
