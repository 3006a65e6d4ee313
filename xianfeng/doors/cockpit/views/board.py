"""The big screen of a city, a county, a town, an organisation, and of everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.queries.board import Board, board
from xianfeng.doors.cockpit.scope import public_scope, scope_for
from xianfeng.doors.cockpit.shown import board as shown
from xianfeng.doors.cockpit.shown import choices, ground, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.views.access import BoardRequest, within
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui.csp import HEADER, policy


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Lead to the reader's own board; to the public one who has none."""
    person = getattr(request, "person", None)
    try:
        scope = scope_for(person)
    except Missing:
        scope = public_scope()
    return redirect(Address(scope, Filters()).to("board", **request.GET.dict()))


@require_safe
@within
def show(request: BoardRequest) -> HttpResponse:
    """Show a board; to the page's own script only what is replaced while it stands open."""
    given = board(request.at.scope, request.at.filters)
    context = _context(request.at, given)
    fragment = request.headers.get("HX-Request") == "true"
    response = render(request, "cockpit/parts/board.html" if fragment else "cockpit/board.html", context)
    response[HEADER] = policy(request) + "; worker-src 'self'"
    return response


def _context(at: Address, given: Board) -> dict[str, Any]:
    return {
        "at": at, "name": at.scope.name(values.language()), "public": at.scope.public,
        "map": ground.ground(given, at), "tabs": ground.tabs(given, at), "filter": choices.filters(at),
        "asked": shown.asked(at, choices.names()),
        "to": {name: at.here(name) for name in ("board", "map", "charts", "briefs", "pioneers")},
        **shown.board(given, at),
    }  # fmt: skip
