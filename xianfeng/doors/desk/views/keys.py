"""Keys of programs: staff of the city issue them, see how they are used, and end them. A key is shown once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.views.access import StaffRequest, city_staff, page
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.people import keys as people
from xianfeng.foundation.people.keys import Issued
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told


@require_safe
@city_staff
def keys(request: StaffRequest) -> HttpResponse:
    """List the keys, newest first."""
    return _list(request)


@require_POST
@city_staff
def issue(request: StaffRequest) -> HttpResponse:
    """Issue a key and show it, this once."""
    made: list[Issued] = []
    refusal = attempt(request, lambda: made.append(_issue(request)))
    if refusal is None and not made:  # sent twice: the key was shown the first time
        return redirect("desk:keys")
    return _list(request, refusal, made[0] if made else None)


def _issue(request: StaffRequest) -> Issued:
    asked = request.POST.get("per_minute", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    return people.issue(request.POST.get("label", ""), per_minute=number, by=request.person)


@require_POST
@city_staff
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    people.revoke(pk, by=request.person)
    return flash.say(redirect("desk:keys"), "key-revoked")


def _list(
    request: StaffRequest, refusal: Refusal | None = None, issued: Issued | None = None
) -> HttpResponse:
    limits, most = catalogue.load("limits")["key"], catalogue.load("desk")["lists"]["page"]
    context: dict[str, Any] = {
        "tab": "keys", "rows": people.all_keys(request.person)[:most], "issued": issued, "key": new_key(),
        "usual": request.POST.get("per_minute") or limits["per_minute"], "most": limits["most_per_minute"],
        "typed": {} if issued else request.POST,
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/keys.html", context, status=status(refusal.code) if refusal else 200)
