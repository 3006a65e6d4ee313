"""Keyed checkpoints over all heads, written outside the database, so that a rewritten chain is found.

Each file lists the subjects that moved since the one before (kind, id, length, head) and carries an HMAC over
its lines and the HMAC of its predecessor: taking a file away, or changing one, breaks the row of files. `latest`
names the last of them, so that this one is missed too. Who can write this folder, knows the key and writes the
database can set all three back together: copy the folder elsewhere where that matters.
"""

import gzip
import hashlib
import hmac
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction

from xianfeng.foundation.kernel import clock, keyring

log = logging.getLogger(__name__)
LATEST = "latest"
MISSED = "missed"
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError)

# Writers of the record are waited for, for a moment: what has an id up to `max` can then be read, all of it,
# whatever time it carries (imported and bulk-loaded rows carry their own).
_WAIT = "SET LOCAL lock_timeout = '500ms'"
_LOCK = "LOCK TABLE record_entry IN SHARE MODE"
_UPTO = "SELECT coalesce(max(id), 0) FROM record_entry"
_HEADS = """
SELECT DISTINCT ON (subject_kind, subject_id) subject_kind, subject_id, position, encode(hash, 'hex')
FROM record_entry WHERE id > %s AND id <= %s ORDER BY subject_kind, subject_id, position DESC"""


@dataclass(frozen=True)
class Checkpoint:
    """One file as read: the seal of the file before, the last entry id it covers, its lines, its own seal."""

    previous: str
    upto: int
    lines: list[str]
    seal: str
    holds: bool


def files() -> list[Path]:
    """Return the checkpoint files, oldest first."""
    return sorted(Path(settings.CHECKPOINTS).glob("*.gz"))


def write() -> Path | None:
    """Write a checkpoint of what moved since the last; return its file, or None if nothing moved.

    None too while a long write keeps the record busy: the next round takes it along.
    """
    before = files()
    last = _newest_readable(before)
    since = last.upto if last else 0
    try:
        upto = _upto()
    except OperationalError as error:
        log.info("no checkpoint this time: %s", error)
        return None
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [since, upto])
        lines = [f"{kind} {subject} {position} {head}" for kind, subject, position, head in cursor.fetchall()]
    if not lines:
        return None
    path = Path(settings.CHECKPOINTS) / f"{_next_number(before):012d}-{int(clock.now().timestamp())}.gz"
    return _store(path, lines, _seal_before(before, last), upto)


def _next_number(found: list[Path]) -> int:
    """Return a number above all before it: a clock that is set back must not change the order of files."""
    numbers = [
        int(name.partition("-")[0]) for name in (*(path.name for path in found), _pointed_at()) if name
    ]
    return max(numbers, default=0) + 1


def _seal_before(found: list[Path], last: Checkpoint | None) -> str:
    """Return the seal to build on; none holds where a file was taken away, so that it stays missed for ever."""
    if _last_missing(found) and (_pointed_at() or len(found) > 1):
        return MISSED
    return last.seal if last else ""


def _newest_readable(found: list[Path]) -> Checkpoint | None:
    for path in reversed(found):
        try:
            return read(path)
        except _UNREADABLE:
            log.exception("checkpoint %s cannot be read", path.name)
    return None


def _upto() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WAIT)
        cursor.execute(_LOCK)
        cursor.execute(_UPTO)
        return int(cursor.fetchone()[0])


def _store(path: Path, lines: list[str], previous: str, upto: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join([f"previous {previous}", f"upto {upto}", *lines])
    part = path.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as file:
        file.write(body + "\n" + _hmac(body) + "\n")
    part.replace(path)
    _point_at(path)
    return path


def _point_at(path: Path) -> None:
    part = path.with_name(f"{LATEST}.part")
    part.write_text(f"{path.name} {_hmac(path.name)}\n")
    part.replace(path.with_name(LATEST))


def _hmac(body: str) -> str:
    return hmac.new(keyring.key("checkpoint"), body.encode(), hashlib.sha256).hexdigest()


def read(path: Path) -> Checkpoint:
    """Return a checkpoint file as it stands. Raises OSError, EOFError, zlib.error or ValueError on a torn one."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        body, _, seal = file.read().rstrip("\n").rpartition("\n")
    previous, upto, *lines = body.split("\n")
    holds = hmac.compare_digest(seal.encode(), _hmac(body).encode())
    return Checkpoint(previous.removeprefix("previous "), int(upto.removeprefix("upto ")), lines, seal, holds)


def broken_files() -> list[str]:
    """Return the names of checkpoint files whose seal, or whose link to the file before, does not hold.

    A missing last file is told by its name; with no pointer to it, the pointer is what is missing.
    """
    broken, previous, found = [], "", files()
    for path in found:
        try:
            one = read(path)
        except _UNREADABLE:
            broken.append(path.name)
            previous = "?"
            continue
        if not one.holds or one.previous != previous or one.previous == MISSED:
            broken.append(path.name)
        previous = one.seal
    return broken + _last_missing(found)


def _last_missing(found: list[Path]) -> list[str]:
    pointer = Path(settings.CHECKPOINTS) / LATEST
    if not (name := _pointed_at()):
        return [LATEST] if found or pointer.exists() else []
    # the last file may be one further: the process ended between the two writes
    return [] if name in {path.name for path in found[-2:]} else [name]


def _pointed_at() -> str:
    """Return the name of the last checkpoint as the pointer has it, or '' if there is none that holds."""
    try:
        name, _, seal = (Path(settings.CHECKPOINTS) / LATEST).read_text().strip().partition(" ")
    except (OSError, ValueError):
        return ""
    return name if hmac.compare_digest(seal.encode(), _hmac(name).encode()) else ""


def heads() -> Iterator[tuple[str, int, int, bytes]]:
    """Yield every (kind, id, length, head) that any checkpoint that can be read vouches for."""
    for path in files():
        try:
            one = read(path)
        except _UNREADABLE:
            continue
        for line in one.lines if one.holds else ():
            kind, subject, length, head = line.split(" ")
            yield kind, int(subject), int(length), bytes.fromhex(head)
