"""The rows behind a figure: exactly those that were counted; and the pioneers of a board."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit.queries import lists
from xianfeng.doors.cockpit.shown import board as shown
from xianfeng.doors.cockpit.shown import choices, listed, values
from xianfeng.doors.cockpit.views.access import BoardRequest, within


@require_safe
@within
def rows(request: BoardRequest, measure: str) -> HttpResponse:
    """List the matters a figure counts, newest first; `whole=1` those of N where it is n of N."""
    at, whole = request.at, request.GET.get("whole") == "1"
    given = lists.rows(at.scope, at.filters, measure, cursor=request.GET.get("cursor"), whole=whole)
    other = (
        at.rows({**given.slice.link(), "measure": measure}, whole=True)
        if given.measure.of and not whole
        else ""
    )
    context = {
        "at": at, "back": at.here("board"), "measure": given.measure, "title": given.measure.name(values.language()),
        "formula": given.measure.formulas["en" if values.english() else "zh"], "name": at.scope.name(values.language()),
        "count": lists.total(at.scope, at.filters, measure, whole=whole), "rows": listed.matters(given, at),
        "asked": shown.asked(at, choices.names()), "more": listed.further(at, measure, given.next, whole=whole),
        "csv": listed.csv(at, measure, whole=whole), "whole": whole,
        "other": other,
    }  # fmt: skip
    return render(request, "cockpit/rows.html", context)


@require_safe
@within
def pioneers(request: BoardRequest) -> HttpResponse:
    """List the pioneers of a board, best index first, each leading to their portrait."""
    at = request.at
    found, more = listed.pioneers(at, request.GET.get("cursor"))
    context = {
        "at": at, "back": at.here("board"), "name": at.scope.name(values.language()), "rows": found, "more": more,
        "asked": shown.asked(at, choices.names()),
    }  # fmt: skip
    return render(request, "cockpit/pioneers.html", context)
