"""Who may do what in a case, and why not: asked by pages to grey a button, by operations to explain a no."""

from datetime import datetime

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refusal
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Agreement, Case, Duty, Lecture, Living, Party
from xianfeng.services.mediation.states import ALL, LED, LIVE, MOVES, SIDES, UNFOUND


def speaks(by: Person | None, party: Party) -> bool:
    """Tell whether `by` acts for a party: the person, or who is responsible for the firm now."""
    if by is None:
        return False
    return by.pk == (party.firm.responsible_id if party.firm else party.person_id)


def parties_of(by: Person | None, case: Case) -> list[Party]:
    """Return the parties of a case that `by` acts for and that have not left."""
    return [party for party in case.parties.all() if party.left_at is None and speaks(by, party)]


def side_of(by: Person | None, case: Case) -> str:
    """Return the side on which `by` stands, '' for neither."""
    return next((party.side for party in parties_of(by, case)), "")


def leads(by: Person | None, case: Case) -> bool:
    """Tell whether `by` is the mediator of a case."""
    return by is not None and case.mediator_id == by.pk


def is_staff_of(by: Person | None, case: Case) -> bool:
    """Tell whether `by` is staff with a scope over the case's area."""
    return any(scope.area_id in case.matter.area.path for scope in people.scopes(by))


def channels(by: Person | None, case: Case) -> tuple[str, ...]:
    """Return the talks of a case that `by` reads: the mediator all, a party the common one and that of its own side."""
    if leads(by, case):
        return (ALL, *SIDES)
    side = side_of(by, case)
    return (ALL, side) if side else ()


def may_move(name: str, row: Living) -> Refusal | None:
    """Say why the move `name` does not lead on from where `row` stands."""
    if row.state in MOVES[row.KIND, name].source:
        return None
    return Refusal("case-wrong-state", params={"state": row.state, "move": name})


def may_speak(case: Case) -> Refusal | None:
    """Say why nothing can be said in a case: while it waits for a mediator, and once it has ended."""
    return (
        None
        if case.state in LED
        else Refusal("case-wrong-state", params={"state": case.state, "move": "speak"})
    )


def may_sign(party: Party, agreement: Agreement | None) -> Refusal | None:
    """Say why a party cannot sign: nothing is written, or it has signed this wording."""
    if agreement is None:
        return Refusal("agreement-missing")
    signed = any(one.party_id == party.pk for one in agreement.signatures.all())
    return Refusal("signed-already") if signed else None


def may_confirm(duty: Duty, by: Person) -> bool:
    """Tell whether `by` may say that what was promised came: the side that receives alone."""
    return speaks(by, duty.receiver)


def may_ask_confirmation(
    party: Party, agreement: Agreement | None, *, at: datetime | None = None
) -> Refusal | None:
    """Say why a party cannot ask the court to confirm: nothing is agreed, the days are over, or it has asked."""
    confirmation = getattr(agreement, "confirmation", None) if agreement else None
    if confirmation is None:
        return Refusal("agreement-missing")
    if confirmation.state != "open":
        return Refusal("case-wrong-state", params={"state": confirmation.state, "move": "ask"})
    if (at or clock.now()) >= confirmation.until:
        return Refusal("confirmation-too-late", params={"days": numbers.of("confirmation")["days"]})
    return Refusal("confirmation-asked") if party.confirmation_asked_at else None


def may_draft_lesson(case: Case) -> Refusal | None:
    """Say why a case is no lesson yet: it has to have ended."""
    return Refusal("case-still-runs") if case.state in LIVE - {"agreed"} else None


def shows_way_to_court(case: Case) -> bool:
    """Tell whether its parties are told the way to court."""
    return case.state in UNFOUND | {"broken"}


def may_attend(lecture: Lecture, *, at: datetime | None = None) -> Refusal | None:
    """Say why nobody can say now that they are at a lecture: it is not held around this time."""
    given, now = numbers.of("lesson"), at or clock.now()
    minutes = (now - lecture.starts_at).total_seconds() / 60
    if lecture.state in {"announced", "held"} and (
        -given["attend_before_minutes"] <= minutes <= given["attend_after_minutes"]
    ):
        return None
    return Refusal("lecture-not-now")
