"""推广应用 and benefit: somebody asks to use an achievement; what it brought is claimed and judged."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.forms.asking import number
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.films import sent
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Firm
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.matters.models import Matter
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.operations import adoption, benefits
from xianfeng.recognition.showcase.operations.adoption import Wish
from xianfeng.recognition.showcase.operations.benefits import Claim
from xianfeng.recognition.showcase.queries import achievements as queries


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def use(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask what somebody wants to use it for; POST puts the need before its author."""
    row = queries.achievement_for(request.person, pk)
    steps.refuse(rules.may_adopt(request.person, row))
    refusal, made = None, list[Matter]()
    if request.method == "POST":
        here = where(request)
        wish = Wish(request.POST.get("text", ""), here.lat, here.lon, number(request.POST.get("firm", "")))
        refusal = tried(request, lambda: made.append(adoption.ask(pk, wish, by=request.person)))
        if refusal is None:
            to = reverse("portal:need", args=[made[0].number]) if made else reverse("portal:my-needs")
            return flash.say(HttpResponseRedirect(to), "asked-to-use")
    firms = Firm.objects.filter(responsible=request.person, verified_at__isnull=False).order_by("id")
    context = {
        "tab": "pioneers",
        "row": row,
        "typed": request.POST,
        "firms": list(firms),
        "where": where(request),
    }
    return page(request, "portal/showcase/use.html", context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def benefit(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask what an own achievement brought; POST claims it."""
    row = queries.achievement_for(request.person, pk)
    if not rules.speaks(request.person, row.pioneer) or row.state != "published":
        raise Missing
    keys, refusal = sent(request) if request.method == "POST" else ([], None)
    if request.method == "POST" and refusal is None:
        refusal = tried(request, lambda: benefits.claim(pk, _claim(request, keys), by=request.person))
        if refusal is None:
            return flash.say(redirect("portal:achievement", pk), "benefit-claimed")
    typed = request.POST
    context = {
        "tab": "pioneers", "row": row, "typed": typed, "keys": keys,
        "kinds": shown.named("benefit_kind", typed.get("kind", "")),
        "who": shown.named("beneficiary", typed.get("beneficiary", "")),
        "most": catalogue.load("showcase")["achievement"]["photos"],
    }  # fmt: skip
    return page(request, "portal/showcase/benefit.html", context, refusal)


def _claim(request: HttpRequest, keys: list[str]) -> Claim:
    plain = request.POST.get("amount", "").strip().replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise Refused("benefit-invalid", field="amount")
    given = request.POST
    return Claim(given.get("kind", ""), int(plain), given.get("beneficiary", ""), given.get("text", ""), keys)


@require_POST
@signed_in
def judge(request: SignedRequest, pk: int) -> HttpResponse:
    """Say as who had it (or as staff) that a benefit is true, or that it is not, with a reason."""
    verified, words = request.POST.get("verified") == "1", request.POST.get("words", "")
    row = benefits.judge(pk, by=request.person, verified=verified, reason=words)
    to = way_back(
        cast("AskedRequest", request), reverse("portal:achievement", args=[row.achievement_id or 0])
    )
    return flash.say(HttpResponseRedirect(to), "benefit-verified" if verified else "benefit-refused")
