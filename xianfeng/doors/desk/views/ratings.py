"""A rating that staff let no longer count, or count again, each with a reason."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from xianfeng.doors.desk.views.access import StaffRequest, staff
from xianfeng.doors.desk.views.attempt import attempt
from xianfeng.doors.desk.views.matter import back, show
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui import flash
from xianfeng.matters.models import Rating
from xianfeng.matters.operations import voiding


@require_POST
@staff
def void(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a rating within reach no longer count."""
    return _judge(request, pk, void=True)


@require_POST
@staff
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a voided rating within reach count again."""
    return _judge(request, pk, void=False)


def _judge(request: StaffRequest, pk: int, *, void: bool) -> HttpResponse:
    rows = Rating.objects.filter(request.reach.matters("handling__matter__"), pk=pk)
    number = rows.values_list("handling__matter__number", flat=True).first()
    if number is None:
        raise Missing
    judge = voiding.void_rating if void else voiding.restore_rating
    words = request.POST.get("words", "")
    if refusal := attempt(request, lambda: judge(pk, by=request.person, reason=words)):
        return show(request, number, refusal)
    return flash.say(back(request, number), "rating-voided" if void else "rating-restored")
