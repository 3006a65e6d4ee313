"""Dates on which the sides meet the mediator: planned, moved, called off, held."""

from datetime import datetime, timedelta

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import numbers, rules, steps
from xianfeng.services.mediation.models import Case, Hearing
from xianfeng.services.mediation.states import LED, Kind


def plan(number: str, starts_at: datetime, place: str, minutes: int, *, by: Person) -> Hearing:
    """Plan a date, as the mediator; everybody in the case is told, and finds it in their calendar.

    Raises Missing; Refused 'hearing-invalid', 'text-missing', 'case-wrong-state'.
    """
    at = clock.now()
    plain = _checked(starts_at, place, minutes, at)
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        if case.state not in LED:
            raise Refused("case-wrong-state", state=case.state, move="plan")
        hearing = Hearing(case=case, starts_at=starts_at, place=plain, minutes=minutes, planned_at=at)
        hearing.due_at = starts_at + numbers.minutes(Kind.HEARING, "planned")
        steps.born(
            hearing,
            "hearing.planned",
            "planned",
            actor=actor(by.pk),
            at=at,
            case=case.pk,
            starts_at=starts_at,
        )
        idempotency.note("hearing", hearing.pk)
        return hearing


def _checked(starts_at: datetime, place: str, minutes: int, at: datetime) -> str:
    limits = numbers.of("hearing")
    if not at < starts_at <= at + timedelta(days=limits["ahead_days"]):
        raise Refused("hearing-invalid", field="starts_at", days=limits["ahead_days"])
    if not 0 < minutes <= limits["minutes_most"]:
        raise Refused("hearing-invalid", field="minutes", days=limits["ahead_days"])
    return texts.clean_line(place, field="place", limit=limits["place_length"])


def _led(pk: int, by: Person) -> tuple[Hearing, Case]:
    """Return a hearing of a case that `by` leads, both rows locked, the case first. Raises Missing."""
    found = Hearing.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if found is None:
        raise Missing
    case = steps.case_by_id(found)
    if not rules.leads(by, case):
        raise Missing
    return steps.locked(Hearing, pk), case


def change(pk: int, starts_at: datetime, place: str, minutes: int, *, by: Person) -> Hearing:
    """Move a planned date; everybody is told again. Raises Missing; Refused as `plan`."""
    at = clock.now()
    plain = _checked(starts_at, place, minutes, at)
    with write():
        hearing, _ = _led(pk, by)
        steps.refuse(rules.may_move("hold", hearing))
        sets = {
            "starts_at": starts_at, "place": plain, "minutes": minutes, "sequence": hearing.sequence + 1,
            "due_at": starts_at + numbers.minutes(Kind.HEARING, "planned"), "reminded_at": None,
        }  # fmt: skip
        new = {"case": hearing.case_id, "starts_at": starts_at}
        steps.note(hearing, "hearing.moved", actor=actor(by.pk), at=at, sets=sets, new=new)
        idempotency.note("hearing", pk)
        return hearing


def hold(pk: int, *, by: Person) -> Hearing:
    """Say, as the mediator, that a date took place; not before its time. Again answers the same."""
    return _moved(pk, "hold", "held", by)


def call_off(pk: int, *, by: Person) -> Hearing:
    """Call a date off, as the mediator; everybody is told. Again answers the same."""
    return _moved(pk, "call_off", "cancelled", by)


def _moved(pk: int, name: str, target: str, by: Person) -> Hearing:
    at = clock.now()
    with write():
        hearing, _ = _led(pk, by)
        if name == "hold" and at < hearing.starts_at:
            raise Refused("hearing-not-yet")
        if hearing.state != target:
            sets = {"sequence": hearing.sequence + 1}
            hearing = steps.move(
                hearing, name, actor=actor(by.pk), at=at, sets=sets, new={"case": hearing.case_id}
            )
        idempotency.note("hearing", pk)
        return hearing


def remind(pk: int) -> bool:
    """Remind of a date that comes soon, once; False if it was done or the date is off."""
    at = clock.now()
    with write():
        hearing = steps.locked(Hearing, pk)
        if hearing.state != "planned" or hearing.reminded_at is not None or hearing.starts_at <= at:
            return False
        steps.note(
            hearing,
            "hearing.reminded",
            actor=SYSTEM,
            at=at,
            sets={"reminded_at": at},
            new={"case": hearing.case_id},
        )
        return True
