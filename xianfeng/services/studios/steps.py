"""Private parts of this room's writes; each needs an open transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor
from xianfeng.services.studios import numbers, rules
from xianfeng.services.studios.models import Living, Question, Studio
from xianfeng.services.studios.states import FIRST, LIMITS, MOVES, Kind

Row = TypeVar("Row", bound=Living)


def refuse(refusal: Refusal | None) -> None:
    """Raise `refusal`, if there is one."""
    if refusal:
        raise Refused(refusal)


def locked(model: type[Row], pk: int) -> Row:
    """Return a row with its studio, the row locked. Raises Missing."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("studio__post__area")
    row = rows.defer("studio__post__area__boundary").filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def studio(pk: int) -> Studio:
    """Return a studio with its post, locked. Raises Missing."""
    rows = Studio.objects.select_for_update(of=("self",)).select_related("post__area", "post__person")
    row = rows.defer("post__area__boundary").filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def kept(pk: int, by: Person) -> Studio:
    """Return an open studio that `by` keeps, locked. Raises Missing."""
    row = studio(pk)
    if row.closed_at is not None or not rules.keeps(by, row):
        raise Missing
    return row


def kept_question(pk: int, by: Person) -> Question:
    """Return a question to the studio that `by` keeps, locked. Raises Missing."""
    row = locked(Question, pk)
    if not rules.keeps(by, row.studio):
        raise Missing
    return row


def due(kind: Kind, state: str, since: datetime) -> datetime | None:
    """Return when the limit of a state that began at `since` passes; None where it has none."""
    if (kind, state) not in LIMITS:
        return None
    return since + timedelta(minutes=numbers.table("limits_minutes")[f"{kind}_{state}"])


def born(row: Row, code: str, *, actor: Actor, at: datetime, **new: Any) -> Row:
    """Insert a new row in its first state, with its first entry."""
    row.state, row.entered_at, row.due_at = FIRST[row.KIND], at, due(row.KIND, FIRST[row.KIND], at)
    row.save(force_insert=True)
    record.append(row.KIND, row.pk, code, actor=actor, at=at, new={"state": row.state, **new})
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
        raise Refused("studio-wrong-state", state=row.state, move=name)
    row.refresh_from_db(fields=[column.removesuffix("_id") for column in given])
    return row


def list_row(row: Living, *, actor: Actor, at: datetime) -> None:
    """Put what waited too long where those who lead see that it waits; it stays where it is."""
    record.change(
        row.KIND, row.pk, f"{row.KIND}.listed", actor=actor, at=at, new={"state": row.state},
        sets={"listed": True, "due_at": None}, where="s.state = %(was)s", values={"was": row.state},
    )  # fmt: skip
