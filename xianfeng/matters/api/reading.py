"""What there is: services, categories, needs nearby, own needs and jobs, one need with its life."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Schema
from pydantic import Field

from xianfeng.foundation.kernel import catalogue, cursors, texts
from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, Given, Plain, answered, answers
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.signed_in import asker
from xianfeng.foundation.places import datum, tree
from xianfeng.foundation.places import queries as areas
from xianfeng.matters import outside, queries, rules, services
from xianfeng.matters.api.routes import router
from xianfeng.matters.api.shapes import MatterPage, MatterShown, Number, near_shown, page, shown
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.operations.talking import address_for

PAGE, MOST = 20, 100


class ServiceShown(Schema):
    """A service in its current version. Limits are in minutes."""

    code: str
    version: int
    name: str
    what: str
    handover: str = Field(description="grab: any pioneer may take it; book: it is offered to one first.")
    rated: list[str]
    limits_minutes: dict[str, int]


class ServiceList(Schema):
    """All services."""

    items: list[ServiceShown]


class CategoryShown(Schema):
    """What a need can be about."""

    code: str
    name: str


class CategoryList(Schema):
    """All categories."""

    items: list[CategoryShown]


class Wanted(Given):
    """Which needs. `mine`, `jobs` and `offered` are the caller's own lists, newest first; else what is open."""

    near: str = Field(
        "", max_length=60, description="`lat,lon`: nearest first. Without it, newest first.",
        examples=["30.89,120.09"],
    )  # fmt: skip
    datum: str = Field(
        default="wgs84", max_length=10, description="What `near` refers to: wgs84, gcj02 or bd09."
    )
    service: Plain = Field(default="help-open", max_length=40)
    skill: Plain = Field(default="", max_length=200, description="Categories, separated by commas.")
    area: str = Field(default="", max_length=20, description="An area's code; those below count too.")
    words: str = Field(default="", max_length=60, description="Must occur in title or text.")
    mine: bool = Field(
        default=False, description="What the caller (or a firm of theirs) asked, in any state."
    )
    jobs: bool = Field(default=False, description="What pioneers the caller speaks for hold or held.")
    offered: bool = Field(default=False, description="Bookings that wait for the caller's answer.")
    limit: int = Field(default=PAGE, ge=1, le=MOST)
    cursor: str = Field(default="", max_length=400, description="`next` of the page before.")


class RatingShown(Schema):
    """Stars 1 to 5, and words."""

    skill: int
    attitude: int
    speed: int
    text: str
    rated_at: datetime


class HandlingShown(Schema):
    """One pioneer's time with a need. `outcome` is empty while it lasts."""

    pioneer: int
    name: str
    claimed_at: datetime
    ended_at: datetime | None
    outcome: str
    first_reply: str
    reported_at: datetime | None
    report: str
    helpers: str
    benefit_yuan: int | None
    jobs: int | None
    benefit_verified: bool
    index_before: float | None
    rating: RatingShown | None


class Happened(Schema):
    """One line of a need's life."""

    at: datetime
    code: str = Field(examples=["matter.claimed"])
    state: str | None = Field(description="Where the need stood after it; null where that did not change.")
    by: str = Field(description="person or system")


class AnswerShown(Schema):
    """A question of the service, and what was answered, in words."""

    question: str
    answer: str


class MatterWhole(MatterShown):
    """A need with its life. `address` is there for its two sides while it is in hand, empty for all others."""

    photos: list[str] = Field(description="Keys: GET /photos/{key}/{size}.")
    address: str
    side: str = Field(description="Who the caller is here: requester, taker, offered, or empty.")
    answers: list[AnswerShown] = Field(description="Answers to the questions of the service.")
    handlings: list[HandlingShown]
    timeline: list[Happened]


@router.get("/services", response=answers(ServiceList, READ), summary="All services", tags=["services"])
def list_services(request: HttpRequest) -> HttpResponse:
    """Return every service in its current version, with the limits of its states."""
    zh = not (get_language() or "").startswith("en")
    return answered(
        ServiceList(items=[_service(one, "zh" if zh else "en") for one in services.all_current()])
    )


def _service(one: services.Definition, language: str) -> ServiceShown:
    data = one.data
    return ServiceShown(
        code=one.code, version=one.version, name=data[language], what=data[f"{language}_what"],
        handover=one.handover, rated=data["rated"], limits_minutes=data["limits_minutes"],
    )  # fmt: skip


@router.get("/categories", response=answers(CategoryList, READ), summary="All categories", tags=["services"])
def list_categories(request: HttpRequest) -> HttpResponse:
    """Return the categories of needs, which are the skills of pioneers too."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    known = catalogue.known("skills").items()
    return answered(CategoryList(items=[CategoryShown(code=code, name=one[language]) for code, one in known]))


@router.get("/matters", response=answers(MatterPage, SIGNED, ONE, READ), summary="Needs")
def list_matters(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Return open needs, nearest (or newest) first, or one of the caller's own lists; by pages."""
    if wanted.mine or wanted.jobs or wanted.offered:
        return _own(wanted, asker(request))
    return _near(wanted) if wanted.near else _newest(wanted)


