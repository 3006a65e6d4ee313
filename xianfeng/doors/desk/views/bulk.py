"""Several at once: each matter is moved in a transaction of its own; what could not be is counted and said."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.operations.staff import file_matter

MOST = 100


@require_POST
@staff
def bulk(request: StaffRequest) -> HttpResponse:
    """File every matter that was ticked."""
    if request.POST.get("move") != "file":
        raise Missing
    numbers = list(dict.fromkeys(request.POST.getlist("numbers")))[:MOST]
    refused = [(number, refusal) for number in numbers if (refusal := _file(request, number))]
    to = way_back(request, " ").strip()
    if refused:
        lines = [(number, told(refusal)) for number, refusal in refused]
        context = {"done": len(numbers) - len(refused), "lines": lines, "to": to, "tab": "queue"}
        return page(request, "desk/bulk.html", context, status=409)
    response = redirect(to) if to else redirect("desk:queue")
    return flash.say(response, "filed") if numbers else response


def _file(request: StaffRequest, number: str) -> Refusal | None:
    try:
        file_matter(number, by=request.person)
    except Refused as refused:
        return refused.refusal
    return None
