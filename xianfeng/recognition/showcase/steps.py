"""Private parts of the showcase's writes; each needs an open transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection

from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.models import Achievement, Living
from xianfeng.recognition.showcase.states import LIMITS, MOVES, Kind

Row = TypeVar("Row", bound=Living)


def refuse(refusal: Refusal | None) -> None:
    """Raise `refusal`, if there is one."""
    if refusal:
        raise Refused(refusal)


def locked(model: type[Row], pk: int) -> Row:
    """Return a row, locked. Raises Missing."""
    row = model._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def due(kind: Kind, state: str, since: datetime) -> datetime | None:
    """Return when the limit of a state that began at `since` passes; None where it has none."""
    if (kind, state) not in LIMITS:
        return None
    minutes = catalogue.load("showcase")["limits_minutes"][f"{kind}_{state}"]
    return since + timedelta(minutes=minutes)


def born(row: Row, state: str, code: str, *, actor: Actor, at: datetime, **new: Any) -> Row:
    """Insert a new row in its first state, with its first entry. `due_at` set before is kept."""
    row.state, row.entered_at = state, at
    row.due_at = row.due_at or due(row.KIND, state, at)
    row.save(force_insert=True)
    record.append(row.KIND, row.pk, code, actor=actor, at=at, new={"state": state, **new})
    return row


def move(
    row: Row, name: str, *, actor: Actor, at: datetime,
    sets: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
) -> Row:  # fmt: skip
    """Move a row along the table: state, limit, record and outbox in one statement."""
    refuse(rules.may_move(name, row))
    step = MOVES[row.KIND, name]
    given = {
        "state": step.target, "entered_at": at, "listed": False,
        "due_at": due(row.KIND, step.target, at), **(sets or {}),
    }  # fmt: skip
    if not record.change(
        row.KIND, row.pk, step.code, actor=actor, at=at, old={"state": row.state},
        new={"state": step.target, **(new or {})}, sets=given, where="s.state = %(was)s", values={"was": row.state},
    ):  # fmt: skip
        raise Refused("showcase-wrong-state", state=row.state, move=name)
    row.refresh_from_db()
    return row


def list_row(row: Living, *, actor: Actor, at: datetime) -> None:
    """Put what waited too long where the city's staff see it; it stays where it is."""
    record.change(
        row.KIND, row.pk, f"{row.KIND}.listed", actor=actor, at=at, new={"state": row.state},
        sets={"listed": True, "due_at": None}, where="s.state = %(was)s", values={"was": row.state},
    )  # fmt: skip


def hold_chains() -> None:
    """Wait until nobody else ties achievements together; held to the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAINS])


_CHAINS = 0x73686F77


def grows_from(achievement_id: int, other_id: int) -> bool:
    """Tell whether `other` grew, over however many steps, from the achievement (or is it)."""
    statement = """WITH RECURSIVE up(id, grew_from_id) AS (
            SELECT id, grew_from_id FROM showcase_achievement WHERE id = %s
            UNION SELECT a.id, a.grew_from_id FROM showcase_achievement a JOIN up ON a.id = up.grew_from_id
        ) SELECT EXISTS (SELECT FROM up WHERE id = %s)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [other_id, achievement_id])
        return bool(cursor.fetchone()[0])


def staffed(row: Achievement | Any, by: Person) -> None:
    """Hold that `by` is staff of a row's pioneer. Raises Missing."""
    if not rules.is_staff_of(by, row.pioneer):
        raise Missing


def viewer(live_id: int, who: str) -> bytes:
    """Return what a viewer is kept as: a keyed hash of who they are (`who`) and the broadcast."""
    return keyring.keyed_hash("viewer", f"{live_id}:{who}")[:16]
