"""代表、委员的工作室: who serves an address, one studio with its hours, and the answers on policy."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.shown import studios as shown
from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import clock, cursors
from xianfeng.services.studios import calendars, numbers, queries, rules
from xianfeng.services.studios.models import Question

PAGE = 10
MOST = 40


@require_safe
def show_all(request: AskedRequest) -> HttpResponse:
    """Show the studios that serve where the reader is, and those open to anyone."""
    sector = request.GET.get("sector", "")
    sector = sector if sector in numbers.table("sector") else ""
    here = where(request)
    near = list(queries.serving_point(here.lat, here.lon)[:MOST]) if here.known and not sector else []
    online = list(queries.online(sector)[:MOST])
    found = shown.cards([*near, *online])
    context = {
        "tab": "pioneers", "near": found[: len(near)], "online": found[len(near) :], "where": here, "sector": sector,
        "sectors": shown.sectors(sector),
    }  # fmt: skip
    return render(request, "portal/studios/studios.html", context)


@require_safe
def show(request: AskedRequest, pk: int) -> HttpResponse:
    """Show a studio: who keeps it, when, how residents judge it, what was answered in public."""
    row = queries.studio_for(pk)
    rows = queries.public_questions(row).filter(
        newest.older("asked_at", newest.before(request, f"studio-{pk}"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "pioneers", "card": shown.card(row, queries.response(row)), "lines": shown.lines(found[:PAGE]),
        "hours": calendars.coming(queries.hours_of(row), clock.now())[:6], "keeps": rules.keeps(request.person, row),
        "open": row.closed_at is None and rules.lives(row.post), "more": _more(pk, last),
    }  # fmt: skip
    return render(request, "portal/studios/studio.html", context)


def _more(pk: int, last: Question | None) -> str:
    """Return where the older questions of a studio begin; newest.address knows pages without a number only."""
    if last is None:
        return ""
    cursor = cursors.pack(f"studio-{pk}", [last.asked_at.isoformat(), last.pk])
    return f"{reverse('portal:studio', args=[pk])}?{urlencode({'cursor': cursor})}"


@require_safe
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with a studio's office hours for calendars."""
    row = queries.studio_for(pk)
    made = calendars.feed(row, queries.hours_of(row), host=request.get_host().partition(":")[0])
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="studio-{pk}.ics"'
    return response


@require_safe
def answers(request: AskedRequest) -> HttpResponse:
    """Find answers on policy by any two characters; newest first."""
    words = request.GET.get("q", "")[:60]
    rows = queries.policies(words).filter(
        newest.older("published_at", newest.before(request, "portal:answers"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "pioneers", "rows": found[:PAGE], "q": words,
        "more": newest.address("portal:answers", (last.published_at, last.pk), {"q": words})
        if last and last.published_at else "",
    }  # fmt: skip
    return render(request, "portal/studios/answers.html", context)
