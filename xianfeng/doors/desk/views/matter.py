"""One matter whole, and the look at a number, which is recorded."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.shown import matter as matters
from xianfeng.doors.desk.shown import queue as shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import new_key
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, status
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.operations import contacting
from xianfeng.matters.operations import staff as operations
from xianfeng.matters.privacy import looking

USUAL = ("decline", "extend", "unproven")


@require_safe
@staff
def matter(request: StaffRequest, number: str) -> HttpResponse:
    """Show one matter with both sides, its record, talk and handlings."""
    return show(request, number)


def show(request: StaffRequest, number: str, refusal: Refusal | None = None, **more: Any) -> HttpResponse:
    """Return the page of a matter; after a refusal with its sentence, and what was typed is kept."""
    whole = matters.whole_of(request.reach, number)
    if request.method == "GET":  # what follows a move was opened before it
        looking.note_opened(whole.side.matter, by=request.person)
    context = {
        "whole": whole, "side": whole.side, "tab": "matters", "key": new_key(), "next": way_back(request, " ").strip(),
        "usual": {name: matters.reasons(name) for name in USUAL}, "typed": request.POST,
        "errors": {"": told(refusal)} if refusal else {},
        "reasons": {r.id: shown.abuse_reason(r.reason) for r in whole.reports},
        **more,
    }  # fmt: skip
    return page(request, "desk/matter.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def number(request: StaffRequest, number: str) -> HttpResponse:
    """Show one side's number in clear; the person can see who looked."""
    side = request.POST.get("side", "")
    if side == "requester" and contacting.is_outside(matters.read(request.reach, number)):
        return _reporter(request, number)
    mobile = operations.show_number(number, side, by=request.person)
    return show(request, number, mobile=mobile, mobile_side=side)


def _reporter(request: StaffRequest, number: str) -> HttpResponse:
    """Show how to reach who reported through a program, or say that nothing was left."""
    try:
        found = contacting.show_reporter(number, by=request.person)
    except Refused as refused:
        if isinstance(refused, Missing):
            raise
        return show(request, number, refused.refusal)
    return show(request, number, reporter=found)


def back(request: StaffRequest, number: str) -> HttpResponse:
    """Return to where the move was asked: the queue's next row, or the matter."""
    to = way_back(request, " ").strip()
    return redirect(to) if to else redirect("desk:matter", number)
