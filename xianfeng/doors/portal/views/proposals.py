"""智囊团的建议: what was proposed, how far it is, and the day it was built; anybody may read it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.shown import meetings as shown
from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.shown.choices import Choice
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.ui import flash
from xianfeng.services.meetings import kinds, queries, rules
from xianfeng.services.meetings.models import Proposal
from xianfeng.services.meetings.operations import proposals, teams
from xianfeng.services.meetings.states import ENDS, PUBLIC, Kind

PAGE = 20


@require_safe
def show_all(request: AskedRequest) -> HttpResponse:
    """List the proposals anybody may read (and the reader's own), newest first."""
    state = request.GET.get("state", "")
    state = state if state in PUBLIC else ""
    rows = queries.proposals_visible_to(request.person)
    rows = rows.filter(state=state) if state else rows
    found = list(rows.filter(newest.older("made_at", newest.before(request, "portal:proposals")))[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "pioneers", "cards": shown.cards(found[:PAGE]), "state": state,
        "states": [Choice(one, shown.state_name(one), one == state) for one in PUBLIC],
        "tanks": queries.think_tanks_of(request.person),
        "more": newest.address("portal:proposals", (last.made_at, last.pk), {"state": state}) if last else "",
    }  # fmt: skip
    return render(request, "portal/meetings/proposals.html", context)


@require_safe
def show(request: AskedRequest, pk: int) -> HttpResponse:
    """Show one proposal: its way from proposed to built, and what was said on it."""
    return _page(request, queries.proposal_for(request.person, pk))


def _page(request: AskedRequest, row: Proposal, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "tab": "pioneers", "card": shown.cards([row])[0], "row": row, "steps": shown.steps(row),
        "notes": shown.notes(row), "moves": shown.moves(row, request.person), "limits": kinds.numbers("proposal"),
        "may_note": rules.leads(request.person, row) and row.state not in ENDS[Kind.PROPOSAL], "typed": request.POST,
    }  # fmt: skip
    return page(request, "portal/meetings/proposal.html", context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest, pk: int) -> HttpResponse:
    """Propose something as a member of a think tank."""
    tank = next((one for one in queries.think_tanks_of(request.person) if one.pk == pk), None)
    if tank is None:
        raise Missing
    made: list[Proposal] = []
    refusal = None
    if request.method == "POST":
        title, text = request.POST.get("title", ""), request.POST.get("text", "")
        refusal = tried(request, lambda: made.append(teams.propose(pk, title, text, by=request.person)))
        if refusal is None:
            to = redirect("portal:proposal", made[0].pk) if made else redirect("portal:proposals")
            return flash.say(to, "sent")
    context = {"tab": "me", "tank": tank, "typed": request.POST, "limits": kinds.numbers("proposal")}
    return page(request, "portal/meetings/proposal_new.html", context, refusal)


@require_POST
@signed_in
def move(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Move a proposal on, or say how far it is."""
    row, words = queries.proposal_for(request.person, pk), request.POST.get("words", "")
    refusal = tried(request, lambda: _do(request, pk, name, words))
    return _page(request, row, refusal) if refusal else flash.say(redirect("portal:proposal", pk), "saved")


def _do(request: SignedRequest, pk: int, name: str, words: str) -> Proposal:
    if name == "note":
        return proposals.note(pk, words, by=request.person)
    return proposals.move(pk, name, by=request.person, words=words)
