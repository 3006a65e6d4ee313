"""What follows from what happened: keepers and askers are told. No word of a question stands in a notice."""

from collections.abc import Iterator

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.services.studios import states
from xianfeng.services.studios.models import Policy, Question

Sides = dict[int, list[tuple[str, int, str]]]


def register() -> None:
    """Name this room's consumer; called once at start."""
    told = {code.rpartition(".")[0] for code in catalogue.load("texts/notices")}
    consumers.register("studios.notices", tell_people, told & states.codes())


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each; the one who did it is not told of it."""
    known = {
        "question": _questions([event.subject_id for event in events if event.subject_kind == "question"]),
        "policy": _policies([event.subject_id for event in events if event.subject_kind == "policy"]),
    }
    notices.tell(
        telling
        for event in events
        for telling in _tellings(event, known[event.subject_kind])
        if not (event.actor_kind == "person" and event.actor_id == telling.person_id)
    )


def _tellings(event: Event, sides: Sides) -> Iterator[Telling]:
    wanted = catalogue.load("texts/notices")
    for side, person_id, title in sides.get(event.subject_id, []):
        code = f"{event.code}.{side}"
        if code in wanted:
            about = f"{event.subject_kind}:{event.subject_id}"
            yield Telling(person_id, code, about, event.id, event.at, {"title": title})


def _questions(ids: list[int]) -> Sides:
    rows = Question.objects.filter(pk__in=ids).select_related("studio__post")
    return {
        row.pk: [
            ("asker", row.asker_id, row.studio.name),
            ("keeper", row.studio.post.person_id, row.studio.name),
        ]
        for row in rows
    }


def _policies(ids: list[int]) -> Sides:
    return {row.pk: [("author", row.author_id, row.question)] for row in Policy.objects.filter(pk__in=ids)}
