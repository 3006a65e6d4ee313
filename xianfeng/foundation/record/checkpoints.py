"""Keyed checkpoints over all heads, written outside the database, so that a rewritten chain is found.

Each file lists the subjects that moved since the one before (kind, id, length, head) and carries an HMAC over
its lines and the HMAC of its predecessor: taking a file away, or changing one, breaks the row of files.
"""

import gzip
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from xianfeng.foundation.kernel import clock, keyring

OVERLAP = timedelta(minutes=2)  # longer than any transaction of an operation may stay open

_HEADS = """
SELECT DISTINCT ON (subject_kind, subject_id) subject_kind, subject_id, position, encode(hash, 'hex')
FROM record_entry WHERE at >= to_timestamp(%s) ORDER BY subject_kind, subject_id, position DESC"""


def files() -> list[Path]:
    """Return the checkpoint files, oldest first."""
    return sorted(Path(settings.CHECKPOINTS).glob("*.gz"))


def write() -> Path | None:
    """Write a checkpoint of what moved since the last; return its file, or None if nothing moved."""
    before = files()
    since = _written_at(before[-1]) - OVERLAP.total_seconds() if before else 0
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [since])
        lines = [f"{kind} {subject} {position} {head}" for kind, subject, position, head in cursor.fetchall()]
    if not lines or (before and set(lines) <= set(_lines(before[-1]))):
        return None
    path = Path(settings.CHECKPOINTS) / f"{int(at.timestamp()):012d}-{len(before):06d}.gz"
    return _store(path, lines, _seal_of(before[-1]) if before else "")


def _written_at(path: Path) -> int:
    return int(path.name.split("-")[0])


def _store(path: Path, lines: list[str], previous: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join([f"previous {previous}", *lines])
    part = path.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as file:
        file.write(body + "\n" + _hmac(body) + "\n")
    part.replace(path)
    return path


def _hmac(body: str) -> str:
    return hmac.new(keyring.key("checkpoint"), body.encode(), hashlib.sha256).hexdigest()


def _read(path: Path) -> tuple[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        body, _, seal = file.read().rstrip("\n").rpartition("\n")
    return body, seal


def _seal_of(path: Path) -> str:
    return _read(path)[1]


def _lines(path: Path) -> list[str]:
    return _read(path)[0].split("\n")[1:]


def broken_files() -> list[str]:
    """Return the names of checkpoint files whose seal, or whose link to the file before, does not hold."""
    broken, previous = [], ""
    for path in files():
        body, seal = _read(path)
        if not hmac.compare_digest(seal, _hmac(body)) or body.split("\n")[0] != f"previous {previous}":
            broken.append(path.name)
        previous = seal
    return broken


def heads() -> Iterator[tuple[str, int, int, bytes]]:
    """Yield every (kind, id, length, head) that any checkpoint vouches for."""
    for path in files():
        for line in _lines(path):
            kind, subject, length, head = line.split(" ")
            yield kind, int(subject), int(length), bytes.fromhex(head)
