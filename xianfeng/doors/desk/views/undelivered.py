"""Notices that did not arrive: which consumer failed how often, and one more try now."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.shown.record import sentence
from xianfeng.doors.desk.views.access import StaffRequest, city_staff, page
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.record import deliveries
from xianfeng.foundation.ui import flash


@require_safe
@city_staff
def undelivered(request: StaffRequest) -> HttpResponse:
    """List the deliveries that failed and wait for their next try."""
    most = catalogue.load("desk")["lists"]["page"]
    rows = lists.undelivered()
    found = list(rows[:most])
    count, more = lists.counted(rows) if found else (0, False)
    context = {
        "tab": "undelivered", "rows": [(one, sentence(one.outbox.code)) for one in found],
        "count": count, "more_than": more,
    }  # fmt: skip
    return page(request, "desk/undelivered.html", context)


@require_POST
@city_staff
def retry(request: StaffRequest) -> HttpResponse:
    """Try one failed delivery again now, or all of them."""
    wanted = request.POST.get("delivery", "")
    one = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None
    deliveries.try_now(one, by=request.person)
    return flash.say(redirect("desk:undelivered"), "retried")
