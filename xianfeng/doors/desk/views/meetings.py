"""三会三团 on the desk: the meetings of the areas one leads, and the teams with their rosters."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.services.meetings import kinds, queries
from xianfeng.services.meetings.models import Team
from xianfeng.services.meetings.operations import teams

MOST = 50
TEAMS = 40


@require_safe
@staff
def meetings(request: StaffRequest) -> HttpResponse:
    """List the meetings the reader may see, the latest first, and the teams of where they lead."""
    return _page(request)


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    language, led = get_language() or "", queries.may_call_in(request.person)
    found, more = paged(request, queries.of(request.person), name="desk-meetings", at="starts_at", most=MOST)
    named, stands = kinds.named("kind", language), _states()
    context = {
        "tab": "meetings", "typed": request.POST, "key": new_key(), "more": more, "leads": bool(led),
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
        "rows": [(row, named[row.kind], stands[row.state], _where(row.area_id, language)) for row in found],
        "teams": _teams(led[0].pk if led else None, language), "kinds": kinds.named("team_kind", language).items(),
        "limits": kinds.numbers("team"),
    }  # fmt: skip
    return page(request, "desk/meetings.html", context, status=status(refusal.code) if refusal else 200)


def _where(area_id: int, language: str) -> str:
    return places.full_name(tree.find(area_id), language)


def _states() -> dict[str, str]:
    return {"called": _("要开"), "open": _("正在开"), "closed": _("开完了"), "cancelled": _("取消了")}


def _teams(area_id: int | None, language: str) -> list[tuple[Team, str, str, list[tuple[int, str]]]]:
    """Return the teams of an area and below, with who sits in each; two statements."""
    if area_id is None:
        return []
    named = kinds.named("team_kind", language)
    rows = list(queries.teams_in(tree.find(area_id))[:TEAMS])
    seats = queries.rosters(rows)
    return [
        (
            row, named[row.kind], places.full_name(tree.find(row.area_id), language),
            [(seat.person_id, seat.person.name) for seat in seats.get(row.pk, [])],
        )
        for row in rows
    ]  # fmt: skip


def _done(request: StaffRequest, act: Callable[[], object]) -> HttpResponse:
    refusal = attempt(request, act)
    return _page(request, refusal) if refusal else flash.say(redirect("desk:meetings"), "saved")


@require_POST
@staff
def form_team(request: StaffRequest) -> HttpResponse:
    """Form a team of an area, named by its code or its whole name."""
    typed = request.POST

    def act() -> object:
        return teams.form(
            typed.get("kind", ""), _area(typed.get("area", "")), typed.get("name", ""), by=request.person
        )

    return _done(request, act)


def _area(text: str) -> int:
    known, word = tree.current(), text.strip()
    named = (one for one in known.by_id.values() if one.active and one.name == word)
    area = known.by_code.get(word) or next(named, None)
    if area is None:
        raise Missing
    return area.pk


@require_POST
@staff
def seat(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a seat to somebody by their number; who leads there does."""
    typed = request.POST

    def act() -> object:
        person = people.enter_person(typed.get("mobile", ""), name=typed.get("person", ""), by=request.person)
        return teams.seat_person(pk, person, by=request.person)

    return _done(request, act)


@require_POST
@staff
def leave(request: StaffRequest, pk: int, person: int) -> HttpResponse:
    """End somebody's seat."""
    return _done(request, lambda: teams.leave(pk, person, by=request.person))


@require_POST
@staff
def dissolve(request: StaffRequest, pk: int) -> HttpResponse:
    """Dissolve a team."""
    return _done(request, lambda: teams.dissolve(pk, by=request.person))
