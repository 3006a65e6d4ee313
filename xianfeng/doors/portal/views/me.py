"""我的: what I asked, what I have in hand, how I am called, where I am signed in."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal.shown import mine, newest
from xianfeng.doors.portal.shown.preferences import preferences
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused, status
from xianfeng.foundation.people import operations, queries
from xianfeng.foundation.people import sessions as tokens
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters import queries as matters
from xianfeng.matters.models import Matter

PAGE = 20


@require_safe
@signed_in
def show(request: SignedRequest) -> HttpResponse:
    """Show what is mine: where things stand, and the ways to everything of one's own."""
    speaks = queries.pioneers_of(request.person)
    context = {
        "tab": "me", "speaks": speaks, "counts": mine.counts(request.person), "where": where(request),
        "held": sum(one.held for one in speaks), "staff": queries.is_staff(request.person),
    }  # fmt: skip
    return render(request, "portal/me.html", context)


@require_safe
@signed_in
def needs(request: SignedRequest) -> HttpResponse:
    """List what the reader (or a firm they answer for) asked, newest first."""
    found, more = _page(request, matters.mine(request.person), "raised_at", "portal:my-needs")
    context = {"tab": "me", "rows": mine.rows(found, "asked"), "more": more}
    return render(request, "portal/my_needs.html", context)


@require_safe
@signed_in
def jobs(request: SignedRequest) -> HttpResponse:
    """List bookings that wait for the reader's answer, what is in hand, and what was done."""
    past = matters.jobs(request.person).exclude(state="taken")
    found, more = _page(request, past, "taken_at", "portal:my-jobs")
    first = "cursor" not in request.GET
    context: dict[str, Any] = {"tab": "me", "done": mine.rows(found, "held"), "more": more, "first": first}
    if first:
        context |= {
            "offered": mine.rows(matters.offered_to(request.person), "offered"),
            "held": mine.rows(matters.jobs(request.person).filter(state="taken"), "held"),
            "speaks": bool(queries.pioneers_of(request.person)),
        }
    return render(request, "portal/my_jobs.html", context)


def _page(request: SignedRequest, rows: QuerySet[Matter], by: str, name: str) -> tuple[list[Matter], str]:
    """Return one page of `rows`, newest by the instant `by` first, and where the next begins ('' at the end)."""
    found = list(rows.filter(newest.older(by, newest.before(request, name)))[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], newest.address(name, (getattr(last, by), last.pk)) if last else ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: SignedRequest) -> HttpResponse:
    """Show and change how the reader is called; language, size and colours go to their own address."""
    refused, name = None, request.person.name
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            operations.change_profile(by=request.person, name=name)
            return flash.say(HttpResponseRedirect(reverse("portal:profile")), "saved")
        except Refused as refusal:
            refused = refusal.refusal
    context = {
        "tab": "me", "name": name, "limit": catalogue.load("people")["name"]["length"], "where": where(request),
        "errors": {refused.field or "": told(refused)} if refused else {},
        "preferences": preferences(request.mode, request.theme),
    }  # fmt: skip
    return render(request, "portal/profile.html", context, status=status(refused.code) if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sessions(request: SignedRequest) -> HttpResponse:
    """List where the reader is signed in; POST ends all but the session in hand."""
    token = tokens.token_of(request)[0]
    if request.method == "POST":
        operations.end_other_sessions(by=request.person, keep_token=token)
        return flash.say(HttpResponseRedirect(reverse("portal:sessions")), "sessions-ended")
    own = tokens.token_hash(token)
    rows = [(row, bytes(row.token_hash) == own) for row in queries.sessions_of(request.person)[:50]]
    return render(request, "portal/sessions.html", {"tab": "me", "rows": rows, "others": len(rows) > 1})
