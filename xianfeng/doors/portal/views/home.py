"""The home page: what happened near you today, one large ask, what runs, who waits, who helps."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.queries.front import strength
from xianfeng.doors.portal.shown import front
from xianfeng.doors.portal.shown.cards import cards
from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.doors.portal.views.feed import rows_near
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.places import queries as places
from xianfeng.matters import queries

WAITING, PEOPLE = 3, 6


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page of where the reader is."""
    person, here = cast("AskedRequest", request).person, where(request)
    pioneers = people.pioneers_of(person)
    area = front.around(here.area)
    context = {
        "tab": "home", "where": here, "area": places.name(area, get_language() or ""),
        "today": queries.today_counts(area.pk, _midnight()), "strength": strength(),
        "mine": front.running(person), "cards": cards(rows_near(here, limit=WAITING), pioneers),
        "people": front.faces(people.directory(kind="individual")[:PEOPLE]), "month": timezone.localdate().month,
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _midnight() -> datetime:
    """Return when today began, where the city is."""
    return timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
