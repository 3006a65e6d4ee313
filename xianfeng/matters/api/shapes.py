"""The bodies of the API of matters, and how rows become them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.translation import get_language
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import AreaNamed, PioneerNamed
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.places import queries as areas
from xianfeng.foundation.places import tree
from xianfeng.matters.models import Matter
from xianfeng.matters.queries import Near

_LONGEST_NUMBER = 24
_YEARS = (2000, 2100)


def _plain(number: str) -> str:
    """Hold a number to what numbers are made of; anything else is not there."""
    if (
        len(number) > _LONGEST_NUMBER
        or not number.replace("-", "").isascii()
        or not number.replace("-", "").isdigit()
    ):
        raise Missing
    return number


def _sensible(at: datetime) -> datetime:
    if not _YEARS[0] <= at.year <= _YEARS[1]:
        raise ValueError("not a year of this service")
    return at.astimezone(UTC)


Number = Annotated[
    str, AfterValidator(_plain), WithJsonSchema({"type": "string", "examples": ["261124-000042"], "maxLength": 24})
]  # fmt: skip
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]


class MatterShown(Schema):
    """A need. Coordinates are WGS-84 degrees; the requester's door and number are never part of it."""

    number: str = Field(examples=["261124-000042"])
    service: str
    state: str = Field(
        description="raised, offered, open, taken, done, filed, handed, checking, closed, declined, withdrawn or merged"
    )
    title: str
    text: str = Field(description="In lists the first 120 characters.")
    category: str
    lat: float
    lon: float
    area: AreaNamed
    requester: str = Field(description="Public name: a firm's whole, a person's first character.")
    taken_by: PioneerNamed | None
    raised_at: datetime
    wanted: str = Field(description="When it is wanted: now, today, days, date")
    wanted_until: datetime | None
    listed: bool = Field(description="挂账: its limit has passed and staff watch it; it can still be taken.")
    photo_count: int
    metres: float | None = Field(default=None, description="How far from `near`.")
    offered_to: PioneerNamed | None = None
    wanted_from: datetime | None = None
    entered_at: datetime | None = Field(default=None, description="Since when it is in its state.")
    due_at: datetime | None = Field(default=None, description="When the limit of its state passes.")
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    released_count: int = 0
    outside: bool = Field(
        default=False, description="It lies outside the served area; the city's staff see to it."
    )


class MatterPage(Schema):
    """One page of needs; `next` is the cursor of the following one, null at the end."""

    items: list[MatterShown]
    next: str | None


def area_of(area_id: int, known: tree.Tree | None = None) -> dict[str, str]:
    """Return an area by id, from memory, as AreaNamed; `known` are the areas in hand."""
    areas_now = known or tree.current()
    area = areas_now.by_id.get(area_id) or tree.find(area_id)
    return {"code": area.code, "name": areas.full_name_in(areas_now, area, get_language() or "")}


def _pioneer(pioneer: Pioneer | None) -> dict[str, Any] | None:
    if pioneer is None:
        return None
    return {"id": pioneer.id, "name": pioneer.name, "kind": pioneer.kind, "index": pioneer.index}


def requester_of(matter: Matter) -> str:
    """Return how others name the side that asks."""
    return matter.firm.name if matter.firm else public_name(matter.requester.name)


def shown(matter: Matter) -> dict[str, Any]:
    """Return a matter, as anybody who may see it sees it, as MatterShown."""
    return {
        "number": matter.number, "service": matter.service_code, "state": str(matter.state), "title": matter.title,
        "text": matter.text, "category": matter.category, "lat": matter.lat, "lon": matter.lon,
        "area": area_of(matter.area_id), "requester": requester_of(matter), "taken_by": _pioneer(matter.taken_by),
        "raised_at": matter.raised_at, "wanted": matter.wanted, "wanted_until": matter.wanted_until,
        "listed": matter.listed, "photo_count": matter.photo_count, "metres": None,
        "offered_to": _pioneer(matter.offered_to), "wanted_from": matter.wanted_from,
        "entered_at": matter.entered_at, "due_at": matter.due_at, "taken_at": matter.taken_at,
        "closed_at": matter.closed_at, "released_count": matter.released_count, "outside": matter.outside,
    }  # fmt: skip


def near_shown(near: Near, known: tree.Tree) -> dict[str, Any]:
    """Return a card of the feed, as MatterShown; `known` are the areas."""
    return {
        "number": near.number, "service": near.service_code, "state": "open", "title": near.title, "text": near.text,
        "category": near.category, "lat": near.lat, "lon": near.lon, "area": area_of(near.area_id, known),
        "requester": near.asker, "taken_by": None, "raised_at": near.raised_at, "wanted": near.wanted,
        "wanted_until": near.wanted_until, "listed": near.listed, "photo_count": near.photo_count,
        "metres": None if near.metres is None else round(near.metres, 1),
    }  # fmt: skip


def page(items: Iterable[dict[str, Any]], following: str | None) -> dict[str, Any]:
    """Return one page, as MatterPage."""
    return {"items": list(items), "next": following}
