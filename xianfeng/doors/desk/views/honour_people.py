"""每月先锋 and the pool of candidates, on the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.desk.shown import lists
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.operations import dossiers, monthly, nurturing
from xianfeng.recognition.honours.operations.monthly import Scope
from xianfeng.recognition.merit import months

POOL = 50


@dataclass(frozen=True)
class Choice:
    """A scope to choose: as the address says it, its name, whether it is the one shown."""

    value: str
    name: str
    chosen: bool


def _scopes(request: StaffRequest) -> dict[str, Scope]:
    found = monthly.scopes_of(request.person)
    return {f"o{one.organisation_id}" if one.organisation_id else f"a{one.area_id}": one for one in found}


def _month(text: str) -> date:
    """Return the month an address names (2027-03), or the last one that is over."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return months.before(clock.now())


@require_safe
@staff
def month(request: StaffRequest) -> HttpResponse:
    """Show whom the rule proposes for a month of one scope, and who was confirmed."""
    return _show(request, request.GET.get("month", ""), request.GET.get("scope", ""))


def _show(
    request: StaffRequest, month_text: str, scope_text: str, refusal: Refusal | None = None
) -> HttpResponse:
    scopes, when = _scopes(request), _month(month_text)
    value = scope_text if scope_text in scopes else next(iter(scopes))
    scope = scopes[value]
    confirmed = monthly.picks(when, scope)
    taken = {one.pioneer_id for one in confirmed}
    context: dict[str, Any] = {
        "tab": "honours", "part": "month", "month": when, "scope": value, "confirmed": confirmed, "key": new_key(),
        "choices": _choices(scopes, value),
        "proposed": [one for one in monthly.proposals(when, scope) if one.pioneer_id not in taken],
        "numbers": titles.numbers("monthly"), "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/honours/month.html", context, status=status(refusal.code) if refusal else 200)


def _choices(scopes: dict[str, Scope], chosen: str) -> list[Choice]:
    ids = [one.organisation_id for one in scopes.values() if one.organisation_id]
    rows = Organisation.objects.filter(pk__in=ids)
    names = {one.pk: one.name_en if lists.english() else one.name for one in rows}
    return [
        Choice(value, names[one.organisation_id] if one.organisation_id else _place(one), value == chosen)
        for value, one in scopes.items()
    ]


def _place(scope: Scope) -> str:
    return places.full_name(tree.find(scope.area_id), get_language() or "")


@require_POST
@staff
def confirm(request: StaffRequest) -> HttpResponse:
    """Confirm a pioneer of the month."""
    given = request.POST
    scope, pioneer = _scopes(request).get(given.get("scope", "")), given.get("pioneer", "")
    if scope is None or not (pioneer.isascii() and pioneer.isdigit() and len(pioneer) < 19):
        raise Missing
    when, story = _month(given.get("month", "")), given.get("story", "")
    refusal = attempt(
        request, lambda: monthly.confirm(when, scope, int(pioneer), by=request.person, story=story)
    )
    if refusal:
        return _show(request, given.get("month", ""), given.get("scope", ""), refusal)
    to = redirect("desk:honour-month")
    to["Location"] += f"?month={when:%Y-%m}&scope={given['scope']}"
    return flash.say(to, "month-confirmed")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def pool(request: StaffRequest) -> HttpResponse:
    """Show who could be nurtured and who is; POST takes somebody up, or enters a candidate nobody knows yet."""
    refusal = None
    if request.method == "POST":
        refusal = attempt(request, lambda: _act(request))
        if refusal is None:
            return flash.say(redirect("desk:honour-pool"), "pool-kept")
    context = {
        "tab": "honours", "part": "pool", "key": new_key(), "typed": request.POST,
        "pool": nurturing.pool(request.person)[:POOL], "members": nurturing.members(request.person)[:POOL],
        "in_hand": nurturing.in_hand(request.person)[:POOL], "organisations": lists.organisations(request.reach),
        "areas": lists.areas(request.reach), "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/honours/pool.html", context, status=status(refusal.code) if refusal else 200)


def _number(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused("field-invalid", field=name, detail=text[:20])
    return int(text)


def _act(request: StaffRequest) -> object:
    given, by = request.POST, request.person
    match given.get("act"):
        case "enter":
            area = tree.current().by_code.get(given.get("area", ""))
            if area is None:
                raise Refused("area-unknown", field="area")
            person = people.enter_person(given.get("mobile", ""), name=given.get("name", ""), by=by)
            here = {"organisation_id": _number(request, "organisation"), "area_id": area.pk}
            row = dossiers.open_candidate(person.pk, given.get("name", ""), **here, by=by)
            return dossiers.tell_deed(row.pk, dossiers.Deed(given.get("deed", "")), by=by)
        case "take-up":
            mentor = people.enter_person(given.get("mobile", ""), by=by)
            return nurturing.take_up(
                _number(request, "dossier"), organisation_id=_number(request, "organisation"), mentor_id=mentor.pk,
                plan=given.get("plan", ""), training=given.get("training", "").splitlines(), by=by,
            )  # fmt: skip
        case "tick":
            return nurturing.tick(_number(request, "step"), by=by)
        case "finish":
            return nurturing.finish(_number(request, "nurturing"), by=by)
    raise Missing
