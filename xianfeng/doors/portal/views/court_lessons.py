"""以案释法: what cases teach, for everybody; writing a lesson and explaining it; checking an agreement by its code."""

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.forms import court as forms
from xianfeng.doors.portal.forms.asking import number as row_number
from xianfeng.doors.portal.shown import newest, people
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.ui import flash, words
from xianfeng.services.mediation import anonymous, numbers, papers, queries, rules
from xianfeng.services.mediation.models import Lecture, Lesson
from xianfeng.services.mediation.operations import lessons as operations

PAGE = 20


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """List the lessons that were published, newest first."""
    rows = queries.lessons().filter(newest.older("published_at", newest.before(request, "portal:lessons")))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = (
        newest.address("portal:lessons", (last.published_at, last.pk)) if last and last.published_at else ""
    )
    context = {
        "tab": "pioneers",
        "rows": [(one, people.where(one.area_id)) for one in found[:PAGE]],
        "more": more,
    }
    return render(request, "portal/court/lessons.html", context)


@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one lesson, with where and when it is explained."""
    return _lesson(request, pk)


def _lesson(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    person = cast("AskedRequest", request).person
    row = queries.lesson_for(person, pk)
    found = [
        (one, people.where(one.area_id), rules.may_attend(one) is None, words.planned(one.starts_at))
        for one in queries.lectures(row)[:PAGE]
    ]
    keeps = queries.keeps_lesson(person, row) if person else False
    context = {
        "tab": "pioneers", "row": row, "where": people.where(row.area_id), "lectures": found, "keeps": keeps,
        "typed": request.POST, "place_length": numbers.of("hearing")["place_length"],
    }  # fmt: skip
    return page(request, "portal/court/lesson.html", context, refusal)


@require_POST
@signed_in
def begin(request: SignedRequest, number: str) -> HttpResponse:
    """Draft a lesson of a case, and go on to read it."""
    row = operations.draft(number, by=request.person)
    return HttpResponseRedirect(reverse("portal:lesson-edit", args=[row.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Read a draft, word it anew, publish it, or drop it; a published one is taken back."""
    row = queries.lesson_for(request.person, pk)
    if not queries.keeps_lesson(request.person, row) or rules.side_of(request.person, row.case):
        raise Missing
    refusal = None
    if request.method == "POST":
        refusal = tried(request, lambda: _act(request, pk))
        if refusal is None:
            return _after(request, pk)
    typed = request.POST if refusal else {"title": row.title, "text": row.text}
    limits, left = (
        numbers.of("lesson"),
        anonymous.left(f"{row.title}\n{row.text}", operations.names_of(row.case)),
    )
    context = {
        "tab": "me", "row": row, "typed": typed, "left": left, "limits": limits, "removed": sum(row.removed.values()),
    }  # fmt: skip
    return page(request, "portal/court/lesson_edit.html", context, refusal)


def _act(request: SignedRequest, pk: int) -> object:
    typed, act = request.POST, request.POST.get("act", "")
    if act == "back":
        return operations.take_back(pk, by=request.person)
    if act == "publish":
        return operations.publish(pk, by=request.person, read=typed.get("read") == "1")
    return operations.change(pk, typed.get("title", ""), typed.get("text", ""), by=request.person)


def _after(request: SignedRequest, pk: int) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "back":
        return flash.say(HttpResponseRedirect(reverse("portal:lessons")), "withdrawn")
    name = "portal:lesson" if act == "publish" else "portal:lesson-edit"
    return flash.say(HttpResponseRedirect(reverse(name, args=[pk])), "saved")


@require_POST
@signed_in
def lecture(request: SignedRequest, pk: int) -> HttpResponse:
    """Announce where and when a lesson is explained."""
    row = queries.lesson_for(request.person, pk)
    refusal = tried(request, lambda: operations.announce(
        pk, row.area_id, request.POST.get("place", ""), forms.starts_at(request.POST), by=request.person
    ))  # fmt: skip
    if refusal:
        return _lesson(request, pk, refusal)
    return flash.say(HttpResponseRedirect(reverse("portal:lesson", args=[pk])), "saved")


@require_POST
@signed_in
def attend(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that one is there, with the code that is read out."""
    row = _of(pk)
    refusal = tried(request, lambda: operations.attend(pk, request.POST.get("code", ""), by=request.person))
    if refusal:
        return _lesson(request, row.pk, refusal)
    return flash.say(HttpResponseRedirect(reverse("portal:lesson", args=[row.pk])), "saved")


@require_POST
@signed_in
def held(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that a lecture was held and how many came, or call it off."""
    row, heads = _of(pk), row_number(request.POST.get("heads", ""))
    if request.POST.get("act") == "off":
        refusal = tried(request, lambda: operations.call_off(pk, by=request.person))
    else:
        refusal = tried(
            request, lambda: operations.hold(pk, -1 if heads is None else heads, by=request.person)
        )
    if refusal:
        return _lesson(request, row.pk, refusal)
    return flash.say(HttpResponseRedirect(reverse("portal:lesson", args=[row.pk])), "saved")


def _of(pk: int) -> Lesson:
    found = Lecture.objects.select_related("lesson").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found.lesson


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Say what the code of an agreement stands for, to anybody: no name, no sum; and whether a file is the one."""
    code = (request.POST.get("code") or request.GET.get("code", ""))[:40]
    row = queries.by_code(code) if code else None
    file = request.FILES.get("file")
    same = None
    if row is not None and file is not None:
        same = bool(row.paper_hash) and hashlib.sha256(file.read()).hexdigest() == row.paper_hash
    context: dict[str, object] = {
        "tab": "pioneers", "code": code, "asked": bool(code), "found": row, "same": same, "errors": {},
        "signed": row.signatures.count() if row else 0,
        "confirmation": getattr(row, "confirmation", None) if row else None,
        "shown_code": papers.shown(row.code) if row else "",
    }  # fmt: skip
    return render(request, "portal/court/check.html", context)
