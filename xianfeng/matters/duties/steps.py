"""Private parts of the writes about duties; each needs an open transaction and the matter's row locked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.posts import Holding
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.matters import clocks, services, steps
from xianfeng.matters.clocks import Span
from xianfeng.matters.duties.courses import Course, Step
from xianfeng.matters.duties.models import Duty
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def course_of(matter: Matter) -> Course:
    """Return the course of a matter's service version. Raises Refused 'no-course' where it has none."""
    found = services.version(matter.service_code, matter.service_version).course
    if found is None:
        raise Refused("no-course")
    return found


def live(matter: Matter) -> Duty:
    """Return the duty that runs. Raises Refused 'wrong-state' where the matter is in nobody's."""
    found = Duty.objects.select_for_update(of=("self",)).filter(matter=matter, ended_at=None).first()
    if found is None:
        raise Refused("wrong-state", state=matter.state, move="hand_over")
    return found


def holding(matter: Matter, step: Step, sector: str) -> Holding:
    """Return who acts for a rung where the matter lies; a vacant post has gone up."""
    return posts.holders(step.role, tree.find(matter.area_id), sector=sector)


def enter(
    matter: Matter, name: str, step: Step, *, actor: Actor, at: datetime, urgent: bool, sector: str = "",
    new: Mapping[str, Any] | None = None, sets: Mapping[str, Any] | None = None,
) -> Matter:  # fmt: skip
    """Move a matter onto a rung by the move `name`: who acts there has it in duty, and its clock runs.

    Where nobody is found up to the top, it is listed instead: staff watch it.
    """
    course = course_of(matter)
    sector = sector or course.sector(matter.category)
    found = holding(matter, step, sector)
    if found.vacant:
        return nobody(matter, step, at, actor)
    span = course.limit(step, matter.category, urgent=urgent)
    duty = _began(matter, step, found, span, at, urgent)
    told = {
        "duty": duty.pk, "step": step.code, "role": duty.role, "area": duty.area_id, "sector": duty.sector,
        "person": duty.person_id, "went_up": duty.went_up, **(dict(new or {})),
    }  # fmt: skip
    if duty.went_up:
        told["meant"] = {"role": found.asked.role, "area": found.asked.area_id}
    given = {"due_at": duty.due_at, "listed": False, **(sets or {})}
    return steps.move(matter, name, actor=actor, at=at, sets=given, new=told)


def _began(matter: Matter, step: Step, found: Holding, span: Span, at: datetime, urgent: bool) -> Duty:  # noqa: PLR0917
    seat, acting = found.seat, found.posts[0]
    return Duty.objects.create(
        matter=matter, step=step.code, role=seat.role, area_id=seat.area_id, sector=seat.sector,
        person_id=acting.person_id, went_up=found.went_up, urgent=urgent, working=span.working, seconds=span.seconds,
        handed_at=at, due_at=span.after(at),
    )  # fmt: skip


def nobody(matter: Matter, step: Step, at: datetime, actor: Actor) -> Matter:
    """List a matter for whose rung nobody holds a post, up to the top."""
    new = {"state": matter.state, "vacant": step.role}
    record.change(
        "matter",
        matter.pk,
        "matter.listed",
        actor=actor,
        at=at,
        new=new,
        sets={"listed": True, "due_at": None},
    )
    return steps.reread(matter)


def begin(matter: Matter, *, actor: Actor, at: datetime, urgent: bool) -> Matter:
    """Hand a matter that was put on file to the first rung, where its service does so by itself."""
    service = services.version(matter.service_code, matter.service_version)
    course = course_of(matter)
    if service.handover != "duty":
        return matter
    return enter(matter, "hand_over", course.first(matter.category), actor=actor, at=at, urgent=urgent)


def end(duty: Duty, outcome: str, at: datetime) -> None:
    """End a duty with its outcome."""
    Duty.objects.filter(pk=duty.pk, ended_at=None).update(ended_at=at, outcome=outcome)


def end_any(matter: Matter, outcome: str, at: datetime) -> None:
    """End the duty that runs, if one does: the matter was withdrawn, declined or merged."""
    if matter.state in {State.HANDED, State.CHECKING}:
        Duty.objects.filter(matter=matter, ended_at=None).update(ended_at=at, outcome=outcome)


def stop(duty: Duty, due_at: datetime | None, at: datetime) -> int:
    """Let the clock of a duty stand still; return the seconds left. One that stands already keeps what it has."""
    if due_at is None:
        return int(duty.left_seconds or 0)
    left = clocks.between(at, due_at, working=duty.working)
    Duty.objects.filter(pk=duty.pk).update(left_seconds=left)
    return left


def resumed(duty: Duty, at: datetime) -> datetime:
    """Return when a duty's clock ends that goes on now with what was left of it."""
    due_at = Span(int(duty.left_seconds or 0), duty.working).after(at)
    Duty.objects.filter(pk=duty.pk).update(due_at=due_at, left_seconds=None, paused_at=None)
    return due_at


def go_up(matter: Matter, duty: Duty, outcome: str, *, actor: Actor, at: datetime) -> Matter:
    """Take a matter one rung up; from the top it is listed, and stays in the duty it is in."""
    above = course_of(matter).above(duty.step)
    if above is None:
        steps.list_matter(matter, at, actor)
        return steps.reread(matter)
    end(duty, outcome, at)
    new = {"from": duty.step, "outcome": outcome}
    return enter(matter, "escalate", above, actor=actor, at=at, urgent=duty.urgent, new=new)


def lapse(matter: Matter, at: datetime) -> None:
    """Do what the passing of a duty's limit does: the matter goes one rung up."""
    go_up(matter, live(matter), "lapsed", actor=SYSTEM, at=at)


def count_failed(duty: Duty) -> None:
    """Count one more check that the work did not pass."""
    Duty.objects.filter(pk=duty.pk).update(tries=F("tries") + 1, reported_at=None, reported_by=None)
