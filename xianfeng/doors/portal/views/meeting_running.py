"""Running a meeting from a phone: opening, deciding, handing over, closing; and saying whether one comes."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.portal.forms import moments
from xianfeng.doors.portal.shown import meetings as shown
from xianfeng.doors.portal.shown import studios
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.doors.portal.views.meetings import whole
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.ui import flash
from xianfeng.services.meetings import kinds, queries, rules
from xianfeng.services.meetings.models import Item
from xianfeng.services.meetings.operations import calling, running
from xianfeng.services.meetings.operations.calling import Point
from xianfeng.services.meetings.operations.running import Order

Acts = dict[str, Callable[[], object]]


@require_POST
@signed_in
def move(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Open, close or call off a meeting, note who is there, put something on its agenda, say whether one comes."""
    row = queries.meeting_for(request.person, pk)
    act = _acts(request, pk).get(name)
    if act is None:
        raise Missing
    refusal = tried(request, act)
    return whole(request, row, refusal) if refusal else flash.say(redirect("portal:meeting", pk), "saved")


def _acts(request: SignedRequest, pk: int) -> Acts:
    by, typed = request.person, request.POST
    return {
        "open": lambda: running.open_meeting(pk, by=by),
        "close": lambda: running.close(pk, by=by),
        "cancel": lambda: calling.cancel(pk, by=by, reason=typed.get("reason", "")),
        "attend": lambda: running.attend(pk, moments.ids(typed.getlist("present")), by=by),
        "add": lambda: calling.add_item(
            pk, Point(typed.get("title", ""), typed.get("number", "").strip()), by=by
        ),
        "coming": lambda: calling.answer(pk, "coming", by=by),
        "away": lambda: calling.answer(pk, "away", by=by),
    }


def _item(request: SignedRequest, pk: int) -> Item:
    row = (
        Item.objects.select_related("meeting__area", "matter", "proposal", "task__matter")
        .filter(pk=pk)
        .first()
    )
    if row is None or not rules.runs(request.person, queries.meeting_for(request.person, row.meeting_id)):
        raise Missing
    return row


@require_safe
@signed_in
def item(request: SignedRequest, pk: int) -> HttpResponse:
    """Show one item to who runs the meeting: minutes, decision, handing over."""
    return _page(request, _item(request, pk))


def _page(request: SignedRequest, row: Item, refusal: Refusal | None = None) -> HttpResponse:
    point = next(one for one in shown.agenda(row.meeting) if one.row.pk == row.pk)
    context = {
        "tab": "me", "point": point, "row": point.row, "meeting": row.meeting, "typed": request.POST,
        "limits": kinds.numbers("meeting"), "running": row.meeting.state == "open",
        "organisations": studios.organisations(request.POST.get("organisation", "")),
        "fixed": point.row.carried or point.row.state != "waiting" or bool(point.tasks),
    }  # fmt: skip
    return page(request, "portal/meetings/item.html", context, refusal)


@require_POST
@signed_in
def item_move(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Minute, decide, hand over, or take an item off the agenda."""
    row = _item(request, pk)
    act = _item_acts(request, pk).get(name)
    if act is None:
        raise Missing
    if refusal := tried(request, act):
        return _page(request, row, refusal)
    to = redirect("portal:meeting", row.meeting_id) if name == "drop" else redirect("portal:meeting-item", pk)
    return flash.say(to, "saved")


def _item_acts(request: SignedRequest, pk: int) -> Acts:
    by, typed = request.person, request.POST
    return {
        "minute": lambda: running.minute(pk, typed.get("minutes", ""), by=by),
        "decide": lambda: running.decide(pk, typed.get("decision", ""), by=by),
        "hand-over": lambda: running.hand_over(pk, _order(request), by=by),
        "drop": lambda: calling.drop_item(pk, by=by),
    }


def _order(request: SignedRequest) -> Order:
    organisation = moments.whole(request.POST.get("organisation", ""), field="organisation")
    return Order(organisation, request.POST.get("title", ""), request.POST.get("text", ""))
