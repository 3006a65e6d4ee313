"""Award rounds on the desk: the list, setting one up, one whole, who fulfils its rules."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.desk.forms import rounds as forms
from xianfeng.doors.desk.queries.honours import record_of
from xianfeng.doors.desk.shown import honours as shown
from xianfeng.doors.desk.shown import record
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import queries, titles
from xianfeng.recognition.honours.models import Round
from xianfeng.recognition.honours.operations import rounds
from xianfeng.recognition.honours.states import ENDS, RoundState


def _held(request: StaffRequest) -> list[int | None]:
    """Return the organisations of the reader's posts as they were read already, None for the city."""
    return [None] if request.reach.organisations is None else [*request.reach.organisations]


@require_safe
@staff
def honours(request: StaffRequest) -> HttpResponse:
    """List the rounds that the reader runs, newest first."""
    found, more = paged(
        request, queries.rounds_run_by(request.person, _held(request)), name="desk-rounds", at="opens_at",
        most=titles.numbers("round")["page"],
    )  # fmt: skip
    rows = [
        (one, shown.STATES[one.state], shown.title_name(one.title), shown.level_name(one.level))
        for one in found
    ]
    return page(
        request, "desk/honours/rounds.html", {"tab": "honours", "part": "rounds", "rows": rows, "more": more}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """Set up a round: everything on one page, kept as a draft."""
    if request.method != "POST":
        return _form(request, request.POST)
    made: list[Round] = []
    refusal = attempt(
        request, lambda: made.append(rounds.draft(forms.plan(request.POST, request.reach), by=request.person))
    )
    if refusal:
        return _form(request, request.POST, refusal)
    to = redirect("desk:round", made[0].pk) if made else redirect("desk:honours")
    return flash.say(to, "round-drafted")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    about = queries.run_by(request.person, pk, _held(request))
    if about.state != RoundState.DRAFT:
        raise Missing
    if request.method != "POST":
        return _form(request, shown.typed(about))
    refusal = attempt(
        request, lambda: rounds.change(pk, forms.plan(request.POST, request.reach), by=request.person)
    )
    return (
        _form(request, request.POST, refusal)
        if refusal
        else flash.say(redirect("desk:round", pk), "round-drafted")
    )


def _form(request: StaffRequest, typed: QueryDict, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "tab": "honours", "typed": typed, "key": request.POST.get("key") or new_key(),
        **shown.form(typed, request.reach),
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(
        request, "desk/honours/round_form.html", context, status=status(refusal.code) if refusal else 200
    )


@require_safe
@staff
def about_round(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one round whole, with what can be done now."""
    return show(request, queries.run_by(request.person, pk, _held(request)))


def show(request: StaffRequest, about: Round, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the page of a round, and with why something was refused."""
    most = titles.numbers("round")["page"]
    after = request.GET.get("from", "0")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    found = list(queries.candidacies_of(about)[start : start + most + 1])
    parts = shown.parts(about)
    context: dict[str, Any] = {
        "tab": "honours", "about": about, "stands": shown.STATES[about.state],
        "live": RoundState(about.state) not in ENDS,
        "title_name": shown.title_name(about.title), "level_name": shown.level_name(about.level),
        "overlaps": shown.overlaps(about.title), "parts": parts, "reviewers": shown.reviewers(about),
        "rows": shown.rows(parts, found[:most]),
        "objections": queries.objections_of(about), "life": record.lines(record_of(about.pk)),
        "more": start + most if len(found) > most else 0, "key": new_key(), "typed": request.POST,
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/honours/round.html", context, status=status(refusal.code) if refusal else 200)


@require_safe
@staff
def candidates(request: StaffRequest, pk: int) -> HttpResponse:
    """Show everybody in the field with what is missing, who fulfils all first: suggestions to declare."""
    about, language = queries.run_by(request.person, pk, _held(request)), request.LANGUAGE_CODE
    most, field = titles.numbers("round")["page"], queries.field_of(about, language)
    after = request.GET.get("from", "0")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    context = {
        "tab": "honours", "about": about, "rows": field[start : start + most], "count": len(field),
        "fine": sum(one.fine for one in field), "more": start + most if len(field) > start + most else 0,
        "rules": shown.parts(about).rule_words, "key": new_key(), "may_declare": about.state == RoundState.OPEN,
    }  # fmt: skip
    return page(request, "desk/honours/candidates.html", context)
