"""Checks the whole record: every chain against its entries, its head, and the checkpoints outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from xianfeng.foundation.record import checkpoints, subjects


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, and with which subject."""

    what: str
    kind: str
    id: int
    position: int = 0


_ALTERED = """
SELECT subject_kind, subject_id, position FROM (
    SELECT e.*, lag(hash, 1, '\\x'::bytea) OVER chain AS head, lag(position, 1, 0) OVER chain AS before
    FROM record_entry e WINDOW chain AS (PARTITION BY subject_kind, subject_id ORDER BY position)
) c WHERE position <> before + 1 OR hash <> record_digest(
    head, subject_kind, subject_id, position, at, actor_kind, actor_id, code, old, new)"""
_LAST = """
SELECT s.id, s.record_length FROM {table} s
LEFT JOIN record_entry e ON e.subject_kind = %s AND e.subject_id = s.id AND e.position = s.record_length
WHERE e.hash IS DISTINCT FROM s.record_head OR EXISTS (SELECT FROM record_entry x
    WHERE x.subject_kind = %s AND x.subject_id = s.id AND x.position > s.record_length)"""
_MISSING = """
SELECT DISTINCT e.subject_id FROM record_entry e LEFT JOIN {table} s ON s.id = e.subject_id
WHERE e.subject_kind = %s AND s.id IS NULL"""
_UNKNOWN = """
SELECT DISTINCT subject_kind, subject_id FROM record_entry WHERE NOT subject_kind = ANY(%s) ORDER BY 1, 2"""


def findings() -> Iterator[Finding]:
    """Yield what is wrong: what `chain_findings` yields, 'rewritten' (a checkpoint vouches for what the record no
    longer says), 'checkpoint' (a file of them is missing or changed).
    """
    yield from chain_findings()
    yield from _against_checkpoints()


def chain_findings() -> Iterator[Finding]:
    """Yield what is wrong within the database: 'altered', 'head' (a chain ends elsewhere than its subject says),
    'subject-missing'.
    """
    for kind, subject_id, position in _rows(_ALTERED, []):
        yield Finding("altered", kind, subject_id, position)
    for kind, table in subjects.tables().items():
        for subject_id, length in _rows(_LAST.format(table=table), [kind, kind]):
            yield Finding("head", kind, subject_id, length)
        for (subject_id,) in _rows(_MISSING.format(table=table), [kind]):
            yield Finding("subject-missing", kind, subject_id)
    for kind, subject_id in _rows(_UNKNOWN, [list(subjects.tables())]):
        yield Finding("subject-missing", kind, subject_id)


def _against_checkpoints() -> Iterator[Finding]:
    for name in checkpoints.broken_files():
        yield Finding("checkpoint", name, 0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE vouched (kind text, id bigint, length int, head bytea)")
        try:
            with cursor.copy("COPY vouched FROM STDIN") as copy:
                for row in checkpoints.heads():
                    copy.write_row(row)
            cursor.execute(_VOUCHED)
            for kind, subject_id, length in cursor.fetchall():
                yield Finding("rewritten", kind, subject_id, length)
        finally:
            cursor.execute("DROP TABLE vouched")


_VOUCHED = """
SELECT v.kind, v.id, v.length FROM vouched v LEFT JOIN record_entry e
    ON e.subject_kind = v.kind AND e.subject_id = v.id AND e.position = v.length
WHERE e.hash IS DISTINCT FROM v.head"""


def _rows(statement: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
