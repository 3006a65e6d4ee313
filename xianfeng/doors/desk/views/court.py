"""Mediation as staff see it: where cases stand and who leads them, never what is said in them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.shown import court as shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.services.mediation import numbers, queries
from xianfeng.services.mediation.operations import leading

PAGE = 50


@require_safe
@staff
def cases(request: StaffRequest) -> HttpResponse:
    """List the cases of the staff's areas, newest first; only those that wait too long, or nobody leads."""
    only, rows = request.GET.get("only", ""), queries.run_by(request.person)
    if only == "listed":
        rows = rows.filter(listed=True)
    elif only == "open":
        rows = rows.filter(state="opened")
    found, more = paged(request, rows, name="desk-court", at="opened_at", most=PAGE)
    context = {"tab": "court", "only": only, "rows": shown.rows(found), "more": more}
    return page(request, "desk/court/cases.html", context)


@require_safe
@staff
def case(request: StaffRequest, number: str) -> HttpResponse:
    """Show where a case stands, who its sides are, who leads it and who was set aside."""
    return _case(request, number)


def _case(request: StaffRequest, number: str, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.case_for(request.person, number)
    context = {
        "tab": "court", "case": found, "key": new_key(), "words": numbers.of("case")["words_length"],
        "errors": {refusal.field or "": told(refusal)} if refusal else {}, **shown.whole(found, request.person),
    }  # fmt: skip
    return page(request, "desk/court/case.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def appoint(request: StaffRequest, number: str) -> HttpResponse:
    """Appoint a mediator, or another one."""
    chosen = request.POST.get("mediator", "")
    person = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    refusal = attempt(request, lambda: leading.appoint(number, person, by=request.person))
    return (
        _case(request, number, refusal)
        if refusal
        else flash.say(redirect("desk:court-case", number), "saved")
    )


@require_POST
@staff
def decline(request: StaffRequest, number: str) -> HttpResponse:
    """Decline a case nobody has talked in yet, with a reason the parties read."""
    words = request.POST.get("words", "")
    refusal = attempt(request, lambda: leading.decline(number, words, by=request.person))
    return (
        _case(request, number, refusal)
        if refusal
        else flash.say(redirect("desk:court-case", number), "declined")
    )
