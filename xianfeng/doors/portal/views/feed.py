"""助力共富: the needs that wait, nearest first; and the badge of unread notices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown.cards import cards
from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.doors.portal.views.place import Where, where
from xianfeng.foundation.kernel import catalogue, cursors
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.matters import categories, queries
from xianfeng.matters.queries import Narrowed, Near

PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """What the reader looks for: skills ('mine': those of the reader's pioneers), an area's code, words."""

    skill: str = ""
    area: str = ""
    words: str = ""

    def skills(self, pioneers: list[Pioneer]) -> list[str]:
        """Return the categories to show, empty for all."""
        if self.skill == "mine":
            return sorted({skill for pioneer in pioneers for skill in pioneer.skills})
        return [self.skill] if self.skill in catalogue.known("skills") else []

    def area_id(self) -> int | None:
        """Return the area's id; an unknown one filters nothing."""
        try:
            return places.by_code(self.area).pk if self.area else None
        except Missing:
            return None

    def query(self, **more: str) -> str:
        """Return the address of the feed with these filters, `more` replacing some."""
        given = {"skill": self.skill, "area": self.area, "q": self.words, **more}
        kept = {name: value for name, value in given.items() if value}
        return f"{reverse('portal:needs')}?{urlencode(kept)}" if kept else reverse("portal:needs")

    @property
    def any(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.skill or self.area or self.words)


def rows_near(
    here: Where, wanted: Wanted | None = None, pioneers: list[Pioneer] | None = None, *,
    cursor: str = "", **narrowed: Unpack[Narrowed],
) -> list[Near]:  # fmt: skip
    """Return open needs: nearest first, or newest first where nobody said where they are.

    `narrowed` may ask for numbers alone, or for what is new since a moment, as an open page does.
    """
    asked = wanted or Wanted()
    filters: Narrowed = {
        "skills": asked.skills(pioneers or []), "area_id": asked.area_id(), "words": asked.words, "limit": PAGE,
        **narrowed,
    }  # fmt: skip
    place = cursors.unpack("needs", cursor)
    if place and isinstance(place[0], float) != here.known:
        raise Refused("cursor-invalid", field="cursor")  # the reader has said meanwhile where they are
    if here.known:
        return queries.open_near(here.lat, here.lon, after=tuple(place) if place else None, **filters)
    before = (datetime.fromisoformat(place[0]), place[1]) if place else None
    return queries.open_newest(before=before, **filters)


def _next(row: Near) -> str:
    """Return the cursor of what comes after `row`."""
    return cursors.pack("needs", [row.raised_at.isoformat() if row.metres is None else row.metres, row.id])


@never_cache
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Show the feed; htmx gets the cards alone."""
    person, here = cast("AskedRequest", request).person, where(request)
    wanted = Wanted(
        request.GET.get("skill", ""), request.GET.get("area", ""), request.GET.get("q", "").strip()[:60]
    )
    pioneers = people.pioneers_of(person)
    rows = rows_near(
        here, wanted, pioneers, limit=PAGE + 1, cursor=request.GET.get("cursor", ""), **_news(request)
    )
    more = wanted.query(cursor=_next(rows[PAGE - 1])) if len(rows) > PAGE else ""
    context = {
        "tab": "needs",
        "cards": cards(rows[:PAGE], pioneers),
        "more": more,
        "wanted": wanted,
        "where": here,
    }
    if request.headers.get("HX-Request"):
        return render(request, "portal/parts/cards.html", context)
    return render(request, "portal/needs.html", context | _filters(wanted, pioneers))


class _News(TypedDict):
    numbers: list[str] | None
    since: datetime | None


def _news(request: HttpRequest) -> _News:
    """Return what an open page asks for: the numbers it has heard of, or what is new since a moment (epoch seconds)."""
    since = request.GET.get("since", "")
    moment = (
        datetime.fromtimestamp(int(since), UTC)
        if since.isascii() and since.isdigit() and len(since) < 11
        else None
    )
    return {"numbers": request.GET.getlist("only")[:PAGE] or None, "since": moment}


@dataclass(frozen=True)
class Chip:
    """One filter: its words, where it leads, and whether it is on."""

    label: str
    url: str
    on: bool


def _filters(wanted: Wanted, pioneers: list[Pioneer]) -> dict[str, Any]:
    language = get_language() or ""
    chips = [
        Chip(categories.label(code, language), wanted.query(skill=code), wanted.skill == code)
        for code in catalogue.known("skills")
    ]
    counties = [
        Chip(places.name(area, language), wanted.query(area=area.code), wanted.area == area.code)
        for area in places.children(places.root())
    ]
    return {
        "chips": chips, "counties": counties, "near": Chip("", wanted.query(skill="", area=""), not wanted.skill),
        "fits": Chip("", wanted.query(skill="mine"), wanted.skill == "mine") if pioneers else None,
        "everywhere": Chip("", wanted.query(area=""), not wanted.area), "all": reverse("portal:needs"),
    }  # fmt: skip


@never_cache
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """Show the badge alone: how many notices are unread."""
    return render(request, "ui/parts/badge.html")
