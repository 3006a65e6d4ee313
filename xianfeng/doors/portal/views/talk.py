"""Between the two sides: messages, the other's number, a team called along and its visit."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.forms.asking import number as row_number
from xianfeng.doors.portal.forms.visit import visit_at
from xianfeng.doors.portal.shown.reader import asker_name, reader_of
from xianfeng.doors.portal.views import need as pages
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt, once
from xianfeng.doors.portal.views.moves import back
from xianfeng.doors.portal.views.photos import sent
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Level
from xianfeng.matters import queries
from xianfeng.matters.models import Matter
from xianfeng.matters.operations import handling, talking

TEAMS = 20


@require_POST
@signed_in
def messages(request: SignedRequest, number: str) -> HttpResponse:
    """Leave a message in the own thread, or answer in one; sent twice it stands once."""
    text, thread = request.POST.get("text", ""), request.POST.get("pioneer", "")
    keys, refusal = sent(request)
    pioneer = row_number(thread)
    refusal = refusal or once(
        lambda: talking.send_message(number, text, by=request.person, pioneer_id=pioneer, photos=keys),
        by=request.person, key=request.POST.get("key", ""),
        print_of_form=idempotency.fingerprint("message", number, thread, text),
    )  # fmt: skip
    if refusal:
        return pages.again(request, number, refusal, text=text, thread=pioneer, keys=keys)
    return back(number, "sent", "talk")


@require_POST
@signed_in
def contact(request: SignedRequest, number: str) -> HttpResponse:
    """Show the other side's number on tap; every look is recorded."""
    mobile = talking.show_other_side(number, by=request.person)
    matter = queries.matter_for(request.person, number)
    reader = reader_of(request.person, [], matter)
    taker = matter.taken_by.name if matter.taken_by else ""
    other = taker if reader.requester else asker_name(matter, reader)
    context = {"number": number, "mobile": mobile, "other": other, "tab": "needs"}
    template = "portal/parts/tel.html" if request.headers.get("HX-Request") else "portal/contact.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def team(request: SignedRequest, number: str) -> HttpResponse:
    """Choose a team to call along (GET, with words to look for), or call it (POST)."""
    page = pages.holding(request, number)
    if request.method == "POST":
        team_id = row_number(request.POST.get("team", "")) or 0
        refusal = attempt(lambda: handling.call_team(number, team_id, by=request.person))
        return pages.again(request, number, refusal) if refusal else back(number, "team-called")
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "page": page, "matter": page.matter, "words": words, "tab": "needs",
        "rows": [(one, places.name(one.area, get_language() or "")) for one in _teams(page.matter, words)],
        "action": reverse("portal:team", args=[number]),
    }  # fmt: skip
    return render(request, "portal/team.html", context)


def _teams(matter: Matter, words: str) -> list[Pioneer]:
    """Return the teams `words` find; without words those of the county, first who can do what the need is about."""
    if words:
        return list(people.directory(kind="collective", words=words)[:TEAMS])
    county = places.at_level(matter.area, Level.COUNTY)
    near = people.directory(kind="collective", area_id=county.pk if county else None)
    able = list(near.filter(skills__contains=[matter.category])[:TEAMS]) if matter.category else []
    return [*able, *near.exclude(pk__in=[one.pk for one in able])[: TEAMS - len(able)]]


@require_POST
@signed_in
def visit(request: SignedRequest, number: str) -> HttpResponse:
    """Answer a call as the team's spokesperson: a visit at an instant, or not this time."""
    called, agreed = row_number(request.POST.get("visit", "")) or 0, request.POST.get("answer") == "yes"
    refusal = attempt(
        lambda: handling.answer_call(
            called, by=request.person, visit_at=visit_at(request.POST) if agreed else None
        )
    )
    if refusal:
        return pages.again(request, number, refusal)
    return back(number, "visit-agreed" if agreed else "visit-declined")
