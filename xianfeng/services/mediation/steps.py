"""Private parts of mediation's writes; each needs an open transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.matters.operations.settling import ended_within
from xianfeng.services.mediation import conflicts, numbers, queries, rules
from xianfeng.services.mediation.models import Agreement, Case, Living, Party, Recusal
from xianfeng.services.mediation.states import ENDS, LIMITS, MOVES, Kind

Row = TypeVar("Row", bound=Living)


def refuse(refusal: Refusal | None) -> None:
    """Raise `refusal`, if there is one."""
    if refusal:
        raise Refused(refusal)


def locked(model: type[Row], pk: int) -> Row:
    """Return a row, locked. Raises Missing."""
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def locked_case(number: str, *, by: Person) -> Case:
    """Return a case that `by` may see, its row locked: whatever happens in a case waits for it. Raises Missing."""
    if (
        Case.objects.select_for_update(of=("self",)).filter(matter__number=number).values_list("id").first()
        is None
    ):
        raise Missing
    return queries.case_for(by, number)


def case_by_id(pk: int) -> Case:
    """Return a case with all its parties, its row locked."""
    locked(Case, pk)
    return queries.whole().get(pk=pk)


def own_party(case: Case, by: Person) -> Party:
    """Return the party for which `by` acts. Raises Missing."""
    found = rules.parties_of(by, case)
    if not found:
        raise Missing
    return found[0]


def led(case: Case, by: Person) -> Case:
    """Hold that `by` is the mediator. Raises Missing."""
    if not rules.leads(by, case):
        raise Missing
    return case


def due(kind: Kind, state: str, since: datetime) -> datetime | None:
    """Return when the limit of a state that began at `since` passes; None where it has none."""
    return since + numbers.minutes(kind, state) if (kind, state) in LIMITS else None


def born(row: Row, code: str, state: str, *, actor: Actor, at: datetime, **new: Any) -> Row:
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
        "state": step.target, "entered_at": at, "listed": False, "due_at": due(row.KIND, step.target, at),
        **(sets or {}),
    }  # fmt: skip
    if isinstance(row, Case) and step.target in ENDS[Kind.CASE]:
        given["ended_at"] = at
    if not record.change(
        row.KIND, row.pk, step.code, actor=actor, at=at, old={"state": row.state},
        new={"state": step.target, **(new or {})}, sets=given, where="s.state = %(was)s", values={"was": row.state},
    ):  # fmt: skip
        raise Refused("case-wrong-state", state=row.state, move=name)
    _read_anew(row)
    if isinstance(row, Case) and row.state in ENDS[Kind.CASE]:
        end(row, actor=actor, at=at)
    return row


def _read_anew(row: Living) -> None:
    if not isinstance(row, Case):
        row.refresh_from_db()
        return
    plain = [one.name for one in Case._meta.concrete_fields if not one.is_relation]
    row.refresh_from_db(fields=[*plain, "mediator"])  # the matter and the parties, read with it, stay


def note(
    row: Living, code: str, *, actor: Actor, at: datetime,
    sets: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write what happened to a row without a change of its state."""
    record.change(row.KIND, row.pk, code, actor=actor, at=at, new=new, sets=sets)
    if sets:
        _read_anew(row)


def list_row(row: Living, *, actor: Actor, at: datetime, new: Mapping[str, Any] | None = None) -> None:
    """Put what waited too long where staff see it; it stays where it is."""
    record.change(
        row.KIND, row.pk, f"{row.KIND}.listed", actor=actor, at=at, new={"state": row.state, **(new or {})},
        sets={"listed": True, "due_at": None}, where="s.state = %(was)s", values={"was": row.state},
    )  # fmt: skip


def end(case: Case, *, actor: Actor, at: datetime) -> None:
    """Do what follows when a case has ended: dates are called off, and its matter ends with it."""
    for hearing in case.hearings.select_for_update().filter(state="planned").order_by("id"):
        move(hearing, "call_off", actor=SYSTEM, at=at, new={"case": case.pk})
    name = {"withdrawn": "withdraw", "declined": "decline"}.get(case.state, "settle")
    case.matter = ended_within(case.matter_id, name, by=actor, at=at, new={"outcome": case.state})


def appoint_next(case: Case, *, at: datetime) -> Case:
    """Let the nearest mediator lead a case whom nothing keeps out; each who is passed by is kept with the reason.

    A case for which nobody is left goes on waiting for staff.
    """
    for person, role in queries.mediators_for(case):
        if conflict := conflicts.find(person, case):
            set_aside(case, person, conflict.reason, party=conflict.party, actor=SYSTEM, at=at)
        else:
            return appoint(case, person, role, actor=SYSTEM, at=at)
    return case


def appoint(case: Case, person: Person, role: str, *, actor: Actor, at: datetime) -> Case:
    """Give a case its mediator: the first one, or another in the place of who led it."""
    sets, new = {"mediator_id": person.pk, "role": role}, {"mediator": person.pk, "role": role}
    if case.state == "opened":
        return move(case, "appoint", actor=actor, at=at, sets=sets, new=new)
    note(case, "case.mediator-replaced", actor=actor, at=at, sets=sets, new=new)
    return case


def set_aside(
    case: Case, person: Person, reason: str, *, actor: Actor, at: datetime,
    party: Party | None = None, words: bytes | None = None,
) -> None:  # fmt: skip
    """Keep that somebody does not lead a case, and why; once a person."""
    _, fresh = Recusal.objects.get_or_create(
        case=case, person=person, defaults={"reason": reason, "party": party, "words_sealed": words, "at": at}
    )
    if fresh:
        note(
            case, "case.mediator-set-aside", actor=actor, at=at, new={"mediator": person.pk, "reason": reason}
        )


def replace_mediator(case: Case, *, at: datetime) -> Case:
    """Look for another mediator in the place of who was set aside; without one the case waits for staff again."""
    before = case.mediator_id
    case = appoint_next(case, at=at)
    if case.mediator_id == before:
        case = move(case, "vacate", actor=SYSTEM, at=at, sets={"mediator_id": None, "role": ""})
    return case


def recheck(case: Case, *, at: datetime) -> Case:
    """Hold the mediator against the parties as they stand now, and replace who has come too near."""
    if case.mediator is None or (conflict := conflicts.find(case.mediator, case)) is None:
        return case
    set_aside(case, case.mediator, conflict.reason, party=conflict.party, actor=SYSTEM, at=at)
    return replace_mediator(case, at=at)


def counting(case: Case) -> Agreement | None:
    """Return the wording that counts, with signatures and duties, or None."""
    rows = Agreement.objects.filter(case=case, replaced_at=None)
    return rows.select_related("confirmation").prefetch_related("signatures", "duties").first()
