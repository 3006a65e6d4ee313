"""What follows from what happened: people are told, streams announce, suspension lets go."""

from collections.abc import Iterator
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Organisation, Pioneer
from xianfeng.foundation.places import cells
from xianfeng.foundation.record import announcements, consumers
from xianfeng.foundation.record.announcements import Note
from xianfeng.foundation.record.consumers import Event
from xianfeng.matters import queries, search, states, steps
from xianfeng.matters.models import Matter, Message
from xianfeng.matters.states import MOVES, State

FEED = {move.code for move in MOVES.values()} | {"matter.raised", "matter.listed"}


def register() -> None:
    """Name this room's consumers; called once at start."""
    consumers.register("matters.feed", announce_feed, FEED)
    consumers.register("matters.notices", tell_people, states.codes())
    consumers.register("matters.search", search.index_events, search.CODES)
    consumers.register("matters.suspension", let_go_of_suspended, {"pioneer.suspended"})


def announce_feed(events: list[Event]) -> None:
    """Tell every phone that a need came or went: references only, no words."""
    known = Matter.objects.in_bulk({event.subject_id for event in events})
    announcements.announce(
        [note for event in events if (matter := known.get(event.subject_id)) for note in _feed(event, matter)]
    )


def _feed(event: Event, matter: Matter) -> Iterator[Note]:
    state, was = event.new.get("state"), event.old.get("state")
    facts = {
        "number": matter.number, "service": matter.service_code, "category": matter.category,
        "lat": round(matter.lat, 3), "lon": round(matter.lon, 3), "area": matter.area_id, "state": state,
    }  # fmt: skip
    if state == State.OPEN:
        yield Note("feed", "matter.opened", facts)
    elif was == State.OPEN:
        yield Note("feed", "matter.gone", facts)
    if state in states.LIVE_PUBLIC:
        yield Note(f"matter:{matter.number}", event.code, {"number": matter.number, "state": state})


def tell_people(events: list[Event]) -> None:
    """Write into inboxes what concerns each side; the one who did it is not told of it."""
    known = queries.whole().in_bulk({event.subject_id for event in events})
    notices.tell(
        telling
        for event in events
        if (matter := known.get(event.subject_id))
        for telling in _tellings(event, matter)
        if not (event.actor_kind == "person" and event.actor_id == telling.person_id)
    )


def _tellings(event: Event, matter: Matter) -> Iterator[Telling]:
    wanted = catalogue.load("texts/notices")
    for side, person_id in _sides(event, matter):
        code = f"{event.code}.{side}"
        if code in wanted and person_id:
            params = {"title": matter.title, "pioneer": matter.taken_by.name if matter.taken_by else ""}
            if event.code == "matter.transferred":
                params |= _organisation(event.new["charge"])
            yield Telling(person_id, code, matter.number, event.id, event.at, params)
    if event.new.get("state") == State.OPEN and matter.state == State.OPEN:  # nobody is sent to what is gone
        for person_id in near_with_skill(matter):
            params = {"title": matter.title}
            yield Telling(person_id, "matter.opened.near", matter.number, event.id, event.at, params)


def _sides(event: Event, matter: Matter) -> Iterator[tuple[str, int | None]]:
    yield "requester", matter.firm.responsible_id if matter.firm else matter.requester_id
    yield "taker", matter.taken_by.spokesperson_id if matter.taken_by else _former(event)
    yield "offered", matter.offered_to.spokesperson_id if matter.offered_to else None
    if event.code == "matter.messaged":
        asked = Message.objects.filter(pk=event.new["message"])  # gone where its writer left meanwhile
        yield "pioneer", asked.values_list("pioneer__spokesperson_id", flat=True).first()
    if event.code == "matter.transferred":
        for person_id in people.staff_of(event.new["charge"]):
            yield "charge", person_id
    if event.code == "matter.team-called":
        yield "team", _speaker(event.new["team"])


def _organisation(organisation_id: int) -> dict[str, str]:
    found = Organisation.objects.get(pk=organisation_id)
    return {"organisation": found.name, "organisation_en": found.name_en}


def _former(event: Event) -> int | None:
    former: Any = event.old.get("taken_by")
    return _speaker(former) if former else None


def _speaker(pioneer_id: int) -> int:
    return int(Pioneer.objects.values_list("spokesperson_id", flat=True).get(pk=pioneer_id))


def near_with_skill(matter: Matter, *, limit: int = 60) -> list[int]:
    """Return the spokespersons of the pioneers near an open matter whose skill it asks for, nearest first."""
    rows = Pioneer.objects.filter(cell__in=cells.rings(matter.lat, matter.lon, 4), suspended_at=None)
    if matter.category:
        rows = rows.filter(skills__contains=[matter.category])
    near = sorted(
        rows.exclude(kin__overlap=_askers(matter)).values_list("lat", "lon", "spokesperson_id"),
        key=lambda row: (row[0] - matter.lat) ** 2 + (row[1] - matter.lon) ** 2,
    )
    return list(dict.fromkeys(speaker for _, _, speaker in near))[:limit]


def _askers(matter: Matter) -> list[int]:
    return [matter.requester_id, *([matter.firm.responsible_id] if matter.firm else [])]


def let_go_of_suspended(events: list[Event]) -> None:
    """Release what a pioneer has in hand who is suspended (and was not reinstated before this was delivered)."""
    suspended = Pioneer.objects.filter(
        pk__in={event.subject_id for event in events}, suspended_at__isnull=False
    )
    for pioneer_id in sorted(suspended.values_list("id", flat=True)):
        held = queries.whole().select_for_update(of=("self",)).order_by("id")
        for matter in held.filter(taken_by=pioneer_id, state=State.TAKEN):
            steps.release_suspended(matter)
