"""我要求助: one sentence is enough. The same page books a pioneer, orders from the menu, or asks for a service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal import drafts
from xianfeng.doors.portal.forms import answers as answering
from xianfeng.doors.portal.forms import asking as forms
from xianfeng.doors.portal.forms.key import new_key
from xianfeng.doors.portal.queries.front import firms_of
from xianfeng.doors.portal.shown import asking, offered, questions
from xianfeng.doors.portal.shown.asking import Booked
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest
from xianfeng.doors.portal.views.photos import sent
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel import catalogue, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused, Replayed, status
from xianfeng.foundation.ui import flash, refusals
from xianfeng.matters import categories, queries
from xianfeng.matters import questions as asked_of
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.raising import raise_matter
from xianfeng.matters.services import Definition

Answers = answering.Given


@dataclass(frozen=True)
class Asked:
    """What this page is for: a service, and whom one books of it."""

    service: Definition
    booked: Booked | None


@dataclass(frozen=True)
class Typed:
    """What was typed: fields, answers, photographs already here; `more`: the repeat that was to have one turn more."""

    fields: Mapping[str, str]
    answers: Answers = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    more: str = ""
    kept: bool = False


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form, filled with what was kept; or send what was typed, once."""
    wanted = request.GET.get("offer") or request.GET.get("pioneer") or ""
    booked = asking.booked(request.GET, forms.number(wanted))
    asked = Asked(offered.service(request.GET.get("service", ""), booked=booked is not None), booked)
    if request.method != "POST":
        return _begin(request, asked)
    if "more" in request.POST:
        return _more(request, asked)
    if cast("AskedRequest", request).person is None:
        return _keep_and_sign_in(request)
    return _send(cast("SignedRequest", request), asked)


def _begin(request: HttpRequest, asked: Asked) -> HttpResponse:
    kept = drafts.read(request)
    begun = asking.start(where(request), asked.booked, request.GET.get("say", ""))
    named = {} if asked.booked or begun.get("title") else offered.title(asked.service)
    typed = Typed({**begun, **named, **kept}, drafts.read_answers(request), kept=bool(kept))
    return _form(request, asked, typed)


def _more(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Show the form again with one turn more of a repeat; nothing is sent, and all that was typed is there."""
    keys: list[str] = []
    answers, refusal = answering.given(request), None
    if cast("AskedRequest", request).person:  # files would be gone with the page
        keys, refusal = sent(cast("SignedRequest", request))
        answers, fault = answering.with_photos(request, answers, cast("SignedRequest", request).person)
        refusal = refusal or fault
    errors = {refusal.field or "": refusals.told(refusal)} if refusal else {}
    return _form(
        request, asked, Typed(request.POST.dict(), answers, keys, request.POST["more"]), errors=errors
    )


def _keep_and_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in and keep the words meanwhile: on the device, or behind one button if they are long."""
    response = _go(request, f"{reverse('portal:sign-in')}?{urlencode({'next': request.get_full_path()})}")
    if drafts.keep(response, request):
        return response
    kept = {name: [request.POST[name]] for name in drafts.FIELDS if request.POST.get(name)}
    kept |= {f"{answering.BEFORE}{name}": values for name, values in answering.given(request).items()}
    return refusals.page(request, Refusal("sign-in-needed"), kept=kept, again=request.get_full_path())


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to `address`; a script that sent the form is told where, so that it can forget what it kept."""
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _send(request: SignedRequest, asked: Asked) -> HttpResponse:
    keys, refusal = sent(request)
    answers = answering.given(request)
    try:
        if refusal is None:
            answers, refusal = answering.with_photos(request, answers, request.person)
        if refusal is None:
            matter = _raise(request, asked, keys, answers)
            response = _go(request, reverse("portal:need", args=[matter.number]))
            response["X-Sent"] = matter.number
            drafts.drop(response, request)
            return flash.say(response, "booked" if asked.booked else "raised")
    except Missing:
        raise
    except Refused as refused:
        refusal = refused.refusal
    return _again(request, asked, Typed(request.POST.dict(), answers, keys), refusal)


def _raise(request: SignedRequest, asked: Asked, keys: list[str], answers: Answers) -> Matter:
    """Raise what was typed; the same form sent twice gives the same need."""
    booking = asked.booked.booking if asked.booked else None
    given = forms.need(request.POST, keys, booking, service=asked.service.code, answers=answers)
    told = [
        f"{name}={value}" for name, values in sorted(answering.given(request).items()) for value in values
    ]
    printed = idempotency.fingerprint("ask", *(request.POST.get(name, "") for name in drafts.FIELDS), *told)
    try:
        with idempotency.scope(
            f"form:{request.person.pk}", request.POST.get("key", "")[:60] or None, printed
        ):
            return raise_matter(given, by=request.person)
    except Replayed as done:
        return queries.matter_by_id(request.person, done.subject_id)


def _again(request: SignedRequest, asked: Asked, typed: Typed, refusal: Refusal) -> HttpResponse:
    """Show the form with the sentence at its field and all that was typed; a used key is replaced."""
    fields = dict(typed.fields)
    if refusal.code == "key-reused":
        refusal, fields["key"] = Refusal("sent-before"), new_key()
    return _form(request, asked, Typed(fields, typed.answers, typed.keys), refusal)


def _errors(asked: Asked, typed: Typed, refusal: Refusal | None) -> dict[str, str]:
    """Return what is wrong by field: what was refused, and every answer that would be."""
    if refusal is None:
        return {}
    faults = asked_of.checked(asked.service, typed.answers)[1]
    return {one.field or "": refusals.told(one) for one in [refusal, *faults]}


def _form(
    request: HttpRequest, asked: Asked, typed: Typed, refusal: Refusal | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    person = cast("AskedRequest", request).person
    first, last = asking.days()
    booked, errors = asked.booked, errors or _errors(asked, typed, refusal)
    fields = {
        "firm": request.GET.get("firm", ""), **typed.fields, "key": typed.fields.get("key") or new_key()
    }  # fmt: skip
    plain = asked.service.code == offered.PLAIN and not booked
    context: dict[str, Any] = {
        "tab": "home", "booked": booked, "typed": fields, "keys": typed.keys, "kept": typed.kept, "errors": errors,
        "towns": asking.towns(), "windows": asking.windows() if booked else [],
        "skills": [] if asked.service.data.get("category") else asking.skills(), "plain": plain,
        "wanted": asking.wanted(), "firms": asking.on_behalf(firms_of(person)), "first_day": first, "last_day": last,
        "examples": asking.examples() if plain and not typed.fields.get("title") and not refusal else [],
        "limits": catalogue.load("limits")["matter"], "most_photos": asked.service.number("photos"),
        "action": request.get_full_path(), "offered": offered.shown(asked.service),
        "questions": questions.fields(asked.service, typed.answers, errors, typed.more),
    }  # fmt: skip
    return render(request, "portal/ask.html", context, status=status(refusal.code) if refusal else 200)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Guess what the words are about, and name what says the same close by, while they are being typed."""
    words = f"{request.GET.get('title', '')} {request.GET.get('text', '')}"[:5000]
    told = {"guess": categories.suggest(words), **asking.alike(request.GET)}
    return render(request, "portal/parts/guess.html", told)
