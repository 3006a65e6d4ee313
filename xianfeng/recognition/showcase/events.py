"""What follows from what happened: people are told, and benefits follow what the engine's reports and ratings say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.matters.models import Handling
from xianfeng.recognition.showcase import states
from xianfeng.recognition.showcase.models import Achievement, Benefit, Comment, Feedback, Live
from xianfeng.recognition.showcase.operations.benefits import mirrored

JUDGED = ("matter.reported", "matter.rated", "matter.benefit-verified")


def register() -> None:
    """Name this room's consumers; called once at start."""
    told = {code.rpartition(".")[0] for code in catalogue.load("texts/notices")}
    consumers.register("showcase.notices", tell_people, told & states.codes())
    consumers.register("showcase.benefits", follow_handlings, JUDGED)


def follow_handlings(events: list[Event]) -> None:
    """Bring benefits to what reports, ratings and judgements of these matters say."""
    ids = {event.subject_id for event in events}
    mirrored(list(Handling.objects.filter(matter__in=ids).order_by("id").values_list("id", flat=True)))


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each; the one who did it is not told of it. One read for each kind."""
    known = {kind: _READ[kind](_ids(events, kind)) for kind in {event.subject_kind for event in events}}
    notices.tell(
        telling
        for event in events
        for telling in _tellings(event, known[event.subject_kind].get(event.subject_id, []))
        if not (event.actor_kind == "person" and event.actor_id == telling.person_id)
    )


def _ids(events: list[Event], kind: str) -> list[int]:
    return sorted({event.subject_id for event in events if event.subject_kind == kind})


@dataclass(frozen=True)
class Side:
    """Somebody whom something concerns: as whom, who, where the notice leads, and the word it is filled with."""

    name: str
    person_id: int
    about: str
    title: str


Sides = dict[int, list[Side]]


def _tellings(event: Event, sides: list[Side]) -> Iterator[Telling]:
    wanted = catalogue.load("texts/notices")
    for side in sides:
        code = f"{event.code}.{side.name}"
        if code in wanted:
            yield Telling(side.person_id, code, side.about, event.id, event.at, {"title": side.title})


def _achievements(ids: list[int]) -> Sides:
    rows = Achievement.objects.filter(pk__in=ids).select_related("pioneer")
    return {
        row.pk: [Side("author", row.pioneer.spokesperson_id, f"achievement:{row.pk}", row.title)]
        for row in rows
    }


def _lives(ids: list[int]) -> Sides:
    rows = Live.objects.filter(pk__in=ids).select_related("pioneer").prefetch_related("subscriptions")
    return {row.pk: list(_of_live(row)) for row in rows}


def _of_live(row: Live) -> Iterator[Side]:
    yield Side("author", row.pioneer.spokesperson_id, f"live:{row.pk}", row.title)
    for one in row.subscriptions.all():
        yield Side("subscriber", one.person_id, f"live:{row.pk}", row.title)


def _comments(ids: list[int]) -> Sides:
    rows = Comment.objects.filter(pk__in=ids).select_related("live__pioneer")
    return {
        row.pk: [Side("author", row.live.pioneer.spokesperson_id, f"live:{row.live_id}", row.live.title)]
        for row in rows
    }


def _benefits(ids: list[int]) -> Sides:
    rows = Benefit.objects.filter(pk__in=ids, achievement__isnull=False).select_related(
        "pioneer", "achievement"
    )
    return {
        row.pk: [
            Side(
                "author",
                row.pioneer.spokesperson_id,
                f"achievement:{row.achievement_id}",
                row.achievement.title,
            )
        ]
        for row in rows
        if row.achievement
    }


def _feedback(ids: list[int]) -> Sides:
    """Return the two sides of ideas and thanks; of a problem the engine tells."""
    rows = Feedback.objects.filter(pk__in=ids, matter=None).select_related("pioneer")
    return {
        row.pk: [
            Side("author", row.pioneer.spokesperson_id, f"feedback:{row.pk}", row.pioneer.name),
            Side("sender", row.author_id, f"feedback:{row.pk}", row.pioneer.name),
        ]
        for row in rows
    }


_READ: dict[str, Callable[[list[int]], Sides]] = {
    "achievement": _achievements, "live": _lives, "comment": _comments, "benefit": _benefits, "feedback": _feedback,
}  # fmt: skip
