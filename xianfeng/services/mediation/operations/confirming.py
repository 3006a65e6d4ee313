"""司法确认: both sides ask the court together, within its days; the mediator notes what the court said."""

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import rules, steps
from xianfeng.services.mediation.models import Case, Confirmation, Party

NUMBER = 40


def _of(case: Case) -> Confirmation:
    row = steps.counting(case)
    found = (
        Confirmation.objects.select_for_update(of=("self",)).filter(agreement=row).first() if row else None
    )
    if found is None:
        raise Refused("agreement-missing")
    return found


def ask(number: str, *, by: Person) -> Confirmation:
    """Ask the court to confirm the agreement, as a party; it goes there once every party has asked.

    Again answers the same. Raises Missing; Refused 'agreement-missing', 'confirmation-too-late', 'case-wrong-state'.
    """
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        party, row = steps.own_party(case, by), _of(case)
        idempotency.note("confirmation", row.pk)
        if party.confirmation_asked_at:
            return row
        steps.refuse(rules.may_ask_confirmation(party, row.agreement, at=at))
        Party.objects.filter(pk=party.pk).update(confirmation_asked_at=at)
        new = {"case": case.pk, "party": party.pk}
        steps.note(row, "confirmation.party-asked", actor=actor(by.pk), at=at, new=new)
        missing = Party.objects.filter(case=case, left_at=None, confirmation_asked_at=None)
        if not missing.exists():
            row = steps.move(row, "ask", actor=actor(by.pk), at=at, new={"case": case.pk})
        return row


def decide(number: str, *, confirmed: bool, court_number: str = "", by: Person) -> Confirmation:
    """Note, as the mediator, what the court decided, with the number of its ruling. Raises Missing, Refused."""
    plain = texts.clean_line(court_number, field="court_number", limit=NUMBER, required=confirmed)
    at = clock.now()
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        row = steps.move(
            _of(case), "confirm" if confirmed else "refuse", actor=actor(by.pk), at=at, new={"case": case.pk},
            sets={"court_number": plain, "decided_at": at},
        )  # fmt: skip
        idempotency.note("confirmation", row.pk)
        return row


def remind(pk: int) -> bool:
    """Remind of the days that are left to ask, once; False if it was done or nothing is left to ask."""
    at = clock.now()
    with write():
        row = steps.locked(Confirmation, pk)
        if row.state != "open" or row.reminded_at is not None or row.until <= at:
            return False
        case = row.agreement.case_id
        steps.note(
            row, "confirmation.reminded", actor=SYSTEM, at=at, sets={"reminded_at": at}, new={"case": case}
        )
        return True
