"""All charts of a board with the tables they are drawn from; each as a file."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.cards import Card, all_cards
from xianfeng.doors.cockpit.cards import card as card_of
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries.board import Board, board
from xianfeng.doors.cockpit.shown import board as shown
from xianfeng.doors.cockpit.shown import cards, choices, values
from xianfeng.doors.cockpit.views.access import BoardRequest, within


@require_safe
@within
def charts(request: BoardRequest) -> HttpResponse:
    """Show every chart there is of a board, each with its table."""
    at = request.at
    given = board(at.scope, at.filters)
    context = {
        "at": at, "name": at.scope.name(values.language()), "back": at.here("board"), "period": shown.period(given),
        "cards": cards.drawn(all_cards().values(), given, at), "asked": shown.asked(at, choices.names()),
    }  # fmt: skip
    return render(request, "cockpit/charts.html", context)


@require_safe
@within
def as_file(request: BoardRequest, card: str) -> HttpResponse:
    """Give one chart's numbers as CSV, every line of it. Raises Missing."""
    at, one = request.at, card_of(card)
    given = board(at.scope, at.filters)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.code}-{at.scope.code}.csv"'
    response.write("\ufeff")  # so that Excel reads it as UTF-8
    csv.writer(response).writerows(table(one, given))
    return response


def table(one: Card, given: Board) -> list[list[object]]:
    """Return a card's numbers as they are, shares with n and N: a line of heads, then a line each."""
    told = [measures.measure(code) for code in one.measures]
    heads: list[object] = [_("哪一项")]
    for measure in told:
        name = measure.name(values.language())
        heads += [f"{name} ({measure.unit})", *([f"{name} n", f"{name} N"] if measure.of else [])]
    if one.form == "number":
        code = one.measures[0]
        return [
            heads,
            [one.name(values.language()), *_cells(given.figures.get(code) or given.sentence[code])],
        ]
    lines = [
        [
            line.name(values.language()),
            *(cell for code in one.measures for cell in _cells(line.figures[code])),
        ]
        for line in cards.lines_of(one, given)
    ]
    return [heads, *lines]


def _cells(one: Figure) -> list[object]:
    value: object = "" if one.value is None else round(one.value, 4)
    if one.unit != "share":
        return [value]
    return [value, *("" if number is None else number for number in (one.n, one.total))]
