"""What follows from what happened: people are told, and benefits follow what the engine's reports and ratings say."""

from collections.abc import Iterable, Iterator

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.matters.models import Handling
from xianfeng.recognition.showcase import states
from xianfeng.recognition.showcase.models import Achievement, Benefit, Comment, Feedback, Live, Subscription
from xianfeng.recognition.showcase.operations.benefits import mirrored

JUDGED = ("matter.reported", "matter.rated", "matter.benefit-verified")


def register() -> None:
    """Name this room's consumers; called once at start."""
    consumers.register("showcase.notices", tell_people, states.codes())
    consumers.register("showcase.benefits", follow_handlings, JUDGED)


def follow_handlings(events: list[Event]) -> None:
    """Bring benefits to what reports, ratings and judgements of these matters say."""
    ids = {event.subject_id for event in events}
    mirrored(list(Handling.objects.filter(matter__in=ids).order_by("id").values_list("id", flat=True)))


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each; the one who did it is not told of it."""
    notices.tell(
        telling
        for event in events
        for telling in _tellings(event)
        if not (event.actor_kind == "person" and event.actor_id == telling.person_id)
    )


def _tellings(event: Event) -> Iterator[Telling]:
    wanted = catalogue.load("texts/notices")
    for side, person_id, about, title in _sides(event):
        code = f"{event.code}.{side}"
        if code in wanted and person_id is not None:
            yield Telling(person_id, code, about, event.id, event.at, {"title": title})


Side = tuple[str, int | None, str, str]


def _sides(event: Event) -> Iterable[Side]:
    reads = {
        "achievement": _of_achievement, "live": _of_live, "comment": _of_comment, "benefit": _of_benefit,
        "feedback": _of_feedback,
    }  # fmt: skip
    return reads[event.subject_kind](event.subject_id)


def _of_achievement(pk: int) -> Iterator[Side]:
    row = Achievement.objects.select_related("pioneer").filter(pk=pk).first()
    if row is not None:
        yield "author", row.pioneer.spokesperson_id, f"achievement:{pk}", row.title


def _of_live(pk: int) -> Iterator[Side]:
    row = Live.objects.select_related("pioneer").filter(pk=pk).first()
    if row is None:
        return
    yield "author", row.pioneer.spokesperson_id, f"live:{pk}", row.title
    for person_id in Subscription.objects.filter(live=row).order_by("id").values_list("person_id", flat=True):
        yield "subscriber", person_id, f"live:{pk}", row.title


def _of_comment(pk: int) -> Iterator[Side]:
    row = Comment.objects.select_related("live__pioneer").filter(pk=pk).first()
    if row is not None:
        yield "author", row.live.pioneer.spokesperson_id, f"live:{row.live_id}", row.live.title


def _of_benefit(pk: int) -> Iterator[Side]:
    row = Benefit.objects.select_related("pioneer", "achievement").filter(pk=pk).first()
    if row is not None and row.achievement is not None:
        yield (
            "author",
            row.pioneer.spokesperson_id,
            f"achievement:{row.achievement_id}",
            row.achievement.title,
        )


def _of_feedback(pk: int) -> Iterator[Side]:
    row = Feedback.objects.select_related("pioneer").filter(pk=pk).first()
    if row is not None and row.matter_id is None:  # of a problem the engine tells
        yield "author", row.pioneer.spokesperson_id, f"feedback:{pk}", row.pioneer.name
        yield "sender", row.author_id, f"feedback:{pk}", row.pioneer.name
