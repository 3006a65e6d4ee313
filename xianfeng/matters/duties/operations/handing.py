"""Filed, handed over, up the ladder, sent back: whose duty a matter is."""

from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules as life
from xianfeng.matters import steps as writing
from xianfeng.matters.duties import rules, steps
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def put_on_file(number: str, *, by: Person, urgent: bool = False) -> Matter:
    """File a raised matter of a service with a course; with hand-over by duty the first rung has it at once.

    Raises Missing for who does not file there, Refused 'wrong-state', 'no-course', 'calendar-year-unknown'.
    """
    at = clock.now()
    with write():
        matter = for_handing_over(number, by)
        course = steps.course_of(matter)
        due = course.span("filed_limit").after(at)
        matter = writing.move(matter, "put_on_file", actor=actor(by.pk), at=at, sets={"due_at": due})
        return _noted(steps.begin(matter, actor=actor(by.pk), at=at, urgent=urgent))


def hand_over(
    number: str, step: str, *, by: Person, sector: str = "", reason: str = "", urgent: bool | None = None
) -> Matter:
    """Hand a matter to a rung of its ladder, from the file or from where it is; the clock of that rung begins.

    Raises Missing for who does not hand over there; Refused 'step-unknown', 'wrong-state', 'calendar-year-unknown'.
    """
    at = clock.now()
    words = texts.clean_line(reason, field="reason", limit=200, required=False)
    with write():
        matter = for_handing_over(number, by)
        matter = handed_within(matter, step, by=by, at=at, sector=sector, reason=words, urgent=urgent)
        return _noted(matter)


def handed_within(
    matter: Matter, step: str, *, by: Person, at: datetime, sector: str = "", reason: str = "",
    urgent: bool | None = None,
) -> Matter:  # fmt: skip
    """Hand over within the write of a room above (a meeting's decision): the caller has asked who may."""
    writing.refuse(life.may_move("hand_over", matter))
    rung = steps.course_of(matter).step(step)
    hurry = bool(urgent)
    if matter.state == State.HANDED:
        duty = steps.live(matter)
        hurry = duty.urgent if urgent is None else urgent
        steps.end(duty, "handed-on", at)
    writing.remark(matter, "matter.handed", reason, by=by, at=at)
    return steps.enter(matter, "hand_over", rung, actor=actor(by.pk), at=at, urgent=hurry, sector=sector)


def escalate(number: str, *, by: Person, tried: str) -> Matter:
    """Take a matter one rung up by hand, saying what was tried; from the top it is listed.

    Raises Missing for who neither has it in duty nor hands over there; Refused 'text-missing', 'wrong-state'.
    """
    words, at = texts.clean_text(tried, field="tried", limit=500), clock.now()
    with write():
        matter = writing.locked(number, by=by)
        writing.refuse(life.may_move("escalate", matter))
        duty = steps.live(matter)
        if not (rules.acts_for(by, duty) or rules.hands_over(by, matter)):
            raise Missing
        writing.remark(matter, "matter.escalated", words, by=by, at=at)
        return _noted(steps.go_up(matter, duty, "escalated", actor=actor(by.pk), at=at))


def send_back(number: str, *, by: Person, reason: str) -> Matter:
    """Send a matter back that is not one's business, with a reason: it waits to be handed over anew.

    Raises Missing, Refused 'not-your-duty', 'text-missing', 'wrong-state'.
    """
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter = writing.locked(number, by=by)
        writing.refuse(life.may_move("send_back", matter))
        duty = steps.live(matter)
        writing.refuse(rules.may_handle(by, matter, duty))
        steps.end(duty, "sent-back", at)
        writing.remark(matter, "matter.sent-back", words, by=by, at=at)
        due = steps.course_of(matter).span("filed_limit").after(at)
        new = {"duty": duty.pk, "role": duty.role, "area": duty.area_id}
        sets = {"due_at": due}
        return _noted(writing.move(matter, "send_back", actor=actor(by.pk), at=at, sets=sets, new=new))


def for_handing_over(number: str, by: Person) -> Matter:
    """Return a matter, locked, for who files and hands over where it lies. Raises Missing."""
    matter = writing.locked(number, by=by)
    if not rules.hands_over(by, matter):
        raise Missing
    return matter


def _noted(matter: Matter) -> Matter:
    idempotency.note("matter", matter.pk)
    return matter
