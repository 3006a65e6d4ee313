"""我要服务: the menu of what pioneers offer; a pioneer puts something on it, and takes it back."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.forms import serving
from xianfeng.doors.portal.shown import choices, newest
from xianfeng.doors.portal.shown import pioneer as shown
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.foundation.kernel.refusals import Refused, status
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.models import Offer
from xianfeng.matters.operations import offers

PAGE = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the menu, newest first: skill, area, or one's own (`?mine=1`)."""
    person = cast("AskedRequest", request).person
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("skill", "area", "mine")}
    rows = list(_rows(request, asked)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    more = newest.address("portal:menu", (last.published_at, last.pk), asked) if last else ""
    context = {
        "tab": "home", "cards": shown.on_menu(rows[:PAGE], by=person), "asked": asked, "more": more,
        "skills": choices.skills(asked["skill"]), "areas": choices.counties(asked["area"]),
        "speaks": bool(people.pioneers_of(person)),
    }  # fmt: skip
    return render(request, "portal/menu.html", context)


def _rows(request: HttpRequest, asked: dict[str, str]) -> QuerySet[Offer]:
    area, person = choices.area(asked["area"]), cast("AskedRequest", request).person
    rows = offers.menu(skill=asked["skill"], area_id=area.pk if area else None)
    if asked["mine"]:
        rows = rows.filter(pioneer__spokesperson=person) if person else rows.none()
    return rows.filter(newest.older("published_at", newest.before(request, "portal:menu")))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest) -> HttpResponse:
    """Ask what is offered; POST puts it on the menu."""
    speaks = people.pioneers_of(request.person)
    if not speaks:
        raise Refused("not-a-pioneer")
    typed = serving.typed(request)
    if request.method != "POST":
        return _form(request, speaks, typed)
    try:
        pioneer = next((one for one in speaks if str(one.pk) == typed["pioneer"]), speaks[0])
        offers.publish(serving.serving(typed), by=request.person, pioneer=pioneer)
    except Refused as refused:
        return _form(request, speaks, typed, refused)
    return flash.say(HttpResponseRedirect(f"{reverse('portal:menu')}?mine=1"), "published")


def _form(
    request: HttpRequest, speaks: list[Pioneer], typed: dict[str, str], refused: Refused | None = None
) -> HttpResponse:
    first = speaks[0]
    context = {
        "tab": "home", "speaks": speaks, "typed": typed,
        "skills": choices.skills(typed["skill"] or next(iter(first.skills), ""), first.skills),
        "areas": choices.counties(typed["area"] or first.area.code, first.area),
        "errors": {refused.refusal.field or "": told(refused.refusal)} if refused else {},
    }  # fmt: skip
    code = status(refused.refusal.code) if refused else 200
    return render(request, "portal/offer_new.html", context, status=code)


@require_POST
@signed_in
def withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one's offer off the menu; what was ordered goes on."""
    offers.take_back(pk, by=request.person)
    return flash.say(HttpResponseRedirect(f"{reverse('portal:menu')}?mine=1"), "taken-back")
