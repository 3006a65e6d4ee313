"""Private parts of the engine's writes; each needs an open transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import DataError
from django.db.models import F

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.kernel.rows import as_model
from xianfeng.foundation.kernel.statements import ask
from xianfeng.foundation.people.models import Firm, Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.matters import queries, rules, services
from xianfeng.matters.models import Handling, Matter, Offer, Remark
from xianfeng.matters.states import ENDS, LIMITS, MOVES, State

BOOKED = (
    State.OFFERED,
    State.TAKEN,
    State.DONE,
)  # where a matter uses a place of the offer it was ordered from


def refuse(refusal: Refusal | None) -> None:
    """Raise `refusal`, if there is one."""
    if refusal:
        raise Refused(refusal)


def locked(number: str, *, by: Person | None) -> Matter:
    """Return the matter, its row locked, if `by` may see it (None: the house itself). Raises Missing."""
    if Matter.objects.select_for_update().filter(number=number).values_list("id").first() is None:
        raise Missing
    return queries.matter_for(by, number) if by else queries.whole().get(number=number)


def move(
    matter: Matter, name: str, *, actor: Actor, at: datetime,
    sets: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
    where: str = "", values: Mapping[str, Any] | None = None, refusal: Refusal | None = None,
) -> Matter:  # fmt: skip
    """Move `matter` along the table: state, limit, record and outbox in one statement.

    `sets` may say the limit itself (due_at); `where`, with `values`, is a further condition on `s`, and `refusal` why
    not where it does not hold.
    """
    refuse(rules.may_move(name, matter))
    step = MOVES[name]
    given = {
        "state": step.target, "entered_at": at, "extended_count": 0,
        "listed": matter.listed and step.target not in ENDS, **(sets or {}),
    }  # fmt: skip
    if "due_at" not in given:
        given["due_at"] = None if _waits_on_list(step.target, given) else due(matter, step.target, at)
    old = {"state": matter.state, "taken_by": matter.taken_by_id}
    told = {"state": step.target, "taken_by": given.get("taken_by_id", matter.taken_by_id), **(new or {})}
    still = "s.state = %(was)s" + (f" AND {where}" if where else "")
    if not record.change(
        "matter", matter.id, step.code, actor=actor, at=at, old=old, new=told, sets=given,
        where=still, values={"was": matter.state, **(values or {})},
    ):  # fmt: skip
        why = refusal or Refusal("wrong-state", params={"state": matter.state, "move": name})
        raise Refused(why)
    return reread(matter)


def _waits_on_list(state: State, sets: Mapping[str, Any]) -> bool:
    """Tell whether staff watch the matter already where its limit would only list it again."""
    return bool(sets["listed"]) and LIMITS.get(state) == "list"


def reread(matter: Matter) -> Matter:
    """Return the matter as it stands after a write."""
    return queries.whole().get(pk=matter.pk)


def due(matter: Matter, state: State, at: datetime) -> datetime | None:
    """Return when the limit of `state` passes for a matter that enters it at `at`; None for ends."""
    limits = services.version(matter.service_code, matter.service_version).data["limits_minutes"]
    return at + timedelta(minutes=int(limits[state])) if state in limits else None


def hold(pioneer_id: int, limit: int | None) -> None:
    """Count one more matter in a pioneer's hands, if fewer than `limit` (None: whatever is held)."""
    rows = Pioneer.objects.filter(pk=pioneer_id)
    if limit is not None:
        rows = rows.filter(held__lt=limit, suspended_at=None)
    if not rows.update(held=F("held") + 1):
        raise Refused("hands-full", held=limit, limit=limit)


def let_go(pioneer_id: int) -> None:
    """Count one matter less in a pioneer's hands."""
    Pioneer.objects.filter(pk=pioneer_id).update(held=F("held") - 1)


def begin_handling(matter: Matter, pioneer: Pioneer, at: datetime, *, first_reply: str = "") -> Handling:
    """Open the one live handling of a matter."""
    return Handling.objects.create(
        matter=matter, pioneer=pioneer, claimed_at=at, first_reply=first_reply, index_before=pioneer.index
    )


