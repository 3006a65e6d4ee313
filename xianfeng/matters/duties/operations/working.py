"""In the hands of a post: its clock stopped and resumed, more time, listed, reported done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules as life
from xianfeng.matters import steps as writing
from xianfeng.matters.duties import rules, steps
from xianfeng.matters.duties.models import Duty
from xianfeng.matters.models import Matter, Photo


def report_handled(number: str, text: str, *, by: Person, photos: Sequence[str] = ()) -> Matter:
    """Report back what was done: the clock stands still until another has looked.

    Raises Missing; Refused 'not-your-duty', 'text-missing', 'wrong-state', 'photo-unknown'.
    """
    words, at = texts.clean_text(text, field="report", limit=2000), clock.now()
    with write():
        matter, duty = _in_duty(number, by)
        steps.stop(duty, matter.due_at, at)
        Duty.objects.filter(pk=duty.pk).update(
            reported_at=at, reported_by=by, report=words, paused_at=None, time_asked_at=None
        )
        _attach(photos, matter, by)
        due = steps.course_of(matter).span("check_limit").after(at)
        new = {"duty": duty.pk, "late": matter.due_at is None or matter.due_at < at}
        sets = {"due_at": due, "photo_count": matter.photo_count + len(set(photos))}
        return _noted(writing.move(matter, "report_handled", actor=actor(by.pk), at=at, sets=sets, new=new))


def _attach(keys: Sequence[str], matter: Matter, by: Person) -> None:
    wanted = set(keys)
    rows = Photo.objects.filter(key__in=wanted, owner=by, matter=None)
    if rows.update(matter=matter, purpose="report") != len(wanted):
        raise Refused("photo-unknown", field="photos")


def pause(number: str, *, by: Person, reason: str) -> Matter:
    """Stop the clock of a duty, with a reason, as often as the course allows; as who has it or hands over there.

    Raises Missing; Refused 'text-missing', 'paused-already', 'paused-before', 'wrong-state'.
    """
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter, duty = _held_or_led(number, by)
        writing.refuse(rules.may_pause(duty, steps.course_of(matter).number("pauses")))
        left = steps.stop(duty, matter.due_at, at)
        Duty.objects.filter(pk=duty.pk).update(paused_at=at, pauses=duty.pauses + 1)
        writing.remark(matter, "matter.paused", words, by=by, at=at)
        return _changed(matter, "matter.paused", by, at, {"due_at": None}, {"left_seconds": left})


def resume(number: str, *, by: Person) -> Matter:
    """Let a stopped clock go on with what was left of it. Raises Missing; Refused 'not-paused', 'wrong-state'."""
    at = clock.now()
    with write():
        matter, duty = _held_or_led(number, by)
        if duty.paused_at is None:
            raise Refused("not-paused")
        due = steps.resumed(duty, at)
        return _changed(matter, "matter.resumed", by, at, {"due_at": due, "listed": False}, {"due_at": due})


def ask_time(number: str, *, by: Person, reason: str) -> Matter:
    """Ask for more time, once, with a reason; who hands over there grants it. Raises as report_handled does."""
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter, duty = _in_duty(number, by)
        writing.refuse(rules.may_ask_time(duty))
        Duty.objects.filter(pk=duty.pk).update(time_asked_at=at)
        writing.remark(matter, "matter.time-asked", words, by=by, at=at)
        return _changed(matter, "matter.time-asked", by, at, {}, {"duty": duty.pk})


def extend(number: str, *, by: Person, reason: str) -> Matter:
    """Give a duty more time, once, on request and as who hands over there; who has it in duty never grants it.

    Raises Missing; Refused 'time-not-asked', 'extended-before', 'not-your-own-time', 'wrong-state'.
    """
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter, duty = _held_or_led(number, by)
        if rules.acts_for(by, duty) or not rules.hands_over(by, matter):
            raise Refused("not-your-own-time")
        if duty.extended_at:
            raise Refused("extended-before")
        if duty.time_asked_at is None or matter.due_at is None:
            raise Refused("time-not-asked")
        more = steps.course_of(matter).span("extend")
        due = more.after(max(matter.due_at, at))
        Duty.objects.filter(pk=duty.pk).update(
            extended_at=at, due_at=due, seconds=duty.seconds + more.seconds
        )
        writing.remark(matter, "matter.extended", words, by=by, at=at)
        return _changed(matter, "matter.extended", by, at, {"due_at": due}, {"due_at": due})


def list_by_hand(number: str, *, by: Person, reason: str) -> Matter:
    """List a matter (挂账) that cannot be settled now, with a reason, as who hands over there; its clock stops.

    It stays in the duty it is in and is watched; `resume` lets the clock go on. Raises Missing; Refused.
    """
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter, duty = _held_or_led(number, by)
        if not rules.hands_over(by, matter):
            raise Missing
        steps.stop(duty, matter.due_at, at)
        Duty.objects.filter(pk=duty.pk).update(paused_at=duty.paused_at or at)
        writing.remark(matter, "matter.listed", words, by=by, at=at)
        sets = {"due_at": None, "listed": True}
        return _changed(matter, "matter.listed", by, at, sets, {"state": matter.state})


def _in_duty(number: str, by: Person) -> tuple[Matter, Duty]:
    """Return a matter, locked, and the duty in which `by` has it. Raises Missing, Refused."""
    matter = writing.locked(number, by=by)
    duty = Duty.objects.select_for_update(of=("self",)).filter(matter=matter, ended_at=None).first()
    writing.refuse(rules.may_handle(by, matter, duty))
    assert duty is not None  # noqa: S101 - may_handle has refused it
    return matter, duty


def _held_or_led(number: str, by: Person) -> tuple[Matter, Duty]:
    """Return a handed matter, locked, with its duty, for who has it or hands over there. Raises Missing, Refused."""
    matter = writing.locked(number, by=by)
    writing.refuse(life.may_move("report_handled", matter))
    duty = steps.live(matter)
    if not (rules.acts_for(by, duty) or rules.hands_over(by, matter)):
        raise Missing
    return matter, duty


def _changed(  # noqa: PLR0917
    matter: Matter, code: str, by: Person, at: datetime, sets: dict[str, Any], new: dict[str, Any]
) -> Matter:
    record.change("matter", matter.pk, code, actor=actor(by.pk), at=at, new=new, sets=sets)
    return _noted(writing.reread(matter))


def _noted(matter: Matter) -> Matter:
    idempotency.note("matter", matter.pk)
    return matter
