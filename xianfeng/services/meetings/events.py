"""What follows from what happened: those invited, and authors of proposals, are told."""

from collections.abc import Iterator

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.services.meetings import states
from xianfeng.services.meetings.models import Meeting, Proposal

Sides = dict[int, list[tuple[str, int, str]]]


def register() -> None:
    """Name this room's consumer; called once at start."""
    told = {code.rpartition(".")[0] for code in catalogue.load("texts/notices")}
    consumers.register("meetings.notices", tell_people, told & states.codes())


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each; the one who did it is not told of it."""
    known = {
        "meeting": _meetings([event.subject_id for event in events if event.subject_kind == "meeting"]),
        "proposal": _proposals([event.subject_id for event in events if event.subject_kind == "proposal"]),
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


def _meetings(ids: list[int]) -> Sides:
    rows = Meeting.objects.filter(pk__in=ids).prefetch_related("invitations")
    return {
        row.pk: [
            ("caller", row.caller_id, row.title),
            *(("invited", one.person_id, row.title) for one in row.invitations.all()),
        ]
        for row in rows
    }


def _proposals(ids: list[int]) -> Sides:
    return {row.pk: [("author", row.author_id, row.title)] for row in Proposal.objects.filter(pk__in=ids)}
