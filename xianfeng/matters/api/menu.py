"""The menu (我要服务): what pioneers offer. An offer is ordered with POST /matters, service help-booking."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.api import AreaNamed, Cursor, Id, PioneerNamed, pioneer_named
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.foundation.places import queries as areas
from xianfeng.matters import queries
from xianfeng.matters.api.routes import router, speaking_for
from xianfeng.matters.api.shapes import area_of
from xianfeng.matters.models import Offer
from xianfeng.matters.operations import offers

PAGE = 20


class Serving(Schema):
    """What is offered. `pioneer`: for whom the caller speaks (the first, if not said)."""

    title: str = Field(max_length=400)
    skill: str = Field(max_length=30, description="A category's code.")
    times: str = Field(max_length=800, description="In words: weekday evenings.")
    capacity: int = Field(ge=1, le=50, description="How many orders at once.")
    area: str = Field(
        default="", max_length=20, description="Code of the area; the pioneer's own, if not said."
    )
    text: str = Field(default="", max_length=5_000)
    pioneer: Id | None = None


class OfferShown(Schema):
    """An offer on the menu. `free` places are left."""

    id: int
    pioneer: PioneerNamed
    title: str
    text: str
    skill: str
    area: AreaNamed
    times: str
    capacity: int
    free: int
    published_at: datetime
    withdrawn_at: datetime | None


class Menu(Schema):
    """One page of the menu, newest first."""

    items: list[OfferShown]
    next: str | None


def _shown(offer: Offer) -> OfferShown:
    return OfferShown(
        id=offer.id, pioneer=pioneer_named(offer.pioneer), title=offer.title, text=offer.text, skill=offer.skill,
        area=AreaNamed(**area_of(offer.area_id)), times=offer.times, capacity=offer.capacity,
        free=max(0, offer.capacity - offer.booked), published_at=offer.published_at, withdrawn_at=offer.withdrawn_at,
    )  # fmt: skip


@router.get("/offers", response=answers(Menu, ONE, READ), summary="The menu", tags=["menu"])
def read_menu(
    request: HttpRequest,
    skill: Annotated[Plain, Field(max_length=30, description="A category's code.")] = "",
    area: Annotated[str, Field(max_length=20, description="An area's code; those below count too.")] = "",
    cursor: Cursor | None = None,
) -> HttpResponse:
    """Return what can be ordered, newest first."""
    rows = offers.menu(skill=skill, area_id=areas.by_code(area).pk if area else None)
    if place := cursors.unpack("menu", cursor):
        at = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=place[1]))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = cursors.pack("menu", [last.published_at.isoformat(), last.id]) if last else None
    return answered(Menu(items=[_shown(offer) for offer in found[:PAGE]], next=following))


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_shown(queries.own_offer(asker(request), subject_id)), HTTPStatus.CREATED)


@router.post(
    "/offers", response=answers(OfferShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED), auth=SIGNED_IN,
    summary="Publish an offer", tags=["menu"],
)  # fmt: skip
@keyed(_again)
def publish(request: HttpRequest, given: Serving) -> HttpResponse:
    """Put an offer on the menu, as a pioneer."""
    person = asker(request)
    serving = offers.Serving(
        title=given.title, skill=given.skill, times=given.times, capacity=given.capacity, text=given.text,
        area_id=areas.by_code(given.area).pk if given.area else None,
    )  # fmt: skip
    offer = offers.publish(serving, by=person, pioneer=speaking_for(given.pioneer, person))
    return answered(_shown(offer), HTTPStatus.CREATED)


@router.delete(
    "/offers/{offer_id}", response=answers(OfferShown, SIGNED, ONE, READ, WRITE), auth=SIGNED_IN,
    summary="Take an offer back", tags=["menu"],
)  # fmt: skip
def take_back(request: HttpRequest, offer_id: Id) -> HttpResponse:
    """Take an own offer off the menu; what was ordered goes on."""
    return answered(_shown(offers.take_back(offer_id, by=asker(request))))
