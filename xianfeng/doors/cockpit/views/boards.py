"""Boards of one's own: chosen and put in order by a plain form, or by dragging cards where they stand."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.cockpit import arranging
from xianfeng.doors.cockpit.cards import all_cards, card
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.models import OwnBoard
from xianfeng.doors.cockpit.queries.board import board
from xianfeng.doors.cockpit.scope import addressed, scope_for
from xianfeng.doors.cockpit.shown import board as shown
from xianfeng.doors.cockpit.shown import cards, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.foundation.kernel.refusals import Missing, Refused, status
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import PreferredRequest
from xianfeng.foundation.ui.refusals import told

P = ParamSpec("P")
BEGIN = ("waiting", "settled", "satisfied", "needs-by-month", "waiting-by-area", "taken-by-organisation")


class OwnRequest(PreferredRequest):
    """A request of somebody who has boards."""

    person: Person


def signed_in(
    view: Callable[Concatenate[OwnRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let `view` serve who signed in; visitors are asked to."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "person", None) is None:
            raise Refused("sign-in-needed")
        return view(cast("OwnRequest", request), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(seen))


@require_safe
@signed_in
def boards(request: OwnRequest) -> HttpResponse:
    """List the own boards. Raises Missing for who has nothing to read."""
    scope_for(request.person)
    rows = [(row, addressed(request.person, row.kind, row.code)) for row in _readable(request.person)]
    named = [(row, scope.name(values.language())) for row, scope in rows]
    return render(request, "cockpit/boards.html", {"rows": named})


def _readable(person: Person) -> list[OwnBoard]:
    """Return the own boards whose ground is still the person's to read: posts end."""
    return [row for row in arranging.boards_of(person) if _reads(person, row)]


def _reads(person: Person, row: OwnBoard) -> bool:
    try:
        addressed(person, row.kind, row.code)
    except Missing:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: OwnRequest) -> HttpResponse:
    """Make a board from the form; `of=area/330521` says which board it is drawn from, the own one otherwise."""
    kind, _, code = request.GET.get("of", "").partition("/")
    scope = addressed(request.person, kind, code) if code else scope_for(request.person)
    at = Address(scope, Filters())
    return _form(request, at, "", BEGIN)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: OwnRequest, pk: int) -> HttpResponse:
    """Change an own board by the form. Raises Missing."""
    row = arranging.own_board(pk, by=request.person)
    at = Address(addressed(request.person, row.kind, row.code), Filters())
    return _form(request, at, row.name, row.cards)


def _form(request: OwnRequest, at: Address, name: str, chosen: Sequence[str]) -> HttpResponse:
    fixed = bool(name)
    errors: dict[str, str] = {}
    code = 200
    if request.method == "POST":
        name, chosen = name or request.POST.get("name", ""), asked(request)
        try:
            row = arranging.save_board(name, at.kind, at.scope.code, chosen, by=request.person)
            return flash.say(redirect("cockpit:own-board", row.pk), "board-kept")
        except Refused as refused:
            errors, code = {refused.refusal.field or "": told(refused.refusal)}, status(refused.refusal.code)
    context = {
        "board_name": name, "fixed": fixed, "lines": _lines(chosen), "ground": at.scope.name(values.language()),
        "errors": errors,
    }  # fmt: skip
    return render(request, "cockpit/board_form.html", context, status=code)


def asked(request: HttpRequest) -> list[str]:
    """Return the cards that were chosen, in the order of their numbers; those without one come last."""
    chosen = request.POST.getlist("card")[:100]
    return sorted(chosen, key=lambda code: _number(request.POST.get(f"order-{code}", "")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 999


def _lines(chosen: Sequence[str]) -> list[dict[str, Any]]:
    known = all_cards()
    order = [*(code for code in chosen if code in known), *(code for code in known if code not in chosen)]
    return [
        {
            "code": code,
            "name": known[code].name(values.language()),
            "chosen": code in chosen,
            "number": number,
        }
        for number, code in enumerate(order, start=1)
    ]


@require_safe
@signed_in
def show(request: OwnRequest, pk: int) -> HttpResponse:
    """Show an own board. Raises Missing."""
    row = arranging.own_board(pk, by=request.person)
    at = Address(addressed(request.person, row.kind, row.code), Filters.parsed(request.GET))
    given = board(at.scope, at.filters)
    known = [card(code) for code in row.cards if code in all_cards()]
    context = {
        "row": row, "ground": at.scope.name(values.language()), "period": shown.period(given),
        "cards": cards.drawn(known, given, at), "back": at.here("board"),
    }  # fmt: skip
    return render(request, "cockpit/own_board.html", context)


@require_POST
@signed_in
def order(request: OwnRequest, pk: int) -> HttpResponse:
    """Keep the order in which cards were dragged; the page goes on standing. Raises Missing, Refused."""
    arranging.arrange(pk, request.POST.getlist("card")[:100], by=request.person)
    return HttpResponse(status=204)


@require_POST
@signed_in
def drop(request: OwnRequest, pk: int) -> HttpResponse:
    """Drop an own board. Raises Missing."""
    arranging.drop_board(pk, by=request.person)
    return flash.say(redirect("cockpit:boards"), "board-dropped")
