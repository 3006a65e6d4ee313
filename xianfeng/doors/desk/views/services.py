"""Services on the desk: staff of the city edit one as a draft, see what is wrong with it, publish or withdraw it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.forms import services as forms
from xianfeng.doors.desk.shown import services as shown
from xianfeng.doors.desk.views.access import StaffRequest, city_staff, page
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.systems import drafting


@require_safe
@city_staff
def services(request: StaffRequest) -> HttpResponse:
    """List every service with its version and its draft."""
    rows = shown.rows(drafting.all_services(request.person))
    return page(request, "desk/services/list.html", {"tab": "services", "rows": rows})


@require_safe
@city_staff
def service(request: StaffRequest, code: str) -> HttpResponse:
    """Show a service, or its draft, to be edited."""
    return _show(request, code)


@require_POST
@city_staff
def save(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what was typed as the draft, right or not; what cannot be read at all is shown again as it was typed."""

    def act() -> None:
        before = drafting.edited(code, by=request.person).definition
        told_changes = forms.changes(request.POST, before)
        drafting.save(code, told_changes, revision=_revision(request), by=request.person)

    return _done(request, code, act, "draft-saved")


@require_POST
@city_staff
def publish(request: StaffRequest, code: str) -> HttpResponse:
    """Publish the draft that was shown."""
    act: Callable[[], object] = lambda: drafting.publish(  # noqa: E731
        code, revision=_revision(request), by=request.person
    )
    return _done(request, code, act, "service-published")


@require_POST
@city_staff
def drop(request: StaffRequest, code: str) -> HttpResponse:
    """Drop the draft."""
    return _done(request, code, lambda: drafting.drop(code, by=request.person), "draft-dropped")


@require_POST
@city_staff
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """Withdraw the service."""
    return _done(request, code, lambda: drafting.withdraw(code, by=request.person), "service-withdrawn")


def _done(request: StaffRequest, code: str, act: Callable[[], object], said: str) -> HttpResponse:
    refusal = attempt(request, act)
    if refusal is None:
        return flash.say(redirect("desk:service", code), said)
    return _show(request, code, refusal)


def _revision(request: StaffRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _show(request: StaffRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    edited = drafting.edited(code, by=request.person)
    typed = request.POST if refusal and "zh" in request.POST else None
    context = {
        "tab": "services", "edited": edited, "fields": shown.fields(edited, typed), "faults": shown.faults(edited),
        "name": shown.name(edited), "key": new_key(),
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/services/edit.html", context, status=status(refusal.code) if refusal else 200)