def live_handling(matter: Matter) -> Handling:
    """Return the live handling of a matter that is taken or done."""
    return Handling.objects.select_related("pioneer").get(matter=matter, ended_at=None)


def end_handling(matter: Matter, outcome: str, at: datetime) -> Handling:
    """Close the live handling with its outcome and free the pioneer's hand if it still holds the matter."""
    handling = live_handling(matter)
    Handling.objects.filter(pk=handling.pk).update(ended_at=at, outcome=outcome)
    if matter.state == State.TAKEN:
        let_go(handling.pioneer_id)
    return handling


def free_offer(matter: Matter) -> None:
    """Give back the place in the menu that a matter uses, if it uses one."""
    if matter.offer_id and matter.state in BOOKED:
        Offer.objects.filter(pk=matter.offer_id).update(booked=F("booked") - 1)


def keep_offer_again(matter: Matter) -> None:
    """Take the place in the menu of a reopened matter again, also beyond the offer's capacity."""
    if matter.offer_id:
        Offer.objects.filter(pk=matter.offer_id).update(booked=F("booked") + 1)


def back_to_open(matter: Matter, name: str, outcome: str, *, actor: Actor, at: datetime) -> Matter:
    """Take a matter out of a pioneer's hands and open it to all; `outcome` 'returned' is not counted."""
    end_handling(matter, outcome, at)
    free_offer(matter)
    sets = {
        "taken_by_id": None,
        "taken_at": None,
        "released_count": matter.released_count + (outcome != "returned"),
        "offer_id": None,
    }
    new = {"pioneer": matter.taken_by_id, "outcome": outcome}
    return move(matter, name, actor=actor, at=at, sets=sets, new=new)


def release_suspended(matter: Matter) -> Matter:
    """Take a matter out of the hands of a pioneer who was suspended."""
    return back_to_open(matter, "suspended", "suspended", actor=SYSTEM, at=clock.now())


def not_with_suspended(matter: Matter) -> Matter:
    """Open to all what came back into the hands of a pioneer who is suspended."""
    suspended = matter.taken_by is not None and matter.taken_by.suspended_at is not None
    return release_suspended(matter) if suspended else matter


def remark(matter: Matter, code: str, text: str, *, by: Person, at: datetime) -> None:
    """Keep the words given with a move, beside the record, where they can be erased."""
    if text:
        Remark.objects.create(matter=matter, code=code, author=by, text=text, at=at)


def list_matter(matter: Matter, at: datetime, actor: Actor) -> None:
    """Put a matter on the list (挂账): its limit has passed; it stays where it is and can still be taken."""
    record.change(
        "matter", matter.id, "matter.listed", actor=actor, at=at, new={"state": matter.state},
        sets={"listed": True, "due_at": None}, where="s.state = %(was)s", values={"was": matter.state},
    )  # fmt: skip


COLUMNS = [column.attname for column in Matter._meta.concrete_fields]
_NEW = {column.attname: column.get_default() for column in Matter._meta.concrete_fields}
_MOVED = ", ".join(f"moved.{name}" for name in COLUMNS)


CLAIM = f"""
WITH moved AS (
    UPDATE matters_matter s SET state = 'taken', taken_by_id = p.id, taken_at = %(at)s, entered_at = %(at)s,
        due_at = %(at)s + make_interval(mins => s.taken_minutes), extended_count = 0, {record.CHAIN}
    FROM people_pioneer p
    WHERE s.number = %(number)s AND s.state = 'open' AND NOT s.hidden AND p.id = %(pioneer)s
        AND p.spokesperson_id = %(actor_id)s AND p.suspended_at IS NULL AND p.held < %(limit)s
        AND s.requester_id <> ALL (p.kin || p.spokesperson_id)
        AND NOT EXISTS (SELECT FROM people_firm f
            WHERE f.id = s.firm_id AND f.responsible_id = ANY (p.kin || p.spokesperson_id))
    RETURNING s.*
), counted AS (
    UPDATE people_pioneer p SET held = p.held + 1 FROM moved
    WHERE p.id = moved.taken_by_id AND p.held < %(limit)s AND p.suspended_at IS NULL RETURNING p.*
), handling AS (
    INSERT INTO matters_handling
        (matter_id, pioneer_id, claimed_at, outcome, first_reply, report, helpers, index_before)
    SELECT moved.id, counted.id, %(at)s, '', %(first_reply)s, '', '', counted.index FROM moved, counted
), entry AS ({record.ENTRY.format(source="moved")}), told AS ({record.OUTBOX.format(source="moved")})
SELECT 1 / (SELECT count(*) FROM counted), r.name, f.id, f.name, c.id, c.kind, c.name, c.spokesperson_id, c.index,
    {_MOVED}
FROM moved LEFT JOIN counted c ON true JOIN people_person r ON r.id = moved.requester_id
    LEFT JOIN people_firm f ON f.id = moved.firm_id"""  # noqa: S608 - constants


