"""What follows from an honour: the honoured person is told and asked to serve, residents hear of a month's pioneers."""

from collections.abc import Iterator

from django.db.models import Q

from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.steps import Telling
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Event
from xianfeng.recognition.honours import titles

GIVEN = {"honour.conferred", "honour.conferred-nearby", "honour.revoked", "honour.expired"}
_MANY = 1000


def register() -> None:
    """Name this room's consumers; called once at start."""
    consumers.register("honours.notices", tell_honoured, GIVEN)
    consumers.register("honours.months", tell_residents, {"pick.confirmed"})


def tell_honoured(events: list[Event]) -> None:
    """Tell who speaks for a pioneer what was given, revoked or is over; who was given something is asked to serve."""
    known = Pioneer.objects.in_bulk([event.new["pioneer"] for event in events])
    notices.tell(
        Telling(
            known[event.new["pioneer"]].spokesperson_id, f"{_plain(event.code)}.pioneer", f"honour:{event.subject_id}",
            event.id, event.at, {"title": _title(event)},
        )
        for event in events if event.new["pioneer"] in known
    )  # fmt: skip


def _plain(code: str) -> str:
    return "honour.conferred" if code == "honour.conferred-nearby" else code


def _title(event: Event) -> str:
    known = titles.all_titles().get(event.new.get("title", ""))
    return known.zh if known else ""


def tell_residents(events: list[Event]) -> None:
    """Tell everybody who lives in the area who its pioneer of the month is, a thousand at a time."""
    known = Pioneer.objects.in_bulk([event.new["pioneer"] for event in events])
    for event in events:
        pioneer = known.get(event.new["pioneer"])
        if pioneer is not None:
            _tell_everybody(event, pioneer)


def _tell_everybody(event: Event, pioneer: Pioneer) -> None:
    about, params = f"pioneer:{pioneer.pk}", {"pioneer": pioneer.name}
    for ids in _residents(event.new["area"]):
        notices.tell(
            Telling(one, "pick.confirmed.resident", about, event.id, event.at, params) for one in ids
        )


def _residents(area_id: int) -> Iterator[list[int]]:
    here = Person.objects.filter(Q(area__path__contains=[area_id]), left_at=None)
    last = 0
    while ids := list(here.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_MANY]):
        yield ids
        last = ids[-1]
