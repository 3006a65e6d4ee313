"""Pioneers of the own organisations: the list, one with the record, recognise, suspend, reinstate."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.desk.forms import recognising
from xianfeng.doors.desk.queries import lists, matters
from xianfeng.doors.desk.shown import lists as shown
from xianfeng.doors.desk.shown import record
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.models import Handling

FILTERS = ("words", "skill", "kind", "suspended")


@require_safe
@staff
def pioneers(request: StaffRequest) -> HttpResponse:
    """List the pioneers of the own organisations."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in FILTERS}
    rows = lists.pioneers(request.reach, **asked)
    found, more = paged(
        request, rows, name="desk-pioneers", at="since", most=catalogue.load("desk")["lists"]["page"]
    )
    count = lists.counted(rows) if found else (0, False)
    context = {
        "tab": "pioneers", "asked": asked, "rows": found, "more": more, "skills": shown.skills(),
        "how_many": shown.how_many_people(*count), "query": request.GET.urlencode(),
    }  # fmt: skip
    return page(request, "desk/pioneers.html", context)


def one_of(request: StaffRequest, pk: int) -> Pioneer:
    """Return a pioneer within reach. Raises Missing for foreign and missing alike."""
    found = lists.pioneers(request.reach).select_related("spokesperson").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@require_safe
@staff
def pioneer(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one pioneer: standing, what is in hand, the last handlings, the record."""
    return _show(request, one_of(request, pk))


def _show(request: StaffRequest, found: Pioneer, refusal: Refusal | None = None) -> HttpResponse:
    handlings = Handling.objects.filter(request.reach.matters("matter__"), pioneer=found).select_related(
        "matter"
    )
    context = {
        "tab": "pioneers", "pioneer": found, "handlings": handlings.order_by("-claimed_at", "-id")[:20],
        "recognitions": found.recognitions.select_related("organisation").order_by("-since"),
        "life": record.lines(matters.record_of("pioneer", found.pk)), "key": new_key(),
        "errors": {"": told(refusal)} if refusal else {}, "typed": request.POST,
    }  # fmt: skip
    return page(request, "desk/pioneer.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def suspend(request: StaffRequest, pk: int) -> HttpResponse:
    """Suspend a pioneer, with a reason; what is in hand is opened to others."""
    found, words = one_of(request, pk), request.POST.get("words", "")
    refusal = attempt(request, lambda: people.suspend(found.pk, by=request.person, reason=words))
    return _show(request, found, refusal) if refusal else flash.say(redirect("desk:pioneer", pk), "suspended")


@require_POST
@staff
def reinstate(request: StaffRequest, pk: int) -> HttpResponse:
    """End a suspension, with a reason."""
    found, words = one_of(request, pk), request.POST.get("words", "")
    refusal = Refusal("text-missing", "words") if not words.strip() else None
    refusal = refusal or attempt(request, lambda: people.reinstate(found.pk, by=request.person, reason=words))
    return (
        _show(request, found, refusal) if refusal else flash.say(redirect("desk:pioneer", pk), "reinstated")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def recognise(request: StaffRequest) -> HttpResponse:
    """Recognise a pioneer by the number they sign in with."""
    if request.method != "POST":
        return _form(request)
    made: list[Pioneer] = []
    refusal = attempt(request, lambda: made.append(recognising.recognise(request.POST, request.reach)))
    if refusal:
        return _form(request, refusal)
    to = redirect("desk:pioneer", made[0].pk) if made else redirect("desk:pioneers")
    return flash.say(to, "recognised")


def _form(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "tab": "pioneers", "typed": request.POST, "chosen_skills": request.POST.getlist("skills"),
        "skills": shown.skills(), "areas": shown.areas(request.reach), "key": request.POST.get("key") or new_key(),
        "organisations": shown.organisations(request.reach),
        "errors": {_field(refusal): told(refusal)} if refusal else {},
        "levels": catalogue.load("people")["recognition"]["levels"],
    }  # fmt: skip
    return page(request, "desk/recognise.html", context, status=status(refusal.code) if refusal else 200)


def _field(refusal: Refusal) -> str:
    """Return the field of the form at fault: who speaks for a pioneer is known by the number."""
    return "mobile" if refusal.field == "spokesperson" else refusal.field or ""