def claim_in_one_statement(
    number: str, pioneer_id: int, *, actor: Actor, at: datetime, limit: int, first_reply: str
) -> Matter | None:
    """Let the database decide who wins: matter, hands, handling, record and outbox in one statement.

    Order of locks: matter, then pioneer, as everywhere. Returns the matter taken, None if it did not come about.
    Raises Refused 'hands-full' when only the hands were full; then the statement has done nothing.
    """
    new = {"state": State.TAKEN, "taken_by": pioneer_id}
    given = record.parameters(
        "matter", "matter.claimed", actor, at, {"state": State.OPEN, "taken_by": None}, new
    )
    given |= {"number": number, "pioneer": pioneer_id, "limit": limit, "first_reply": first_reply}
    try:
        rows = ask(CLAIM, given)
    except DataError as full:  # the division by nobody counted: PostgreSQL takes the whole statement back
        raise Refused("hands-full", held=limit, limit=limit) from full
    return _taken(rows[0][1:]) if rows else None


def _taken(row: Sequence[Any]) -> Matter:
    matter = as_model(Matter, COLUMNS, row[8:])
    matter.requester = as_model(Person, ("id", "name"), [matter.requester_id, row[0]])
    matter.firm = as_model(Firm, ("id", "name"), row[1:3]) if row[1] else None
    matter.taken_by = as_model(Pioneer, ("id", "kind", "name", "spokesperson_id", "index"), row[3:8])
    return matter


RAISE = f"""
WITH n AS (SELECT nextval('matters_matter_id_seq') AS id), made AS (
    INSERT INTO matters_matter (id, number, {{columns}}, record_length, record_head)
    SELECT n.id, %(day)s || '-' || lpad(n.id::text, greatest(6, length(n.id::text)), '0'), {{values}}, 1,
        {record.FIRST.format(id="n.id")} FROM n
    RETURNING id, number, record_head, record_length
), entry AS ({record.ENTRY.format(source="made")}), told AS ({record.OUTBOX.format(source="made")})
SELECT id, number, record_head, record_length FROM made"""  # noqa: S608 - constants


# Values that say nothing, as SQL: half the columns of a new matter.
_NOTHING: dict[type, str] = {type(None): "NULL", int: "0", bool: "false"}


@cache
def _raise_text(names: tuple[str, ...], empty: tuple[str | None, ...]) -> str:
    """Return RAISE for these columns; `empty` has the text of those that are nothing yet, None for the others."""
    values = [text or f"%({name})s" for name, text in zip(names, empty, strict=True)]
    return RAISE.format(columns=", ".join(names), values=", ".join(values))


def raise_in_one_statement(
    values: Mapping[str, Any], *, code: str, actor: Actor, at: datetime, day: str, new: Mapping[str, Any]
) -> Matter:
    """Insert a matter with its number, first record row and outbox row; `day` is YYMMDD where the city is."""
    statement = _raise_text(
        tuple(values), tuple(None if value else _NOTHING.get(type(value)) for value in values.values())
    )
    given = {**record.parameters("matter", code, actor, at, None, new), **values, "day": day}
    made = dict(zip(("id", "number", "record_head", "record_length"), ask(statement, given)[0], strict=True))
    row = _NEW | dict(values) | made
    return as_model(Matter, COLUMNS, [row[name] for name in COLUMNS])
