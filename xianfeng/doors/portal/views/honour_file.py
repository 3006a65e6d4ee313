"""一次申报: the one file of a pioneer one speaks for, and declaring with it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.shown import choices
from xianfeng.doors.portal.shown import honours as shown
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, status
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import eligibility, queries, titles
from xianfeng.recognition.honours.models import Dossier, Round
from xianfeng.recognition.honours.operations import declaring, dossiers
from xianfeng.recognition.honours.operations.dossiers import Deed, Profile


def _pioneer(request: SignedRequest, pk: int) -> Pioneer:
    """Return a pioneer the reader speaks for. Raises Missing."""
    found = next((one for one in people.pioneers_of(request.person) if one.pk == pk), None)
    if found is None:
        raise Missing
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mine(request: SignedRequest, pk: int) -> HttpResponse:
    """Show the file of a pioneer the reader speaks for; POST writes who they are."""
    row = dossiers.open_for(_pioneer(request, pk).pk, by=request.person)
    if request.method != "POST":
        return _file(request, row)
    given = Profile(request.POST.get("profile", ""), request.POST.getlist("specialities"))
    return _kept(request, row, lambda: dossiers.describe(row.pk, given, by=request.person))


def _kept(request: SignedRequest, row: Dossier, act: Callable[[], object]) -> HttpResponse:
    refusal = attempt(act)
    return (
        _file(request, row, refusal)
        if refusal
        else flash.say(redirect("portal:honour-file", row.pioneer_id), "file-kept")
    )


def _file(request: SignedRequest, row: Dossier, refusal: Refusal | None = None) -> HttpResponse:
    known = queries.prefilled(row)
    context = {
        "tab": "me", "row": row, "known": known, "gaps": shown.gaps(known.gaps), "limits": titles.numbers("file"),
        "items": row.items.filter(removed_at=None).select_related("matter", "achievement").order_by("-id"),
        "skills": choices.skills(""), "typed": request.POST,
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return render(
        request, "portal/honours/file.html", context, status=status(refusal.code) if refusal else 200
    )


@require_POST
@signed_in
def deed(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a deed into the file."""
    row = dossiers.open_for(_pioneer(request, pk).pk, by=request.person)
    return _kept(request, row, lambda: dossiers.tell_deed(row.pk, _deed(request), by=request.person))


def _deed(request: SignedRequest) -> Deed:
    text = request.POST.get("day", "").strip()
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise Refused("date-unread", field="day")
    return Deed(request.POST.get("title", ""), request.POST.get("text", ""), day)


@require_POST
@signed_in
def need(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a need that was met into the file."""
    row, number = (
        dossiers.open_for(_pioneer(request, pk).pk, by=request.person),
        request.POST.get("number", "")[:24],
    )
    return _kept(request, row, lambda: dossiers.add_matter(row.pk, number, by=request.person))


@require_POST
@signed_in
def achievement(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a published achievement into the file."""
    row, chosen = (
        dossiers.open_for(_pioneer(request, pk).pk, by=request.person),
        request.POST.get("achievement", ""),
    )
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    return _kept(request, row, lambda: dossiers.add_achievement(row.pk, number, by=request.person))


@require_POST
@signed_in
def document(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a document into the file."""
    row = dossiers.open_for(_pioneer(request, pk).pk, by=request.person)
    sent = request.FILES.get("document")
    most = titles.numbers("file")["megabytes"] * 1024 * 1024 + 1
    data, title = (sent.read(most) if sent else b""), request.POST.get("title", "")
    return _kept(request, row, lambda: dossiers.add_document(row.pk, title, data, by=request.person))


@require_POST
@signed_in
def remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take an entry out of one's file."""
    row = Dossier.objects.filter(items=pk, person=request.person).exclude(pioneer=None).first()
    if row is None:
        raise Missing
    return _kept(request, row, lambda: dossiers.remove_item(pk, by=request.person))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def declare(request: SignedRequest, pk: int) -> HttpResponse:
    """Declare a pioneer the reader speaks for, with what the record says of them and what is still missing."""
    about = queries.public_round(pk)
    speaks = [one for one in people.pioneers_of(request.person) if one.kind == titles.title(about.title).kind]
    chosen = request.POST.get("pioneer", request.GET.get("pioneer", ""))
    pioneer = next((one for one in speaks if str(one.pk) == chosen), speaks[0] if speaks else None)
    if pioneer is None:
        raise Missing
    refusal, words, one = None, request.POST.get("statement", ""), pioneer
    if request.method == "POST":
        refusal = attempt(lambda: declaring.declare(pk, one.pk, by=request.person, statement=words))
        if refusal is None:
            return flash.say(redirect("portal:honour-round", pk), "honour-declared")
    return _declare(request, about, pioneer, words, refusal)


def _declare(
    request: SignedRequest, about: Round, pioneer: Pioneer, words: str, refusal: Refusal | None
) -> HttpResponse:
    row = dossiers.open_for(pioneer.pk, by=request.person)
    known, rules = queries.prefilled(row), list(about.rules.order_by("position"))
    found = eligibility.read(about, rules, min(about.closes_at, clock.now()), only=[pioneer.pk])
    answers = eligibility.explain(rules, found[0].numbers, request.LANGUAGE_CODE) if found else []
    context = {
        "tab": "pioneers", "about": about, "pioneer": pioneer, "row": row, "known": known, "answers": answers,
        "in_field": bool(found), "gaps": shown.gaps(known.gaps), "words": words,
        "limit": titles.numbers("file")["text_length"],
        "items": row.items.filter(removed_at=None).order_by("-id"),
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return render(
        request, "portal/honours/declare.html", context, status=status(refusal.code) if refusal else 200
    )


@require_POST
@signed_in
def withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a declaration back."""
    row = declaring.withdraw(pk, by=request.person)
    return flash.say(redirect("portal:honour-round", row.round_id), "honour-withdrawn")
