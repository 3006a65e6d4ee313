"""我要求助: one sentence is enough. The same page books a pioneer or orders from the menu."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal import drafts
from xianfeng.doors.portal.forms import asking as forms
from xianfeng.doors.portal.forms.key import new_key
from xianfeng.doors.portal.queries.front import firms_of
from xianfeng.doors.portal.shown import asking
from xianfeng.doors.portal.shown.asking import Booked
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest
from xianfeng.doors.portal.views.photos import sent
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import catalogue, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed, status
from xianfeng.foundation.ui import flash, refusals
from xianfeng.matters import categories, queries, services
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import raise_matter


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form, filled with what was kept; or send what was typed, once."""
    asked = request.GET.get("offer") or request.GET.get("pioneer") or ""
    booked = asking.booked(request.GET, forms.number(asked))
    if request.method != "POST":
        kept = drafts.read(request)
        begun = asking.start(where(request), booked, request.GET.get("say", ""))
        return _form(request, booked, {**begun, **kept}, kept=bool(kept))
    if cast("AskedRequest", request).person is None:
        return _keep_and_sign_in(request)
    return _send(cast("SignedRequest", request), booked)


def _keep_and_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in and keep the words meanwhile: on the device, or behind one button if they are long."""
    response = _go(request, f"{reverse('portal:sign-in')}?{urlencode({'next': request.get_full_path()})}")
    if drafts.keep(response, request):
        return response
    kept = {name: [request.POST[name]] for name in drafts.FIELDS if request.POST.get(name)}
    return refusals.page(request, Refusal("sign-in-needed"), kept=kept, again=request.get_full_path())


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to `address`; a script that sent the form is told where, so that it can forget what it kept."""
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _send(request: SignedRequest, booked: Booked | None) -> HttpResponse:
    keys, refusal = sent(request)
    try:
        if refusal is None:
            matter = _raise(request, keys, booked)
            response = _go(request, reverse("portal:need", args=[matter.number]))
            response["X-Sent"] = matter.number
            drafts.drop(response, request)
            return flash.say(response, "booked" if booked else "raised")
    except Missing:
        raise
    except Refused as refused:
        refusal = refused.refusal
    return _again(request, booked, keys, refusal)


def _raise(request: SignedRequest, keys: list[str], booked: Booked | None) -> Matter:
    """Raise what was typed; the same form sent twice gives the same need."""
    given = forms.need(request.POST, keys, booked.booking if booked else None)
    printed = idempotency.fingerprint("ask", *(request.POST.get(name, "") for name in drafts.FIELDS))
    try:
        with idempotency.scope(
            f"form:{request.person.pk}", request.POST.get("key", "")[:60] or None, printed
        ):
            return raise_matter(given, by=request.person)
    except Replayed as done:
        return queries.matter_by_id(request.person, done.subject_id)


def _again(request: SignedRequest, booked: Booked | None, keys: list[str], refusal: Refusal) -> HttpResponse:
    """Show the form with the sentence at its field and all that was typed; a used key is replaced."""
    typed = request.POST.dict()
    if refusal.code == "key-reused":
        refusal, typed["key"] = Refusal("sent-before"), new_key()
    return _form(request, booked, typed, keys=keys, refusal=refusal)


def _form(
    request: HttpRequest, booked: Booked | None, typed: Mapping[str, str], *,
    keys: list[str] | None = None, refusal: Refusal | None = None, kept: bool = False,
) -> HttpResponse:  # fmt: skip
    person = cast("AskedRequest", request).person
    first, last = asking.days()
    typed = {"firm": request.GET.get("firm", ""), **typed, "key": typed.get("key") or new_key()}
    context: dict[str, Any] = {
        "tab": "home", "booked": booked, "typed": typed, "keys": keys or [],
        "kept": kept, "errors": {refusal.field or "": refusals.told(refusal)} if refusal else {},
        "towns": asking.towns(), "windows": asking.windows() if booked else [], "skills": asking.skills(),
        "wanted": asking.wanted(), "firms": asking.on_behalf(firms_of(person)), "first_day": first, "last_day": last,
        "examples": [] if booked or typed.get("title") or refusal else asking.examples(),
        "limits": catalogue.load("limits")["matter"], "most_photos": _most_photos(booked),
        "action": request.get_full_path(),
    }  # fmt: skip
    return render(request, "portal/ask.html", context, status=status(refusal.code) if refusal else 200)


def _most_photos(booked: Booked | None) -> int:
    return services.current("help-booking" if booked else "help-open").number("photos")


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Guess what the words are about, and name what says the same close by, while they are being typed."""
    words = f"{request.GET.get('title', '')} {request.GET.get('text', '')}"[:5000]
    told = {"guess": categories.suggest(words), **asking.alike(request.GET)}
    return render(request, "portal/parts/guess.html", told)
