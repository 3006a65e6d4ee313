"""Rings of raters, with the evidence; what to make of it is for staff to say."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xianfeng.doors.desk.shown.rings import seen
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit import queries as merit


@require_safe
@staff
def rings(request: StaffRequest) -> HttpResponse:
    """List the rings that touch pioneers within reach, the most doubted first."""
    own = None if request.reach.city else Pioneer.objects.filter(request.reach.pioneers())
    found = list(merit.rings(own)[: catalogue.load("desk")["lists"]["page"]])
    return page(request, "desk/rings.html", {"tab": "rings", "rings": seen(found)})
