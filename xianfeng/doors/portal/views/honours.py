"""荣誉: rounds and who was honoured, for everybody; objecting, reviewing, checking a certificate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.shown import honours as shown
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, status
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import certificates, queries, titles
from xianfeng.recognition.honours.models import Candidacy
from xianfeng.recognition.honours.operations import deciding, reviewing

NEWEST, ROUNDS = 20, 20


@require_safe
def honours(request: HttpRequest) -> HttpResponse:
    """Show the newest rounds, and who was honoured last: each person once, with all their honours."""
    person = getattr(request, "person", None)
    context = {
        "tab": "pioneers", "rounds": shown.rounds(queries.public_rounds()[:ROUNDS]),
        "cards": shown.cards(queries.newest_honoured(NEWEST)),
        "reviews": queries.reviews_of(person) if person else [],
    }  # fmt: skip
    return render(request, "portal/honours/honours.html", context)


@require_safe
def about_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round: rules, places, days; once the notice runs, who was chosen and what was objected and answered."""
    about = queries.public_round(pk)
    person = getattr(request, "person", None)
    mine = (
        about.candidacies.filter(pioneer__in=people.pioneers_of(person))
        if person
        else Candidacy.objects.none()
    )
    context = {
        "tab": "pioneers", "card": shown.rounds([about])[0], "about": about, "rules": shown.rules(about),
        "quotas": shown.quotas(about), "criteria": about.criteria.order_by("position"),
        "chosen": queries.chosen_of(about), "answers": queries.answers_of(about),
        "mine": mine.select_related("pioneer"), "speaks": people.pioneers_of(person),
    }  # fmt: skip
    return render(request, "portal/honours/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def object_to(request: SignedRequest, pk: int) -> HttpResponse:
    """Object to somebody under public notice."""
    row = Candidacy.objects.select_related("pioneer", "round").filter(pk=pk, state="selected").first()
    if row is None or row.round.state != "notice":
        raise Missing
    refusal, words = None, request.POST.get("text", "")
    if request.method == "POST":
        refusal = attempt(lambda: deciding.object_to(pk, words, by=request.person))
        if refusal is None:
            return flash.say(redirect("portal:honour-round", row.round_id), "objected")
    context = {
        "tab": "pioneers", "row": row, "text": words, "errors": _errors(refusal),
        "limit": titles.numbers("objection")["text_length"],
    }  # fmt: skip
    return render(
        request, "portal/honours/object.html", context, status=status(refusal.code) if refusal else 200
    )


def _errors(refusal: Refusal | None) -> dict[str, str]:
    return {refusal.field or "": told(refusal)} if refusal else {}


@require_safe
@signed_in
def review(request: SignedRequest, pk: int) -> HttpResponse:
    """Show a reviewer what they score: own points alone."""
    return _review(request, pk)


def _review(request: SignedRequest, pk: int, refusal: Refusal | None = None, at: int = 0) -> HttpResponse:
    reviewer = queries.reviewer_in(request.person, pk)
    judged = list(reviewer.round.criteria.filter(source="review").order_by("position"))
    sheets = [
        (one, [(criterion, one.points.get(criterion.position, "")) for criterion in judged])
        for one in queries.sheets_for(reviewer)
    ]
    context = {
        "tab": "me", "about": reviewer.round, "sheets": sheets, "errors": _errors(refusal), "at": at,
        "given": sum(bool(one.points) for one, _ in sheets), "open": sum(not one.kept_out for one, _ in sheets),
    }  # fmt: skip
    return render(
        request, "portal/honours/review.html", context, status=status(refusal.code) if refusal else 200
    )


@require_POST
@signed_in
def score(request: SignedRequest, pk: int) -> HttpResponse:
    """Give points, or say that one is too near to judge."""
    row = Candidacy.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    out = request.POST.get("keep_out") == "1"
    if out:
        refusal = attempt(lambda: reviewing.declare_conflict(pk, by=request.person))
    else:
        refusal = attempt(lambda: reviewing.score(pk, _points(request), by=request.person))
    if refusal:
        return _review(request, row.round_id, refusal, pk)
    to = redirect(f"{reverse('portal:honour-review', args=[row.round_id])}#c-{pk}")
    return flash.say(to, "kept-out" if out else "scored")


def _points(request: SignedRequest) -> dict[int, int]:
    """Return the points of a form by criterion. Raises Refused 'points-invalid' for what is no number."""
    names = [name for name in request.POST if name.startswith("p-")]
    found = {name.removeprefix("p-"): str(request.POST.get(name, "")).strip() for name in names}
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in (*found, *found.values())):
        raise Refused("points-invalid", field="points")
    return {int(position): int(points) for position, points in found.items()}


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Say what the code of a certificate stands for, to anybody."""
    code = request.GET.get("code", "")[:40]
    found = certificates.check(code) if code else None
    context = {
        "tab": "pioneers", "code": code, "found": found, "asked": bool(code),
        "named": shown.named(found.honour) if found else None,
    }  # fmt: skip
    return render(request, "portal/honours/check.html", context)


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Return the certificate of an honour that stands, as PDF."""
    found = certificates.check(code)
    if found is None or found.stands != certificates.VALID:
        raise Missing
    address = request.build_absolute_uri(f"{reverse('portal:honour-check')}?code={found.honour.code}")
    made = certificates.certificate(found.honour, address=address, language=get_language() or "")
    name = f'inline; filename="certificate-{found.honour.code}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})
