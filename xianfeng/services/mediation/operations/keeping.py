"""Kept or broken: the side that receives says so; what is broken leads on, to a new agreement or to court."""

from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import rules, steps
from xianfeng.services.mediation.models import Case, Duty
from xianfeng.services.mediation.operations import agreeing


def _held(pk: int, by: Person) -> tuple[Duty, Case]:
    """Return a duty of an agreement in force and its case, both locked, the case first. Raises Missing."""
    found = Duty.objects.filter(pk=pk).values_list("agreement__case_id", "agreement__agreed_at").first()
    if found is None or found[1] is None:
        raise Missing
    case = steps.case_by_id(found[0])
    if not rules.channels(by, case):
        raise Missing
    steps.locked(Duty, pk)
    rows = Duty.objects.select_related("payer__firm", "receiver__firm", "agreement")
    return rows.get(pk=pk), case


def say_paid(pk: int, *, by: Person) -> Duty:
    """Say, as who owes, that it is paid: the other side is asked to confirm. Raises Missing, Refused."""
    at = clock.now()
    with write():
        duty, case = _held(pk, by)
        if not rules.speaks(by, duty.payer):
            raise Missing
        if duty.state not in {"waiting", "asked", "broken"}:
            raise Refused("case-wrong-state", state=duty.state, move="pay")
        if duty.said_paid_at is None:
            sets = {"said_paid_at": at}
            steps.note(duty, "duty.said-paid", actor=actor(by.pk), at=at, sets=sets, new={"case": case.pk})
        idempotency.note("duty", pk)
        return duty


def confirm(pk: int, *, by: Person) -> Duty:
    """Confirm, as who receives, that it came; once all came the agreement is kept and the case has ended.

    Again answers the same. Raises Missing; Refused 'case-wrong-state'.
    """
    at = clock.now()
    with write():
        duty, case = _held(pk, by)
        if not rules.may_confirm(duty, by):
            raise Missing
        if duty.state != "paid":
            new = {"case": case.pk, "amount_fen": duty.amount_fen}
            duty = steps.move(duty, "confirm", actor=actor(by.pk), at=at, sets={"paid_at": at}, new=new)
            _kept(case, actor(by.pk), at)
        idempotency.note("duty", pk)
        return duty


def _kept(case: Case, by: Actor, at: datetime) -> None:
    waits = Duty.objects.filter(agreement__case=case, agreement__replaced_at=None).exclude(state="paid")
    if case.state in {"agreed", "broken"} and not waits.exists():
        steps.move(case, "keep", actor=by, at=at)


def deny(pk: int, *, by: Person) -> Duty:
    """Say, as who receives and after the day, that it did not come: the agreement is broken, the next step is told.

    Again answers the same. Raises Missing; Refused 'duty-not-due', 'case-wrong-state'.
    """
    at = clock.now()
    with write():
        duty, case = _held(pk, by)
        if not rules.may_confirm(duty, by):
            raise Missing
        if duty.state == "waiting":
            raise Refused("duty-not-due")
        if duty.state != "broken":
            duty = steps.move(duty, "deny", actor=actor(by.pk), at=at, new={"case": case.pk})
            if case.state == "agreed":
                steps.move(case, "break", actor=actor(by.pk), at=at, new={"duty": pk})
        idempotency.note("duty", pk)
        return duty


def renew(number: str, *, by: Person) -> Case:
    """Take a broken case up again, as its mediator: a new agreement can be written. Raises Missing, Refused."""
    at = clock.now()
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        steps.refuse(rules.may_move("renew", case))
        agreeing.retire(case, at)
        case = steps.move(case, "renew", actor=actor(by.pk), at=at, sets={"extended": False})
        idempotency.note("case", case.pk)
        return case


def go_to_court(number: str, *, by: Person) -> Case:
    """End a broken case, as a party that did not receive what it was promised; it is told the way to court."""
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        steps.own_party(case, by)
        rows = Duty.objects.filter(agreement__case=case, agreement__replaced_at=None, state="broken")
        if not any(rules.speaks(by, one.receiver) for one in rows.select_related("receiver__firm")):
            raise Missing
        case = steps.move(case, "to_court", actor=actor(by.pk), at=at)
        idempotency.note("case", case.pk)
        return case
