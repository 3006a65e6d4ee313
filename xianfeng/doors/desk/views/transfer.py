"""A matter is handed over to another organisation, with a reason."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xianfeng.doors.desk.queries.matters import matter_in
from xianfeng.doors.desk.shown import lists as choices
from xianfeng.doors.desk.shown import stages
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters import rules
from xianfeng.matters.models import Matter
from xianfeng.matters.operations import staff as operations


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def transfer(request: StaffRequest, number: str) -> HttpResponse:
    """Ask to whom and why; POST hands over."""
    matter = matter_in(request.reach, number)
    if request.method != "POST":
        return _form(request, matter, rules.may_transfer(matter))
    refusal = attempt(request, lambda: _transfer(request, number))
    return _form(request, matter, refusal) if refusal else flash.say(_back(request, number), "transferred")


def _transfer(request: StaffRequest, number: str) -> Matter:
    wanted = request.POST.get("organisation", "")
    organisation = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
    return operations.transfer(number, organisation, by=request.person, reason=request.POST.get("words", ""))


def _back(request: StaffRequest, number: str) -> HttpResponse:
    """Lead to the matter, or to the queue for who does not see it any more."""
    return redirect("desk:matter", number) if _sees(request, number) else redirect("desk:queue")


def _sees(request: StaffRequest, number: str) -> bool:
    return Matter.objects.filter(request.reach.matters(), number=number).exists()


def _form(request: StaffRequest, matter: Matter, refusal: Refusal | None) -> HttpResponse:
    context = {
        "tab": "matters", "matter": matter, "where": stages.where(matter), "stands": stages.standing(matter),
        "organisations": choices.receivers(matter), "typed": request.POST, "key": new_key(),
        "errors": {_field(refusal): told(refusal)} if refusal else {},
    }  # fmt: skip
    code = status(refusal.code) if refusal and request.method == "POST" else 200
    return page(request, "desk/transfer.html", context, status=code)


def _field(refusal: Refusal) -> str:
    """Return the field of the form at fault."""
    return "words" if refusal.field == "reason" else refusal.field or ""
