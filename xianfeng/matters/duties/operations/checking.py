"""Checked on site by another, closed or back to the same post; what the requester says; taken up again."""

from dataclasses import dataclass
from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import datum
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import rules as life
from xianfeng.matters import steps as writing
from xianfeng.matters.duties import rules, steps
from xianfeng.matters.duties.models import Check, Duty, Evaluation
from xianfeng.matters.models import Matter, Photo
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Look:
    """What a checker saw: whether it is settled, words, where they stood (degrees in `datum`), and a photograph."""

    passed: bool
    text: str = ""
    lat: float | None = None
    lon: float | None = None
    datum: str = "wgs84"
    photo: str = ""


def check(number: str, look: Look, *, by: Person) -> Matter:
    """Say what was seen on site: closed, or back to the same post, whose clock goes on with what was left.

    Who handled it is refused, whatever else they are: by rule and by the statement. The same look again answers the
    same. Raises Missing; Refused 'handler-never-closes', 'not-a-checker', 'check-needs-photo', 'check-needs-place',
    'check-too-far', 'text-missing' (where it failed), 'wrong-state'.
    """
    at = clock.now()
    words = texts.clean_line(look.text, field="text", limit=500, required=not look.passed)
    with write():
        matter = writing.locked(number, by=by)
        if _same(matter, look, by):
            return _noted(matter)
        writing.refuse(rules.may_check(by, matter))
        duty = steps.live(matter)
        place = _place(matter, look)
        _take_photo(matter, look, by)
        Check.objects.create(
            duty=duty, person=by, passed=look.passed, text=words, checked_at=at, photo_key=look.photo, **place
        )
        act = _close if look.passed else _back
        return _noted(act(matter, duty, by, at))


def _same(matter: Matter, look: Look, by: Person) -> bool:
    """Tell whether this look was taken already: a phone that had no answer sends it again."""
    last = Check.objects.filter(duty__matter=matter).order_by("-id").first()
    moved_on = matter.state == (State.CLOSED if look.passed else State.HANDED)
    return bool(last and moved_on and last.person_id == by.pk and last.photo_key == look.photo)


def _place(matter: Matter, look: Look) -> dict[str, float | int | None]:
    """Return where the checker stood. Raises Refused where the course asks for it and it is missing or too far."""
    course = steps.course_of(matter)
    if look.lat is None or look.lon is None:
        if course.link("check"):
            raise Refused("check-needs-place", field="lat")
        return {}
    lat, lon = datum.to_wgs84(look.lat, look.lon, look.datum)
    metres = round(datum.metres_between(lat, lon, matter.lat, matter.lon))
    most = course.number("check_metres")
    if course.link("check") and metres > most:
        raise Refused("check-too-far", field="lat", metres=metres, most=most)
    return {"lat": lat, "lon": lon, "metres": metres}


def _take_photo(matter: Matter, look: Look, by: Person) -> None:
    if not look.photo:
        if steps.course_of(matter).link("check"):
            raise Refused("check-needs-photo", field="photo")
        return
    rows = Photo.objects.filter(key=look.photo, owner=by, matter=None)
    if not rows.update(matter=matter, purpose="check"):
        raise Refused("photo-unknown", field="photo")


def _close(matter: Matter, duty: Duty, by: Person, at: datetime) -> Matter:
    """Close by one statement that refuses who handled it, whatever was asked before."""
    matter = writing.move(
        matter, "pass_check", actor=actor(by.pk), at=at, sets={"closed_at": at, "due_at": None},
        new={"duty": duty.pk}, where=f"NOT {rules.HANDLED}", values={"checker": by.pk, "now": at},
        refusal=Refusal("handler-never-closes"),
    )  # fmt: skip
    steps.end(duty, "done", at)
    return matter


def _back(matter: Matter, duty: Duty, by: Person, at: datetime) -> Matter:
    due = steps.resumed(duty, at)
    steps.count_failed(duty)
    new = {"duty": duty.pk, "role": duty.role, "area": duty.area_id}
    return writing.move(
        matter, "fail_check", actor=actor(by.pk), at=at, sets={"due_at": due}, new=new,
        where=f"NOT {rules.HANDLED}", values={"checker": by.pk, "now": at},
        refusal=Refusal("handler-never-closes"),
    )  # fmt: skip


def evaluate(number: str, satisfied: int, *, by: Person, text: str = "") -> Evaluation:
    """Say how satisfied one is (1 to 5) with a matter that was closed, as who asked, once.

    Raises Missing; Refused 'stars-invalid', 'evaluated-before', 'wrong-state', 'no-course'.
    """
    words, at = texts.clean_line(text, field="text", limit=500, required=False), clock.now()
    if not 1 <= satisfied <= 5:
        raise Refused("stars-invalid", field="satisfied")
    with write():
        matter = writing.locked(number, by=by)
        if not life.is_requester(by, matter):
            raise Missing
        if not steps.course_of(matter).link("evaluate") or matter.state != State.CLOSED:
            raise Refused("wrong-state", state=matter.state, move="evaluate")
        row, created = Evaluation.objects.get_or_create(
            matter=matter,
            defaults={"person": by, "satisfied": satisfied, "text": words, "evaluated_at": at},
        )
        if not created and (row.satisfied, row.text) != (satisfied, words):
            raise Refused("evaluated-before")
        if created:
            new = {"satisfied": satisfied}
            record.append("matter", matter.pk, "matter.evaluated", actor=actor(by.pk), at=at, new=new)
        _noted(matter)
        return row


def take_up_again(number: str, *, by: Person, reason: str) -> Matter:
    """Take a closed matter up again, once within the service's days: the same post has it anew, with its whole limit.

    Raises Missing; Refused 'text-missing', 'reopened-before', 'reopen-too-late', 'wrong-state', 'no-course'.
    """
    words, at = texts.clean_text(reason, field="reason", limit=500), clock.now()
    with write():
        matter = writing.locked(number, by=by)
        if not life.is_requester(by, matter):
            raise Missing
        course = steps.course_of(matter)
        writing.refuse(life.may_reopen(matter, at=at))
        last = Duty.objects.filter(matter=matter).order_by("-id").first()
        if last is None:
            raise Refused("wrong-state", state=matter.state, move="take_up_again")
        step = course.ladder.get(last.step) or course.first(matter.category)
        writing.remark(matter, "matter.taken-up-again", words, by=by, at=at)
        matter = steps.enter(
            matter, "take_up_again", step, actor=actor(by.pk), at=at, urgent=last.urgent, sector=last.sector,
            sets={"reopened_count": matter.reopened_count + 1, "closed_at": None},
        )  # fmt: skip
        return _noted(matter)


def _noted(matter: Matter) -> Matter:
    idempotency.note("matter", matter.pk)
    return matter
