"""The moves of a need that a page can make. Each: read the form, one operation, go back to the need."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.views import need as pages
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters import queries, rules
from xianfeng.matters.models import Matter
from xianfeng.matters.operations import claim as claiming
from xianfeng.matters.operations import handling, raising, rating


def back(number: str, said: str = "", part: str = "") -> HttpResponse:
    """Return to the need, which says the sentence of `said`; `part` is the place on the page."""
    response = HttpResponseRedirect(reverse("portal:need", args=[number]) + (f"#{part}" if part else ""))
    return flash.say(response, said) if said else response


@require_POST
@signed_in
def claim(request: SignedRequest, number: str) -> HttpResponse:
    """Grab a need: to the sheet of the winner, to the sheet of who came later, or the page with the reason."""
    at, reply, pioneer = clock.now(), request.POST.get("first_reply", ""), _chosen(request)
    refusal = attempt(lambda: claiming.claim(number, by=request.person, pioneer=pioneer, first_reply=reply))
    if refusal is None:
        return HttpResponseRedirect(reverse("portal:got", args=[number]))
    return _not_won(request, number, refusal, at=at, first_reply=reply)


def _chosen(request: SignedRequest) -> Pioneer | None:
    """Return the pioneer named in the form, if the person speaks for it; otherwise the first they act for."""
    wanted = request.POST.get("pioneer", "")
    mine = people.pioneers_of(request.person)
    return next((one for one in mine if str(one.pk) == wanted), mine[0] if mine else None)


def _not_won(
    request: SignedRequest, number: str, refusal: Refusal, *, at: datetime, first_reply: str
) -> HttpResponse:
    if refusal.code == "already-taken":
        return HttpResponseRedirect(pages.late_address(queries.matter_for(request.person, number), at=at))
    return pages.again(request, number, refusal, first_reply=first_reply)


@require_POST
@signed_in
def accept(request: SignedRequest, number: str) -> HttpResponse:
    """Accept a booking."""
    if refusal := attempt(lambda: claiming.accept(number, by=request.person)):
        return pages.again(request, number, refusal)
    return HttpResponseRedirect(reverse("portal:got", args=[number]))


@require_POST
@signed_in
def withdraw(request: SignedRequest, number: str) -> HttpResponse:
    """Take an own need back that nobody has taken yet."""
    if refusal := attempt(lambda: raising.withdraw(number, by=request.person)):
        return pages.again(request, number, refusal)
    return back(number, "withdrawn")


def _with_reason(
    request: SignedRequest, number: str, words: dict[str, str], act: Callable[[str], object], said: str
) -> HttpResponse:
    """Ask for the reason of a move on a page of its own, then make the move."""
    reason = request.POST.get("reason", "")
    refusal = attempt(lambda: act(reason)) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return back(number, said)
    context = {
        "number": number, "tab": "needs", "words": words, "reason": reason,
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return render(request, "portal/move.html", context, status=status(refusal.code) if refusal else 200)


def _mine(request: SignedRequest, number: str, side: Callable[[Person, Matter], bool]) -> Matter:
    """Return the matter if the person stands on the `side` of it that may ask for the move. Raises Missing."""
    matter = queries.matter_for(request.person, number)
    if not side(request.person, matter):
        raise Missing
    return matter


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def release(request: SignedRequest, number: str) -> HttpResponse:
    """Give a taken need back: freely within two minutes, later with a reason."""
    free = rules.returns_freely(_mine(request, number, rules.is_taker))
    words = {
        "title": _("退回这件事"), "button": _("退回"), "label": _("为什么退回"), "optional": "1" if free else "",
        "hint": _("两分钟内退回不用说原因，也不计入") if free else _("说一句原因，下一位先锋好接手"),
    }  # fmt: skip
    return _with_reason(
        request,
        number,
        words,
        lambda why: handling.release(number, by=request.person, reason=why),
        "released",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def turn_down(request: SignedRequest, number: str) -> HttpResponse:
    """Turn a booking down; anybody may take it then."""
    _mine(request, number, rules.is_offered)
    words = {
        "title": _("这次来不了"), "button": _("回绝"), "label": _("想说一句原因吗"), "optional": "1",
        "hint": _("回绝以后，别的先锋都可以接"),
    }  # fmt: skip
    return _with_reason(
        request,
        number,
        words,
        lambda why: claiming.turn_down(number, by=request.person, reason=why),
        "turned-down",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def dispute(request: SignedRequest, number: str) -> HttpResponse:
    """Say that it is not done yet: first the pioneer comes again, the second time staff look."""
    again = _mine(request, number, rules.is_requester).disputed_count > 0
    words = {
        "title": _("还没办好"), "button": _("交给工作人员") if again else _("告诉先锋"), "label": _("差在哪里"),
        "hint": _("第二次说没办好，工作人员会来看") if again else _("先锋会再来看看"), "optional": "",
    }  # fmt: skip
    return _with_reason(
        request, number, words, lambda why: rating.dispute(number, by=request.person, reason=why), "disputed"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen(request: SignedRequest, number: str) -> HttpResponse:
    """Reopen a closed need, once within 30 days."""
    _mine(request, number, rules.is_requester)
    words = {
        "title": _("又出了问题"), "button": _("重新打开"), "label": _("出了什么问题"), "optional": "",
        "hint": _("还是请这位先锋再来，30 天内可以重开一次"),
    }  # fmt: skip
    return _with_reason(
        request, number, words, lambda why: rating.reopen(number, by=request.person, reason=why), "reopened"
    )
