"""The end of a need: the report, the rating, and the benefit that counts."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.forms import done as forms
from xianfeng.doors.portal.shown.needpage import page_of
from xianfeng.doors.portal.views import need as pages
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.attempt import attempt
from xianfeng.doors.portal.views.moves import back
from xianfeng.doors.portal.views.photos import sent
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui.refusals import told
from xianfeng.matters.operations import photos as photographs
from xianfeng.matters.operations import rating
from xianfeng.matters.operations.handling import report_done


def _form(
    request: SignedRequest, template: str, context: dict[str, Any], refusal: Refusal | None
) -> HttpResponse:
    """Show a form, empty or filled as before; after a refusal with the sentence at its field."""
    errors = {refusal.field or "": told(refusal)} if refusal else {}
    given = {"tab": "needs", "errors": errors, **context}
    return render(request, template, given, status=status(refusal.code) if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: SignedRequest, number: str) -> HttpResponse:
    """Say what was done, who helped, what it brought, with photographs."""
    keys, refusal = sent(request) if request.method == "POST" else ([], None)
    if request.method == "POST" and refusal is None:
        refusal = attempt(lambda: report_done(number, forms.report(request.POST), by=request.person))
        if refusal is None:
            return _attached(request, number, keys)
        if refusal.field is None:
            return pages.again(request, number, refusal)
    page = pages.holding(request, number)
    context = {"page": page, "matter": page.matter, "typed": request.POST, "keys": keys}
    return _form(request, "portal/report.html", context, refusal)


def _attached(request: SignedRequest, number: str, keys: list[str]) -> HttpResponse:
    """Attach the photographs of what has been reported; the report stands also if one of them cannot."""
    for key in keys:
        refusal = attempt(partial(photographs.attach, number, key, by=request.person, purpose="report"))
        if refusal:
            return pages.again(request, number, refusal)
    return back(number, "reported")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rate(request: SignedRequest, number: str) -> HttpResponse:
    """Rate what was done: this ends the need."""
    refusal = None
    if request.method == "POST":
        refusal = attempt(lambda: rating.rate(number, forms.stars(request.POST), by=request.person))
        if refusal is None:
            return back(number, "rated")
    return _stars(request, number, request.POST, refusal, change=False)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_rating(request: SignedRequest, number: str) -> HttpResponse:
    """Change one's rating, within 7 days."""
    refusal = None
    if request.method == "POST":
        refusal = attempt(lambda: rating.change_rating(number, forms.stars(request.POST), by=request.person))
        if refusal is None:
            return back(number, "rating-changed")
    return _stars(request, number, request.POST, refusal, change=True)


def _stars(
    request: SignedRequest, number: str, typed: Mapping[str, str], refusal: Refusal | None, *, change: bool
) -> HttpResponse:
    page = page_of(number, request.person, where(request))
    if not page.reader.requester:
        raise Missing
    given = getattr(page.handling, "rating", None)
    before = {name: getattr(given, name) for name in ("skill", "attitude", "speed", "text")} if given else {}
    context = {"page": page, "matter": page.matter, "typed": typed or before, "change": change}
    return _form(request, "portal/rate.html", context, refusal)


@require_POST
@signed_in
def verify_benefit(request: SignedRequest, number: str) -> HttpResponse:
    """Say as the one who asked that the benefit claimed is true; from then on it counts."""
    refusal = attempt(lambda: rating.verify_benefit(number, by=request.person, verified=True))
    return pages.again(request, number, refusal) if refusal else back(number, "saved")
