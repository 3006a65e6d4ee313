"""Briefs of a board: which weeks and months there are, and one with every sentence beside its figure."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit import steps
from xianfeng.doors.cockpit.briefs import writing
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.scope import scope_for
from xianfeng.doors.cockpit.shown import values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.shown.values import Shown
from xianfeng.doors.cockpit.views.access import BoardRequest, within
from xianfeng.foundation.kernel.refusals import Missing

SHOWN = 8


@dataclass(frozen=True)
class Told:
    """A sentence with its figure, which leads to its rows."""

    text: str
    moved: str
    figure: Shown


@require_safe
@within
def briefs(request: BoardRequest) -> HttpResponse:
    """List the last weeks and months that are over."""
    at = request.at
    weeks, months = _last(writing.WEEK), _last(writing.MONTH)
    context = {
        "name": at.scope.name(values.language()), "back": at.to("board"),
        "weeks": [(_week(first), at.to("brief", writing.WEEK, first.isoformat())) for first in weeks],
        "months": [(_month(first), at.to("brief", writing.MONTH, first.isoformat())) for first in months],
    }  # fmt: skip
    return render(request, "cockpit/briefs.html", context)


def _last(kind: str) -> list[date]:
    first, found = writing.begin(kind, steps.today()), []
    for _number in range(SHOWN):
        first = writing.before(kind, first)
        found.append(first)
    return found


def _week(first: date) -> str:
    last = writing.end(writing.WEEK, first)
    return _("%(first)s 到 %(last)s") % {"first": _day(first), "last": _day(last)}


def _day(day: date) -> str:
    return str(date_format(day, _("Y 年 n 月 j 日")))


def _month(first: date) -> str:
    return str(date_format(first, _("Y 年 n 月")))


def _first(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing from None


@require_safe
@within
def brief(request: BoardRequest, period: str, first: str) -> HttpResponse:
    """Show one brief. Raises Missing for a time that is not over."""
    at, language = request.at, values.language()
    found = writing.brief(at.scope, period, _first(first))
    context = {
        "name": at.scope.name(language), "back": at.to("briefs"), "period": period,
        "time": _week(found.first) if period == writing.WEEK else _month(found.first),
        "sentences": [Told(one.text(language), one.moved, values.figure(one.figure, at)) for one in found.sentences],
        "readings": [
            (one.title, one.en if values.english() else one.zh, reverse("portal:need", args=[one.number]))
            for one in found.readings
        ],
        "paper": f"{get_script_prefix()}api/v1/cockpit/{at.kind}/{at.scope.code}/brief/{period}/{first}?form=pdf",
    }  # fmt: skip
    return render(request, "cockpit/brief.html", context)


@never_cache
@require_safe
def own(request: HttpRequest, period: str, first: str) -> HttpResponse:
    """Lead from a message to the brief of the reader's own board. Raises Missing for who has none."""
    at = Address(scope_for(getattr(request, "person", None)), Filters())
    return redirect(at.to("brief", period, first))