def _own(wanted: Wanted, person: Person) -> HttpResponse:
    name, rows, at = _list_of(wanted, person)
    if place := cursors.unpack(name, wanted.cursor):
        before = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(**{f"{at}__lt": before}) | Q(**{at: before}, id__lt=place[1]))
    found = list(rows.order_by(f"-{at}", "-id")[: wanted.limit + 1])
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    following = cursors.pack(name, [getattr(last, at).isoformat(), last.id]) if last else None
    return answered(page(map(shown, found[: wanted.limit]), following))


def _list_of(wanted: Wanted, person: Person) -> tuple[str, QuerySet[Matter], str]:
    if wanted.mine:
        return "mine", queries.mine(person), "raised_at"
    if wanted.jobs:
        return "jobs", queries.jobs(person), "taken_at"
    return "offered", queries.offered_to(person), "entered_at"


def _filters(wanted: Wanted) -> dict[str, Any]:
    return {
        "service": services.current(wanted.service).code,
        "skills": [code for code in wanted.skill.split(",") if code],
        "area_id": areas.by_code(wanted.area).pk if wanted.area else None,
        "words": texts.clean_line(wanted.words, field="words", limit=60, required=False),
        "limit": wanted.limit + 1,
    }  # fmt: skip


def _near(wanted: Wanted) -> HttpResponse:
    lat, lon = _point(wanted)
    place = cursors.unpack("near", wanted.cursor)
    found = queries.open_near(lat, lon, after=tuple(place) if place else None, **_filters(wanted))
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    return _feed(found[: wanted.limit], cursors.pack("near", [last.metres, last.id]) if last else None)


def _newest(wanted: Wanted) -> HttpResponse:
    place = cursors.unpack("newest", wanted.cursor)
    before = (datetime.fromisoformat(place[0]), place[1]) if place else None
    found = queries.open_newest(before=before, **_filters(wanted))
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    return _feed(
        found[: wanted.limit], cursors.pack("newest", [last.raised_at.isoformat(), last.id]) if last else None
    )


def _feed(found: list[queries.Near], following: str | None) -> HttpResponse:
    known = tree.current()
    return answered(page((near_shown(near, known) for near in found), following))


def _point(wanted: Wanted) -> tuple[float, float]:
    parts = wanted.near.split(",")
    if len(parts) != 2:
        raise Refused("coordinates-invalid", field="near")
    try:
        return datum.to_wgs84(float(parts[0]), float(parts[1]), wanted.datum)
    except (ValueError, Refused) as error:
        if isinstance(error, Refused) and error.refusal.field == "datum":
            raise
        raise Refused("coordinates-invalid", field="near") from None


@router.get("/matters/{number}", response=answers(MatterWhole, ONE, READ), summary="One need")
def read_matter(request: HttpRequest, number: Number) -> HttpResponse:
    """Return one need with its life. What is not there and what is not the caller's look alike: 404."""
    person: Person | None = getattr(request, "person", None)
    return answered(whole(queries.matter_for(person, number), person))


def whole(matter: Matter, person: Person | None) -> MatterWhole:
    """Return a matter with its life, as `person` sees it."""
    photos = matter.photos.filter(purpose__in=["need", "report"]).order_by("id")
    return MatterWhole(
        **shown(matter), photos=[photo.key for photo in photos],
        address=address_for(matter, person) if person else "", side=_side(matter, person),
        answers=[
            AnswerShown(question=one.label, answer=one.answer)
            for one in outside.answers(matter, get_language() or "")
        ],
        handlings=[_handling(one) for one in queries.handlings(matter)],
        timeline=[_happened(step) for step in queries.timeline(matter)],
    )  # fmt: skip


def _side(matter: Matter, person: Person | None) -> str:
    if person is None:
        return ""
    if rules.is_requester(person, matter):
        return "requester"
    if rules.is_taker(person, matter):
        return "taker"
    return "offered" if rules.is_offered(person, matter) else ""


def _handling(one: Handling) -> HandlingShown:
    rating = getattr(one, "rating", None)
    return HandlingShown(
        pioneer=one.pioneer_id, name=one.pioneer.name, claimed_at=one.claimed_at, ended_at=one.ended_at,
        outcome=one.outcome, first_reply=one.first_reply, reported_at=one.reported_at, report=one.report,
        helpers=one.helpers, benefit_yuan=one.benefit_yuan, jobs=one.jobs,
        benefit_verified=one.benefit_verified_at is not None, index_before=one.index_before,
        rating=RatingShown(
            skill=rating.skill, attitude=rating.attitude, speed=rating.speed, text=rating.text, rated_at=rating.rated_at
        ) if rating else None,
    )  # fmt: skip


def _happened(step: queries.Step) -> Happened:
    return Happened(at=step.at, code=step.code, state=json.loads(step.new).get("state"), by=step.actor_kind)
