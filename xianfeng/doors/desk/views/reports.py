"""Reports of abuse: anybody makes one, staff judge them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.queries.reported import said
from xianfeng.doors.desk.shown.lists import english
from xianfeng.doors.desk.shown.queue import abuse_reason
from xianfeng.doors.desk.views.access import SignedRequest, StaffRequest, page, signed_in, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.models import AbuseReport
from xianfeng.matters.operations import abuse


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: SignedRequest, kind: str, key: str) -> HttpResponse:
    """Report a matter (by number), a message or a rating (by id) that should not stand."""
    subject, refusal = abuse.subject_for(request.person, kind, key), None
    back_to = way_back(request)
    if request.method == "POST":
        given = request.POST
        refusal = attempt(
            request,
            lambda: abuse.report_abuse(
                kind, key, by=request.person, reason=given.get("reason", ""), text=given.get("text", "")
            ),
        )
        if refusal is None:
            return flash.say(redirect(back_to), "reported-abuse")
    entries = catalogue.load("desk")["abuse"].items()
    context = {
        "subject": subject, "next": back_to, "key": new_key(), "typed": request.POST,
        "choices": [(code, entry["en" if english() else "zh"]) for code, entry in entries],
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return render(request, "desk/report.html", context, status=status(refusal.code) if refusal else 200)


@require_safe
@staff
def reports(request: StaffRequest) -> HttpResponse:
    """List the reports within reach: those that wait, or those judged."""
    return _list(request)


def _list(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    judged, most = request.GET.get("judged") == "1", catalogue.load("desk")["lists"]["page"]
    rows = lists.reports(request.reach, judged=judged)
    found, more = (
        paged(request, rows, name="desk-reports", at="reported_at", most=most)
        if judged
        else (list(rows[:most]), "")
    )
    context = {
        "tab": "reports", "judged": judged, "more": more, "key": new_key(), "next": request.get_full_path(),
        "rows": [(one, abuse_reason(one.reason), said(one)) for one in found],
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/reports.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def judge(request: StaffRequest, pk: int) -> HttpResponse:
    """Hide what was reported, or let it stand, with a reason."""
    if not AbuseReport.objects.filter(request.reach.matters("matter__"), pk=pk).exists():
        raise Missing
    hide, words = request.POST.get("hide") == "1", request.POST.get("words", "")
    refusal = attempt(request, lambda: abuse.judge_abuse(pk, by=request.person, hide=hide, reason=words))
    if refusal:
        return _list(request, refusal)
    to = way_back(request, " ").strip()
    return flash.say(redirect(to) if to else redirect("desk:reports"), "judged")
