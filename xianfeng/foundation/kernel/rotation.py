"""A new generation of keys, and every sealed field sealed anew in it, while everybody goes on working.

May be stopped at any moment: what is not sealed anew yet is read with its old key, and the next run goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

from django.db import connection

from xianfeng.foundation.kernel import generations, keyring
from xianfeng.foundation.kernel.transactions import write

BATCH = 1_000
_LOCK = 4712
Progress = Callable[[int], None]


Rehash = Callable[[str, int], bytes | None]


@dataclass(frozen=True)
class Sealed:
    """A column of sealed text: the purpose it is sealed for, its table and name.

    `found_by` is the column with the keyed hash that finds the text, if there is one; `rehash(text, generation)` makes
    that hash anew, None leaves it.
    """

    purpose: str
    table: str
    column: str
    found_by: str = ""
    rehash: Rehash | None = None


_fields: list[Sealed] = []


class Busy(Exception):
    """Another rotation is running."""


def register(
    purpose: str, table: str, column: str, *, found_by: str = "", rehash: Rehash | None = None
) -> None:
    """Name a column that holds sealed text, and the one with the hash that finds it; rooms register theirs at start."""
    field = Sealed(purpose, table, column, found_by, rehash)
    if field not in _fields:
        _fields.append(field)


def counts() -> dict[int, int]:
    """Return how many fields are sealed in each generation."""
    found = dict.fromkeys(generations.numbers(), 0)
    for field in _fields:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(**field.__dict__))
            for number, count in cursor.fetchall():
                found[number] = found.get(number, 0) + count
    return found


def rotate(progress: Progress) -> tuple[int, int]:
    """Seal every field in a new generation; return its number and how many fields were sealed anew.

    An unfinished rotation is gone on with, no further generation is made. Raises Busy; ValueError, at the end, for
    fields that no key can read.
    """
    with _alone():
        number, waits = _generation()
        until = monotonic() + waits
        done = 0
        while True:
            fresh, unread = _pass(number, done, progress)
            done += fresh
            if fresh == 0 and monotonic() >= until:
                break
            sleep(min(0.5, max(0.0, until - monotonic())))
    if unread:
        raise ValueError(
            f"{unread} sealed fields cannot be read with any key that is here; they were left as they are"
        )
    return number, done


def _generation() -> tuple[int, float]:
    """Return the generation to seal in, and for how many seconds others may still seal in the one before."""
    newest, waits = generations.newest(), 2 * generations.LOOK_EVERY_SECONDS
    unfinished = any(count for number, count in counts().items() if number != newest)
    if newest and unfinished and generations.prepared() is None:
        return newest, waits
    number = generations.prepare()
    generations.use(number)
    return number, waits


def _pass(number: int, done: int, progress: Progress) -> tuple[int, int]:
    fresh = unread = 0
    for field in _fields:
        last = 0
        while rows := _older(field, number, last):
            with write():
                sealed, lost = _seal_anew(field, rows, number)
            fresh, unread, last = fresh + sealed, unread + lost, rows[-1][0]
            progress(done + fresh)
    return fresh, unread


def _older(field: Sealed, number: int, after: int) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        start = generations.prefix(number)
        cursor.execute(_OLDER.format(**field.__dict__), [after, len(start), start, BATCH])
        return [(pk, bytes(sealed)) for pk, sealed in cursor.fetchall()]


def _seal_anew(field: Sealed, rows: list[tuple[int, bytes]], number: int) -> tuple[int, int]:
    """Seal rows anew, with their hashes, unless they changed meanwhile; return how many were, and how many are lost."""
    fresh: list[list[bytes | int | None]] = []
    lost = 0
    for pk, sealed in rows:
        try:
            content = keyring.unseal_bytes(field.purpose, sealed)
            hashed = [field.rehash(content.decode(), number)] if field.rehash else []
            anew = keyring.seal_bytes(field.purpose, content, generation=number)
            fresh.append([anew, *hashed, pk, sealed])
        except ValueError:
            lost += 1
    with connection.cursor() as cursor:
        cursor.executemany(_change(field), fresh)
    return len(fresh), lost


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Busy
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


_COUNT = """SELECT coalesce(substring(convert_from({column}, 'LATIN1') FROM '^([1-9][0-9]*):')::int, 0), count(*)
FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"""
_OLDER = """SELECT id, {column} FROM {table} WHERE id > %s AND {column} IS NOT NULL
    AND substring({column} FROM 1 FOR %s) <> %s ORDER BY id LIMIT %s"""


def _change(field: Sealed) -> str:
    hashed = f", {field.found_by} = coalesce(%s, {field.found_by})" if field.rehash else ""
    return f"UPDATE {field.table} SET {field.column} = %s{hashed} WHERE id = %s AND {field.column} = %s"  # noqa: S608
