"""The private half of every write: move the subject, its chain, its entry and the outbox in one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from xianfeng.foundation.record import digest, subjects
from xianfeng.foundation.record.subjects import Actor

ENTRY = """
    INSERT INTO record_entry (at, subject_kind, subject_id, position, actor_kind, actor_id, code, old, new, hash)
    SELECT %(at)s, %(kind)s, {source}.id, {source}.record_length, %(actor_kind)s, %(actor_id)s, %(code)s,
        %(old)s, %(new)s, {source}.record_head FROM {source}"""
OUTBOX = """
    INSERT INTO record_outbox
        (at, code, subject_kind, subject_id, position, actor_kind, actor_id, old, new, dispatched)
    SELECT %(at)s, %(code)s, %(kind)s, {source}.id, {source}.record_length, %(actor_kind)s, %(actor_id)s,
        %(old)s, %(new)s, false FROM {source}"""
CHAIN = """record_length = s.record_length + 1, record_head = record_digest(s.record_head, %(kind)s, s.id,
        s.record_length + 1, %(at)s, %(actor_kind)s, %(actor_id)s, %(code)s, %(old)s, %(new)s)"""
FIRST = "record_digest('\\x', %(kind)s, {id}, 1, %(at)s, %(actor_kind)s, %(actor_id)s, %(code)s, %(old)s, %(new)s)"


def parameters(  # noqa: PLR0917 - as the columns stand
    kind: str, code: str, actor: Actor, at: datetime,
    old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what ENTRY, OUTBOX, CHAIN and FIRST ask for."""
    return {
        "kind": kind, "code": code, "actor_kind": actor.kind, "actor_id": actor.id, "at": at,
        "old": digest.facts(dict(old or {})), "new": digest.facts(dict(new or {})),
    }  # fmt: skip


def change(
    kind: str, subject_id: int, code: str, *, actor: Actor, at: datetime,
    old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
    sets: Mapping[str, Any] | None = None, where: str = "", values: Mapping[str, Any] | None = None,
) -> bool:  # fmt: skip
    """Set columns of a subject and write its record and outbox rows, in one statement.

    `sets` are columns with their new values; `where` is a further SQL condition on `s` with %(name)s from
    `values`. Returns False, with nothing written, when no row fulfils it. Needs an open transaction.
    """
    columns = "".join(f"{column} = %(set_{column})s, " for column in sets or {})
    statement = f"""WITH moved AS (
    UPDATE {subjects.table(kind)} s SET {columns}{CHAIN}
    WHERE s.id = %(id)s {"AND " + where if where else ""} RETURNING s.id, s.record_length, s.record_head
), entry AS ({ENTRY.format(source="moved")}), told AS ({OUTBOX.format(source="moved")})
SELECT count(*) FROM moved"""  # noqa: S608 - names come from the house, values are parameters
    given = parameters(kind, code, actor, at, old, new) | {"id": subject_id} | dict(values or {})
    given |= {f"set_{column}": value for column, value in (sets or {}).items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return bool(cursor.fetchone()[0])


def append(
    kind: str, subject_id: int, code: str, *, actor: Actor, at: datetime,
    old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write one entry about a subject that itself does not change. Raises LookupError if it is not there."""
    if not change(kind, subject_id, code, actor=actor, at=at, old=old, new=new):
        raise LookupError(f"{kind} {subject_id}")


def append_many(
    kind: str, subject_ids: Sequence[int], code: str, *, actor: Actor, at: datetime,
    new: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Write the same entry about many subjects, in one statement; return how many. Rows are locked in one order."""
    statement = f"""WITH locked AS (
    SELECT id FROM {subjects.table(kind)} WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
), moved AS (
    UPDATE {subjects.table(kind)} s SET {CHAIN} FROM locked
    WHERE s.id = locked.id RETURNING s.id, s.record_length, s.record_head
), entry AS ({ENTRY.format(source="moved")}), told AS ({OUTBOX.format(source="moved")})
SELECT count(*) FROM moved"""  # noqa: S608 - names come from the house, values are parameters
    given = parameters(kind, code, actor, at, None, new) | {"ids": list(subject_ids)}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return int(cursor.fetchone()[0])
