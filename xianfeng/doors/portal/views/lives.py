"""直播: what is announced, runs and ran; reminders, viewers, comments; and what a pioneer does with their own."""

import base64
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.forms.asking import number
from xianfeng.doors.portal.forms.visit import instant
from xianfeng.doors.portal.shown import choices, people
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people import queries as everybody
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.ui import flash
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.models import Comment, Live
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.operations.lives import Plan
from xianfeng.recognition.showcase.queries import achievements
from xianfeng.recognition.showcase.queries import lives as queries

PAGE, MOST = 20, 200
VIEWER, _YEAR = "xf_viewer", 365 * 86_400
_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
FIELDS = ("title", "text", "link", "day", "hour", "achievement", "pioneer")


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """List broadcasts: what runs, what comes soonest, what is over; or one's own (`?mine=1`)."""
    person = cast("AskedRequest", request).person
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("area", "pioneer", "mine")}
    at = min(number(request.GET.get("page", "")) or 0, MOST)
    mine = bool(asked["mine"]) and person is not None
    rows = queries.own(person) if mine and person else queries.public(
        area=choices.area(asked["area"]), pioneer_id=number(asked["pioneer"])
    )  # fmt: skip
    found = list(rows[at * PAGE : (at + 1) * PAGE + 1])
    context = {
        "tab": "pioneers", "asked": asked, "cards": shown.on_air(found[:PAGE]), "mine": mine,
        "areas": choices.counties(asked["area"]), "speaks": bool(everybody.pioneers_of(person)),
        "more": _more(asked, at + 1) if len(found) > PAGE and at < MOST else "",
    }  # fmt: skip
    return render(request, "portal/showcase/lives.html", context)


def _more(asked: dict[str, str], at: int) -> str:
    from urllib.parse import urlencode

    return f"{reverse('portal:lives')}?{urlencode({**{k: v for k, v in asked.items() if v}, 'page': at})}"


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one broadcast; opening it while it runs or afterwards counts its viewer, once."""
    person = cast("AskedRequest", request).person
    return _page(request, queries.live_for(person, pk))


def _page(request: HttpRequest, row: Live, refusal: Refusal | None = None) -> HttpResponse:
    person = cast("AskedRequest", request).person
    own = rules.speaks(person, row.pioneer)
    context = {
        "tab": "pioneers", "row": row, "where": people.where(row.area_id), "own": own,
        "state": shown.state_name(row.state), "subscribed": queries.subscribed(person, row),
        "counts": rules.may_watch(row), "typed": request.POST,
        "comments": [_comment(one, own=own) for one in queries.comments_of(row, by=person)],
        "organisation": people.organisation(row.pioneer.organisation),
    }  # fmt: skip
    response = page(request, "portal/showcase/live.html", context, refusal)
    if context["counts"] and person is None and VIEWER not in request.COOKIES:
        response.set_cookie(VIEWER, token_urlsafe(18), max_age=_YEAR, httponly=True, samesite="Lax")
    return response


def _comment(row: Comment, *, own: bool) -> dict[str, Any]:
    waits = row.state == "waiting"
    return {"row": row, "who": public_name(row.author.name), "waits": waits, "judge": own, "shown": not waits}


@require_safe
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the dot a broadcast's page carries: who fetches it has opened the page, and is counted once.

    A visitor is known by the cookie that came with the page: what sends none back is no browser, and not counted.
    """
    person = cast("AskedRequest", request).person
    who = f"person:{person.pk}" if person else f"visitor:{request.COOKIES.get(VIEWER, '')[:60]}"
    if request.method == "GET" and who != "visitor:":
        lives.count_viewers(queries.live_for(person, pk).pk, [who])
    response = HttpResponse(_DOT, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest) -> HttpResponse:
    """Ask what is to be broadcast and when; POST proposes it to the organisation."""
    speaks = everybody.pioneers_of(request.person)
    if not speaks:
        raise Refused("not-a-pioneer")
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    refusal, pioneer = None, next((one for one in speaks if str(one.pk) == typed["pioneer"]), speaks[0])
    if request.method == "POST":
        refusal = tried(request, lambda: lives.propose(_plan(typed), by=request.person, pioneer=pioneer))
        if refusal is None:
            return flash.say(HttpResponseRedirect(f"{reverse('portal:lives')}?mine=1"), "submitted")
    shows = achievements.own(request.person).filter(state="published")[:50]
    context = {
        "tab": "pioneers", "speaks": speaks, "typed": typed,
        "achievements": [choices.Choice(str(one.pk), one.title, str(one.pk) == typed["achievement"]) for one in shows],
    }  # fmt: skip
    return page(request, "portal/showcase/live_form.html", context, refusal)


def _plan(typed: dict[str, str]) -> Plan:
    return Plan(
        title=typed["title"], text=typed["text"], link=typed["link"], achievement_id=number(typed["achievement"]),
        starts_at=instant(typed["day"], typed["hour"], field="starts_at"),
    )  # fmt: skip


_MOVES: dict[str, tuple[Callable[..., object], dict[str, object], str]] = {
    "start": (lives.start, {}, "live-started"),
    "end": (lives.end, {}, "live-ended"),
    "cancel": (lives.cancel, {}, "withdrawn"),
    "subscribe": (lives.subscribe, {}, "subscribed"),
    "unsubscribe": (lives.subscribe, {"wanted": False}, "unsubscribed"),
}


@require_POST
@signed_in
def move(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Start, end or call off an own broadcast; be reminded of one, or not any more; comment on it."""
    if name == "comment":
        return _write(request, pk)
    if name not in _MOVES:
        raise Missing
    act, more, said = _MOVES[name]
    act(pk, by=request.person, **more)
    return flash.say(redirect("portal:live", pk), said)


def _write(request: SignedRequest, pk: int) -> HttpResponse:
    words = request.POST.get("text", "")
    refusal = tried(request, lambda: lives.comment(pk, words, by=request.person))
    if refusal is not None:
        return _page(request, queries.live_for(request.person, pk), refusal)
    return flash.say(redirect("portal:live", pk), "commented")


@require_POST
@signed_in
def judge_comment(request: SignedRequest, pk: int) -> HttpResponse:
    """Let a comment under an own broadcast through, or hide it."""
    row = lives.judge_comment(pk, by=request.person, shown=request.POST.get("show") == "1")
    return flash.say(redirect("portal:live", row.live_id), "judged")
