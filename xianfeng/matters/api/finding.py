"""Finding: search over needs and what was said of them, and needs like one that is being written."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.answers import READ, Given, answered, answers
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import datum as datums
from xianfeng.matters import search, similar
from xianfeng.matters.api.routes import router
from xianfeng.matters.api.shapes import MatterShown, shown

PAGE, MOST = 20, 50


class Part(Schema):
    """A piece of a text; `marked` where it says what was looked for."""

    text: str
    marked: bool


class FoundShown(Schema):
    """A need with the words that were found: its title in parts, or a line of its text, report or answers."""

    matter: MatterShown
    title: list[Part]
    words: list[Part]


class FoundPage(Schema):
    """One page of what was found; `next` is the cursor of the following one, null at the end."""

    items: list[FoundShown]
    next: str | None


class Looked(Given):
    """What to look for."""

    words: str = Field(
        max_length=60, description="All of them must be said, in pairs of Han characters or whole words."
    )
    limit: int = Field(default=PAGE, ge=1, le=MOST)
    cursor: str = Field(default="", max_length=400, description="`next` of the page before.")


class AlikeShown(Schema):
    """A public need that says the same: how far away, and what share of the words (0 to 1) it says."""

    number: str
    parts: list[Part]
    metres: float
    share: float
    closed_at: datetime | None


class AlikeBoth(Schema):
    """What is open close by and says the same, and what was done there before."""

    open: list[AlikeShown]
    before: list[AlikeShown]


class Around(Given):
    """A need as it is being written, and where."""

    words: str = Field(max_length=400)
    lat: float
    lon: float
    datum: str = Field(default="wgs84", max_length=10, description="wgs84, gcj02 or bd09")


@router.get("/matters/search", response=answers(FoundPage, READ), summary="Search needs and what was said")
def search_matters(request: HttpRequest, wanted: Query[Looked]) -> HttpResponse:
    """Find needs the caller may see by their words, public replies, reports and answers, newest first."""
    person: Person | None = getattr(request, "person", None)
    place = cursors.unpack("search", wanted.cursor)
    before = (datetime.fromisoformat(place[0]), int(place[1])) if place else None
    found = search.find(wanted.words, person, before=before, limit=wanted.limit)
    last = found[wanted.limit - 1].matter if len(found) > wanted.limit else None
    following = cursors.pack("search", [last.raised_at.isoformat(), last.pk]) if last else None
    items = [
        {"matter": shown(one.matter), "title": _parts(one.title), "words": _parts(one.words)}
        for one in found[: wanted.limit]
    ]
    return answered({"items": items, "next": following})


@router.get("/matters/similar", response=answers(AlikeBoth, READ), summary="The same, close by")
def similar_matters(request: HttpRequest, wanted: Query[Around]) -> HttpResponse:
    """Name public needs within 250 m that say the same: those open now, and those done before."""
    lat, lon = datums.to_wgs84(wanted.lat, wanted.lon, wanted.datum)
    told = {
        "open": similar.open_now(wanted.words, lat, lon), "before": similar.before(wanted.words, lat, lon)
    }  # fmt: skip
    return answered({name: [_alike(one) for one in rows] for name, rows in told.items()})


def _parts(parts: list[similar.Part]) -> list[dict[str, object]]:
    return [{"text": part.text, "marked": part.marked} for part in parts]


def _alike(one: similar.Alike) -> dict[str, object]:
    return {
        "number": one.number, "parts": _parts(one.parts), "metres": round(one.metres, 1),
        "share": round(one.share, 3), "closed_at": one.closed_at,
    }  # fmt: skip
