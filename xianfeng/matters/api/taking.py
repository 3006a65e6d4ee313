"""Raising a need, taking it, giving it back: POST /matters and what follows at once."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Given, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import queries, rules
from xianfeng.matters.api.routes import first_pioneer, move, router, speaking_for
from xianfeng.matters.api.shapes import MatterShown, Moment, Number, shown
from xianfeng.matters.operations import claim as claiming
from xianfeng.matters.operations import handling, raising, staff

Answer = str | float | list[str]


class Need(Given):
    """A need to raise. `pioneer` or `offer` book with the service help-booking."""

    service: Plain = Field(default="help-open", max_length=40)
    title: str = Field(max_length=400, examples=["楼道灯坏了，老人晚上看不见"])
    text: str = Field(default="", max_length=20_000)
    lat: float
    lon: float
    datum: str = Field(max_length=10, description="What lat and lon refer to: wgs84, gcj02 or bd09.")
    category: str = Field(default="", max_length=30, description="Left out, it is suggested from the words.")
    address: str = Field(
        "", max_length=400, description="The door; shown to the one who takes it, to nobody else."
    )
    wanted: str = Field(default="days", max_length=10, description="now, today, days or date")
    wanted_from: Moment | None = None
    wanted_until: Moment | None = None
    firm: Id | None = Field(
        default=None, description="Ask for a firm whose responsible person the caller is."
    )
    pioneer: Id | None = None
    offer: Id | None = None
    photos: list[Plain] = Field(default=[], max_length=20, description="Keys of POST /photos.")
    answers: dict[str, Answer | list[dict[str, Answer]]] = Field(
        default={},
        max_length=20_000,
        description="Answers to the questions of the service, by their codes; to a repeat, a list of such objects. "
        "A place is words, or 'lat,lon words' in WGS-84; photographs are keys of POST /photos.",
    )


class Claim(Given):
    """How to claim: for which pioneer the caller speaks for (the first, if not said), and a first reply."""

    first_reply: str = Field(default="", max_length=5_000)
    pioneer: Id | None = None


class Why(Schema):
    """A reason, in words."""

    reason: str = Field(default="", max_length=5_000)


def _values(told: Answer) -> list[str]:
    return told if isinstance(told, list) else [f"{told:.12g}" if isinstance(told, float) else told]


def _flat(given: Mapping[str, Answer | list[dict[str, Answer]]], before: str = "") -> dict[str, list[str]]:
    """Return answers as questions take them: those of a repeat by their turn, 'who.1.name'."""
    found: dict[str, list[str]] = {}
    for code, told in given.items():
        rows = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        if not rows:
            found[before + code] = _values(cast("Answer", told))
        for turn, row in enumerate(rows, start=1):
            found |= _flat(row, f"{before}{code}.{turn}.")
    return found


def _raised_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return _created(shown(queries.matter_by_id(asker(request), subject_id)), request)


def _created(body: dict[str, Any], request: HttpRequest) -> HttpResponse:
    return answered(body, HTTPStatus.CREATED, Location=f"{request.path.rstrip('/')}/{body['number']}")


@router.post(
    "/matters", response=answers(MatterShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
    auth=SIGNED_IN, summary="Raise a need",
)  # fmt: skip
@keyed(_raised_again)
def raise_matter(request: HttpRequest, given: Need) -> HttpResponse:
    """Raise a need at a place. It is open to all pioneers at once, or offered to the one who was booked."""
    need = raising.Need(
        title=given.title, text=given.text, lat=given.lat, lon=given.lon, datum=given.datum, service=given.service,
        category=given.category, address=given.address, wanted=given.wanted, wanted_from=given.wanted_from,
        wanted_until=given.wanted_until, firm_id=given.firm, pioneer_id=given.pioneer, offer_id=given.offer,
        photos=tuple(given.photos), answers=_flat(given.answers),
    )  # fmt: skip
    return _created(shown(raising.raise_matter(need, by=asker(request))), request)


@move("claim", "Claim (抢单)")
def claim(request: HttpRequest, number: Number, given: Claim | None = None) -> HttpResponse:
    """Grab an open need: exactly one of all who try wins; the same claim again answers the same.

    409 `already-taken` says who was quicker (`winner`), when (`taken_at`), by how much (`late_seconds`), and names
    up to three needs like it nearby (`similar`).
    """
    person, words = asker(request), given or Claim()
    pioneer = speaking_for(words.pioneer, person) if words.pioneer else first_pioneer(request)
    try:
        won = claiming.claim(number, by=person, pioneer=pioneer, first_reply=words.first_reply)
    except Refused as refused:
        raise _with_similar(refused.refusal, person) from refused
    return answered(shown(won))


def _with_similar(refusal: Refusal, person: Person) -> Refused:
    if refusal.code != "already-taken":
        return Refused(refusal)
    lost = queries.matter_for(person, refusal.params["number"])
    told = refusal.params | {"similar": [near.number for near in queries.similar_near(lost)]}
    return Refused(Refusal(refusal.code, refusal.field, told))


@move("accept", "Accept a booking")
def accept(request: HttpRequest, number: Number) -> HttpResponse:
    """Accept a booking that was offered to a pioneer the caller speaks for."""
    return answered(shown(claiming.accept(number, by=asker(request))))


@move("decline", "Turn down, or decline as staff")
def decline(request: HttpRequest, number: Number, given: Why | None = None) -> HttpResponse:
    """Turn a booking down, so that anybody may grab it; or, as staff, decline a need with a reason."""
    person, reason = asker(request), given.reason if given else ""
    if rules.is_offered(person, queries.matter_for(person, number)):
        return answered(shown(claiming.turn_down(number, by=person, reason=reason)))
    return answered(shown(staff.decline(number, by=person, reason=reason)))


@move("release", "Give back")
def release(request: HttpRequest, number: Number, given: Why | None = None) -> HttpResponse:
    """Give a taken need back, with a reason; it is open to all again at once."""
    return answered(shown(handling.release(number, by=asker(request), reason=given.reason if given else "")))


@move("withdraw", "Withdraw")
def withdraw(request: HttpRequest, number: Number) -> HttpResponse:
    """Withdraw an own need that nobody has taken yet."""
    return answered(shown(raising.withdraw(number, by=asker(request))))
