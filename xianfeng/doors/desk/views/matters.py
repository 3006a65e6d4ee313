"""The list of matters: the address is the filter; a filter can be kept under a name."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk import operations
from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.shown import lists as shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told


@require_safe
@staff
def matters(request: StaffRequest) -> HttpResponse:
    """List the matters within reach that answer the address."""
    return _list(request)


def _list(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    asked = lists.asked(request.POST if request.method == "POST" else request.GET)
    rows = lists.matters(request.reach, asked)
    found, more = paged(
        request, rows, name="desk-matters", at="raised_at", most=catalogue.load("desk")["lists"]["page"]
    )
    count = (
        lists.counted(rows, limit="worded_count_most" if asked.words else "count_most")
        if found
        else (0, False)
    )
    context = {
        "tab": "matters", "asked": asked, "query": asked.address(),
        "pairs": asdict(asked).items(), "rows": shown.rows(found), "more": more,
        "how_many": shown.how_many(*count), "states": shown.states(), "services": shown.services(),
        "skills": shown.skills(), "areas": shown.areas(request.reach),
        "organisations": shown.organisations(request.reach), "saved": operations.saved_filters(request.person),
        "errors": {"": told(refusal)} if refusal else {},
        "one_mark": len("".join(asked.words.split())) == 1,
    }  # fmt: skip
    return page(request, "desk/matters.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def save_filter(request: StaffRequest) -> HttpResponse:
    """Keep the filter of the address under a name, for oneself."""
    asked, name = lists.asked(request.POST), request.POST.get("name", "")
    refusal = attempt(request, lambda: operations.save_filter(name, asked.address(), by=request.person))
    if refusal:
        return _list(request, refusal)
    return flash.say(redirect(f"{reverse('desk:matters')}?{asked.address()}"), "filter-saved")


@require_POST
@staff
def drop_filter(request: StaffRequest, pk: int) -> HttpResponse:
    """Drop one of the own filters."""
    operations.drop_filter(pk, by=request.person)
    return flash.say(redirect("desk:matters"), "filter-dropped")
