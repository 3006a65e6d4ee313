"""我的数据: what is kept of the reader, who looked at it, and the way to have it erased."""

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal.shown import own
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import status
from xianfeng.foundation.people import mobiles, sessions
from xianfeng.foundation.people.privacy import erasing, telling
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told

LOOKS = 100


@require_safe
@signed_in
def data(request: SignedRequest) -> HttpResponse:
    """Show everything that is kept of the reader."""
    return render(request, "portal/own_data.html", {"tab": "me", "sections": own.sections(request.person)})


@require_safe
@signed_in
def data_file(request: SignedRequest) -> HttpResponse:
    """Send the same, whole, as a JSON file."""
    body = json.dumps(telling.own_data(request.person), ensure_ascii=False, indent=1)
    name = f"xianfeng-{clock.now():%Y%m%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@require_safe
@signed_in
def looks(request: SignedRequest) -> HttpResponse:
    """Show who looked at the reader's number or needs."""
    return render(request, "portal/looks.html", {"tab": "me", "rows": own.looks_at(request.person, LOOKS)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erase(request: SignedRequest) -> HttpResponse:
    """Tell what erasure takes away and what stays; POST erases, for good."""
    refused = erasing.may_erase(request.person)
    if request.method == "POST":
        tail = request.POST.get("tail", "")
        refused = attempt(lambda: erasing.erase(tail, by=request.person))
        if refused is None:
            response = flash.say(HttpResponseRedirect(get_script_prefix()), "erased")
            response.delete_cookie(sessions.cookie_name(request), path=get_script_prefix(), samesite="Lax")
            return response
    context = {
        "tab": "me", "mobile": mobiles.masked(mobiles.opened(bytes(request.person.mobile_sealed))),
        "errors": {refused.field or "": told(refused)} if refused else {},
    }  # fmt: skip
    code = status(refused.code) if refused and request.method == "POST" else 200
    return render(request, "portal/erase.html", context, status=code)
