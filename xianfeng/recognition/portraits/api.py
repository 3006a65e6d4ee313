"""The public portrait for programs."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, answered, answers
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import cells
from xianfeng.recognition.portraits import shown
from xianfeng.recognition.portraits.queries import portraits

router = Router(tags=["portraits"])


class KindDone(Schema):
    """A kind of service by its skill's code, '' where none was said."""

    code: str
    done: int
    rated: int
    stars: float | None


class PatchHelped(Schema):
    """The middle of a patch of about 5 km² (WGS-84) and how many services were done in it."""

    lat: float
    lon: float
    done: int


class MonthPoint(Schema):
    """Index and rank in the city at a month's end, as its last edition says."""

    month: date
    index: float
    half_width: float
    rank: int
    of: int


class HonourNamed(Schema):
    """An honour or a recognition in force."""

    title: str
    level: str
    by: str
    year: int


class PortraitShown(Schema):
    """What anybody may know of a pioneer; counts are of services done, money is verified."""

    id: int
    kind: str
    name: str
    organisation: str
    area: str
    index: float | None
    done: int
    rated: int
    stars: float | None
    income_yuan: int
    cost_yuan: int
    jobs: int
    achievements: int
    lives: int
    kinds: list[KindDone]
    places: list[PatchHelped]
    course: list[MonthPoint] = Field(description="Oldest first; months without a place are left out.")
    honours: list[HonourNamed]
    strengths: list[str] = Field(description="Sentences in the language asked for.")


@router.get(
    "/pioneers/{pioneer_id}/portrait",
    response=answers(PortraitShown, ONE, READ),
    summary="A pioneer's portrait",
)
def read_portrait(request: HttpRequest, pioneer_id: Id) -> HttpResponse:
    """Return the public version of the portrait of an individual or a collective."""
    person: Person | None = getattr(request, "person", None)
    found = portraits.public_portrait(person, pioneer_id)
    context, counted = shown.portrait(found, inside=False), found.counted
    return answered({
        "id": pioneer_id, "kind": found.kind, "name": found.name, "organisation": context["organisation"],
        "area": context["where"], "index": context["index"],
        **{name: getattr(counted, name) for name in _COUNTS}, "kinds": [vars(one) for one in counted.kinds],
        "places": [_patch(one.cell, one.done) for one in counted.spots],
        "course": [vars(one) for one in found.course], "honours": [vars(one) for one in context["honours"]],
        "strengths": context["strengths"],
    })  # fmt: skip


_COUNTS = ("done", "rated", "stars", "income_yuan", "cost_yuan", "jobs", "achievements", "lives")


def _patch(cell: int, done: int) -> dict[str, float]:
    lat, lon = cells.middle(cell)
    return {"lat": lat, "lon": lon, "done": done}
