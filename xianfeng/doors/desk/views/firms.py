"""Firms: the list within reach; staff of the city enter one they have verified."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.forms.recognising import area_in
from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.shown import lists as shown
from xianfeng.doors.desk.views.access import StaffRequest, city_staff, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel import catalogue, cursors
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told


@require_safe
@staff
def firms(request: StaffRequest) -> HttpResponse:
    """List the firms within reach."""
    return _list(request)


def _list(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    words = request.GET.get("words", "").strip()[:60]
    place, most = (
        cursors.unpack("desk-firms", request.GET.get("after", "")),
        catalogue.load("desk")["lists"]["page"],
    )
    rows = lists.firms(request.reach, words=words)
    found = list((rows.filter(pk__lt=place) if place else rows)[: most + 1])
    given = request.GET.copy()
    given["after"] = cursors.pack("desk-firms", found[most - 1].pk) if len(found) > most else ""
    context: dict[str, Any] = {
        "tab": "firms", "rows": found[:most], "words": words, "typed": request.POST, "key": new_key(),
        "more": f"{request.path}?{given.urlencode()}" if given["after"] else "",
        "areas": shown.areas(request.reach), "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/firms.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@city_staff
def verify(request: StaffRequest) -> HttpResponse:
    """Enter a verified firm with the number of its responsible person."""
    refusal = attempt(request, lambda: _verify(request))
    return _list(request, refusal) if refusal else flash.say(redirect("desk:firms"), "firm-verified")


def _verify(request: StaffRequest) -> None:
    area = area_in(request.POST.get("area", ""), request.reach)
    person = people.enter_person(
        request.POST.get("mobile", ""), name=request.POST.get("person", ""), by=request.person
    )
    people.verify_firm(request.POST.get("name", ""), area_id=area.pk, responsible=person, by=request.person)
