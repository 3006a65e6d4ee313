"""会议: those the reader is invited to or leads, one whole, calling one, its minutes as a paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal.forms import moments
from xianfeng.doors.portal.shown import meetings as shown
from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.shown.choices import Choice
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.ui import flash
from xianfeng.services.meetings import kinds, paper, queries, rules
from xianfeng.services.meetings.models import Meeting
from xianfeng.services.meetings.operations import calling
from xianfeng.services.meetings.operations.calling import Call

PAGE = 20


@require_safe
@signed_in
def show_all(request: SignedRequest) -> HttpResponse:
    """List the meetings the reader may see, the latest first."""
    rows = queries.of(request.person).filter(
        newest.older("starts_at", newest.before(request, "portal:meetings"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "me", "rows": shown.rows(found[:PAGE]), "may_call": bool(queries.may_call_in(request.person)),
        "tanks": queries.think_tanks_of(request.person),
        "more": newest.address("portal:meetings", (last.starts_at, last.pk)) if last else "",
    }  # fmt: skip
    return render(request, "portal/meetings/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest) -> HttpResponse:
    """Call a meeting where the reader leads."""
    areas, refusal = queries.may_call_in(request.person), None
    if not areas:
        raise Refused("meeting-needs-post")
    made: list[Meeting] = []
    if request.method == "POST":
        refusal = tried(request, lambda: made.append(calling.call(_call(request), by=request.person)))
        if refusal is None:
            to = redirect("portal:meeting", made[0].pk) if made else redirect("portal:meetings")
            return flash.say(to, "sent")
    chosen, language = request.POST.get("area", ""), get_language() or ""
    context = {
        "tab": "me", "typed": request.POST, "kinds": shown.kind_choices(request.POST.get("kind", "")),
        "areas": [Choice(str(one.pk), places.full_name(one, language), str(one.pk) == chosen) for one in areas],
        "limits": kinds.numbers("meeting"),
    }  # fmt: skip
    return page(request, "portal/meetings/new.html", context, refusal)


def _call(request: SignedRequest) -> Call:
    typed = request.POST
    numbers = [one for one in typed.get("numbers", "").replace("，", " ").replace(",", " ").split() if one]
    return Call(
        typed.get("kind", ""), moments.whole(typed.get("area", ""), field="area"), typed.get("title", ""),
        typed.get("place", ""), moments.moment(typed.get("starts_at", ""), field="starts_at"), numbers=numbers,
    )  # fmt: skip


@require_safe
@signed_in
def show(request: SignedRequest, pk: int) -> HttpResponse:
    """Show one meeting: when and where, who comes, the agenda with what was decided and handed over."""
    return whole(request, queries.meeting_for(request.person, pk))


def whole(request: SignedRequest, row: Meeting, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the page of a meeting, and with why something was refused."""
    invited = shown.invited(row)
    context = {
        "tab": "me", "about": shown.rows([row])[0], "row": row, "agenda": shown.agenda(row), "invited": invited,
        "mine": next((one for one, _, _ in invited if one.person_id == request.person.pk), None),
        "runs": rules.runs(request.person, row), "typed": request.POST, "limits": kinds.numbers("meeting"),
    }  # fmt: skip
    return page(request, "portal/meetings/meeting.html", context, refusal)


@require_safe
@signed_in
def minutes(request: SignedRequest, pk: int) -> HttpResponse:
    """Answer with the minutes as PDF."""
    row = queries.meeting_for(request.person, pk)
    response = HttpResponse(paper.minutes(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="meeting-{pk}.pdf"'
    return response
