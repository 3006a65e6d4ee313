"""Feedback: a problem is a matter from the beginning and must be settled; ideas and thanks get an answer."""

from dataclasses import dataclass
from datetime import datetime

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import tree
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import Need, raised_within
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Feedback, Live
from xianfeng.recognition.showcase.queries import achievements, lives

SERVICE = "feedback"


@dataclass(frozen=True)
class About:
    """Whom and what feedback is about: a pioneer, and perhaps their achievement or broadcast."""

    pioneer: Pioneer
    achievement: Achievement | None = None
    live: Live | None = None


def about(person: Person | None, kind: str, pk: int) -> About:
    """Return what 'pioneer', 'achievement' or 'live' `pk` is, as far as `person` sees it. Raises Missing."""
    if kind == "pioneer":
        return About(people.pioneer_for(person, pk))
    if kind == "achievement":
        achievement = achievements.achievement_for(person, pk)
        return About(achievement.pioneer, achievement=achievement)
    if kind == "live":
        live = lives.live_for(person, pk)
        return About(live.pioneer, live=live)
    raise Missing


def send(
    kind: str, text: str, subject: About, *, by: Person, place: tuple[float, float] | None = None
) -> Feedback:
    """Say something to a pioneer: 'problem', 'idea' or 'thanks'. `place` is where the problem is (WGS-84 degrees).

    A problem stands before the pioneer as a need when this returns. Raises Refused 'feedback-kind-unknown',
    'text-missing', 'text-too-long', 'own-achievement', 'author-suspended'.
    """
    if kind not in catalogue.load("showcase")["feedback_kind"]:
        raise Refused("feedback-kind-unknown", field="kind")
    limit = catalogue.load("showcase")["feedback"]["text_length"]
    words, at = texts.clean_text(text, field="text", limit=limit), clock.now()
    if by.id == subject.pioneer.spokesperson_id or by.id in subject.pioneer.kin:
        raise Refused("own-achievement")
    with write():
        matter = _matter(words, subject, by, place, at) if kind == "problem" else None
        row = Feedback(
            kind=kind, pioneer=subject.pioneer, achievement=subject.achievement, live=subject.live, matter=matter,
            area_id=matter.area_id if matter else by.area_id or subject.pioneer.area_id, author=by, text=words,
            sent_at=at,
        )  # fmt: skip
        new = {"kind": kind, "pioneer": subject.pioneer.pk, "matter": matter.number if matter else None}
        steps.born(row, "matter" if matter else "waiting", "feedback.sent", actor=actor(by.id), at=at, **new)
        idempotency.note("feedback", row.pk)
        return row


def _matter(
    words: str, subject: About, by: Person, place: tuple[float, float] | None, at: datetime
) -> Matter:
    if subject.pioneer.suspended_at:
        raise Refused("author-suspended")
    lat, lon = place or _place(by, subject.pioneer)
    title = words.splitlines()[0][:60]
    need = Need(
        title=title,
        text=words,
        lat=lat,
        lon=lon,
        datum="wgs84",
        service=SERVICE,
        pioneer_id=subject.pioneer.pk,
    )
    return raised_within(need, by=by, at=at)


def _place(by: Person, pioneer: Pioneer) -> tuple[float, float]:
    """Return where the person is at home, as far as it is known, else the pioneer's place."""
    if by.lat is not None and by.lon is not None:
        return by.lat, by.lon
    area = tree.find(by.area_id) if by.area_id else None
    if area is not None and area.lat is not None and area.lon is not None:
        return area.lat, area.lon
    return pioneer.lat, pioneer.lon


def answer(feedback_id: int, text: str, *, by: Person) -> Feedback:
    """Answer an idea or thanks, as the pioneer or as staff. Raises Missing; Refused 'showcase-wrong-state'."""
    limit = catalogue.load("showcase")["feedback"]["text_length"]
    words, at = texts.clean_text(text, field="answer", limit=limit), clock.now()
    with write():
        row = steps.locked(Feedback, feedback_id)
        if not (rules.speaks(by, row.pioneer) or rules.is_staff_of(by, row.pioneer)):
            raise Missing
        sets = {"answer": words, "answered_by_id": by.id}
        row = steps.move(row, "answer", actor=actor(by.id), at=at, sets=sets)
        idempotency.note("feedback", feedback_id)
        return row
