"""A need's page, and the two sheets that follow a grab."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown.cards import cards
from xianfeng.doors.portal.shown.needpage import NeedPage, page_of
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import signing
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui import words
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters import queries
from xianfeng.matters.models import Matter

LATE_SECONDS = 3_600


@never_cache
@require_safe
def need(request: HttpRequest, number: str) -> HttpResponse:
    """Show one need: what, where and when, where it stands, and what this reader may do."""
    asked = cast("AskedRequest", request)
    return render(request, "portal/need.html", _context(page_of(number, asked.person, where(request))))


def again(request: HttpRequest, number: str, refusal: Refusal, **typed: Any) -> HttpResponse:
    """Show the need's page again after a refusal: the sentence on top, what was typed kept."""
    page = page_of(number, cast("AskedRequest", request).person, where(request))
    more = {"errors": {refusal.field or "": told(refusal)}, "typed": typed}
    return render(request, "portal/need.html", _context(page) | more, status=status(refusal.code))


def _context(page: NeedPage) -> dict[str, Any]:
    return {"page": page, "matter": page.matter, "reader": page.reader, "may": page.allowed, "tab": "needs"}


@require_safe
@signed_in
def got(request: SignedRequest, number: str) -> HttpResponse:
    """Tell the one who was first: it is yours, this is the door, call first, two minutes to return it."""
    page = page_of(number, request.person, where(request))
    if not page.allowed.report:
        return HttpResponseRedirect(reverse("portal:need", args=[number]))
    return render(request, "portal/got.html", _context(page) | {"sheet": True})


@dataclass(frozen=True)
class Race:
    """Two taps on one need: who was first, both times to the tenth of a second, and the seconds between."""

    winner: str
    first: str
    mine: str
    seconds: str


def late_address(matter: Matter, *, at: datetime) -> str:
    """Return the address of the sheet for a claim of `matter` that came at `at`, a moment too late."""
    carried = signing.ticket("late", [matter.number, at.isoformat()])
    return f"{reverse('portal:late', args=[matter.number])}?at={carried}"


@require_safe
@signed_in
def late(request: SignedRequest, number: str) -> HttpResponse:
    """Tell who was quicker and by how much, with thanks and three like it nearby to take at once."""
    page = page_of(number, request.person, where(request))
    race = _race(page.matter, request.GET.get("at", ""))
    if race is None:
        return HttpResponseRedirect(reverse("portal:need", args=[number]))
    similar = cards(queries.similar_near(page.matter), page.reader.pioneers)
    return render(
        request, "portal/late.html", _context(page) | {"sheet": True, "race": race, "similar": similar}
    )


def _race(matter: Matter, carried: str) -> Race | None:
    told_at = signing.read_ticket("late", carried, seconds=LATE_SECONDS)
    if not told_at or told_at[0] != matter.number or matter.taken_at is None or matter.taken_by is None:
        return None
    first, mine = _tenth(matter.taken_at), _tenth(datetime.fromisoformat(told_at[1]))
    seconds = max((mine - first) / timedelta(seconds=1), 0)
    return Race(matter.taken_by.name, words.tenth(first), words.tenth(mine), f"{seconds:.1f}")


def _tenth(at: datetime) -> datetime:
    """Return `at` as it is shown, so that the difference is that of the two times one reads."""
    return at.replace(microsecond=at.microsecond // 100_000 * 100_000)


def holding(request: SignedRequest, number: str) -> NeedPage:
    """Return the page's facts for who has the matter in hand. Raises Missing for everybody else."""
    page = page_of(number, request.person, where(request))
    if not page.allowed.report:
        raise Missing
    return page
