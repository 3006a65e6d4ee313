"""What is done in a case: each a form on its page, done once, refused where it was asked."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xianfeng.doors.portal.forms import court as forms
from xianfeng.doors.portal.forms.asking import number as row_number
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.court import show
from xianfeng.doors.portal.views.forms import tried
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui import flash
from xianfeng.services.mediation import queries
from xianfeng.services.mediation.models import Hearing
from xianfeng.services.mediation.operations import (
    agreeing,
    confirming,
    hearings,
    keeping,
    leading,
    opening,
    talking,
)
from xianfeng.services.mediation.states import ALL

Move = Callable[[SignedRequest, str], object]


def _words(request: SignedRequest) -> str:
    return request.POST.get("words", "")


def _plan(request: SignedRequest, number: str) -> object:
    typed = request.POST
    minutes = row_number(typed.get("minutes", "")) or 0
    return hearings.plan(number, forms.starts_at(typed), typed.get("place", ""), minutes, by=request.person)


def _add(request: SignedRequest, number: str) -> object:
    named = forms.people(request.POST.get("name", ""), field="name")
    if not named:
        raise Missing
    return opening.add_party(number, request.POST.get("side", ""), named[0], by=request.person)


def _decide(request: SignedRequest, number: str) -> object:
    confirmed = request.POST.get("confirmed") == "1"
    ruling = request.POST.get("court_number", "")
    return confirming.decide(number, confirmed=confirmed, court_number=ruling, by=request.person)


MOVES: dict[str, tuple[Move, str]] = {
    "consent": (lambda r, n: opening.consent(n, by=r.person), "saved"),
    "leave": (lambda r, n: opening.leave(n, by=r.person, words=_words(r)), "saved"),
    "add": (_add, "saved"),
    "say": (
        lambda r, n: talking.say(n, r.POST.get("text", ""), by=r.person, channel=r.POST.get("channel", ALL)),
        "sent",
    ),
    "object": (lambda r, n: leading.object_to(n, _words(r), by=r.person), "saved"),
    "recuse": (lambda r, n: leading.recuse(n, _words(r), by=r.person), "saved"),
    "plan": (_plan, "saved"),
    "sign": (lambda r, n: agreeing.sign(n, r.POST.get("digest", ""), by=r.person), "saved"),
    "fail": (lambda r, n: talking.fail(n, _words(r), by=r.person), "saved"),
    "extend": (lambda r, n: talking.extend(n, by=r.person), "extended"),
    "renew": (lambda r, n: keeping.renew(n, by=r.person), "saved"),
    "to-court": (lambda r, n: keeping.go_to_court(n, by=r.person), "saved"),
    "ask-court": (lambda r, n: confirming.ask(n, by=r.person), "sent"),
    "decide": (_decide, "saved"),
}
DUTIES: dict[str, Callable[..., object]] = {
    "paid": keeping.confirm, "not-paid": keeping.deny, "say-paid": keeping.say_paid,
}  # fmt: skip


@require_POST
@signed_in
def move(request: SignedRequest, number: str, name: str) -> HttpResponse:
    """Do one thing in a case, and return to it; who is out by that (recused, say) returns to the list."""
    found = queries.case_for(request.person, number)
    if name not in MOVES:
        raise Missing
    act, said = MOVES[name]
    refusal = tried(request, lambda: act(request, number))
    if refusal:
        return show(request, found.matter.number, refusal)
    still = queries.visible_to(request.person).filter(pk=found.pk).exists()
    to = reverse("portal:case", args=[number]) if still else reverse("portal:court")
    return flash.say(HttpResponseRedirect(to), said)


@require_POST
@signed_in
def duty(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Say that what was promised came, did not come, or was given."""
    row = queries.duty_for(request.person, pk)
    if name not in DUTIES:
        raise Missing
    number = row.agreement.case.matter.number
    refusal = tried(request, lambda: DUTIES[name](pk, by=request.person))
    if refusal:
        return show(request, number, refusal)
    return flash.say(HttpResponseRedirect(reverse("portal:case", args=[number])), "saved")


@require_POST
@signed_in
def hearing(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Say as the mediator that a date took place, or call it off."""
    row = Hearing.objects.select_related("case__matter").filter(pk=pk).first()
    acts = {"held": hearings.hold, "off": hearings.call_off}
    if row is None or name not in acts:
        raise Missing
    number = queries.case_for(request.person, row.case.matter.number).matter.number
    refusal = tried(request, lambda: acts[name](pk, by=request.person))
    if refusal:
        return show(request, number, refusal)
    return flash.say(HttpResponseRedirect(reverse("portal:case", args=[number])), "saved")
