"""The API of one's own data: all that is kept, who looked at it, and erasure."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import READ, SIGNED, WRITE, Plain, answered, answers, nothing
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.privacy import erasing, looks, telling
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker

router = Router(tags=["people"], auth=SIGNED_IN)
LOOKS = 100


class OwnData(Schema):
    """Sections by name (profile, sessions, needs, messages …), each a list of plain values; times are UTC."""

    made_at: datetime
    sections: dict[str, list[dict[str, Any]]]


class LookShown(Schema):
    """Who looked at the caller's number or needs: a post with its name, a pioneer, or a public name."""

    at: datetime
    by: str
    what: str = Field(examples=["person.contact-shown-to-staff", "person.looked-at"])


class Looks(Schema):
    """The newest looks, newest first."""

    items: list[LookShown]


class Surely(Schema):
    """The last four digits of the caller's own number."""

    tail: Plain = Field(max_length=8, examples=["0001"])


@router.get("/me/data", response=answers(OwnData, SIGNED, READ), summary="Everything kept of oneself")
def read_data(request: HttpRequest) -> HttpResponse:
    """Return all that is kept of the caller."""
    told = telling.own_data(asker(request))
    return answered({"made_at": told.pop("made_at"), "sections": told})


@router.get("/me/looks", response=answers(Looks, SIGNED, READ), summary="Who looked at one's data")
def read_looks(request: HttpRequest) -> HttpResponse:
    """Return who looked at the caller's data, the newest hundred."""
    found = looks.looks_at(asker(request), limit=LOOKS)
    return answered({"items": [{"at": one.at, "by": one.who, "what": one.what} for one in found]})


def _again(request: HttpRequest, subject_id: int, *, given: Surely) -> HttpResponse:
    return nothing()


@router.post(
    "/me/erase",
    response=answers(None, SIGNED, READ, WRITE, status=HTTPStatus.NO_CONTENT),
    summary="Erase oneself",
)
@keyed(_again)
def erase(request: HttpRequest, given: Surely) -> HttpResponse:
    """Erase the caller's data for good: open needs are withdrawn, what is in hand goes back, every session ends."""
    erasing.erase(given.tail, by=asker(request))
    return nothing()
