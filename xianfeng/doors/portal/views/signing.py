"""Signing in with a mobile number and a one-time code, in two pages; and out again."""

import json
from dataclasses import asdict, dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.doors.portal.views.devices import device
from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.refusals import Refused, status
from xianfeng.foundation.people import mobiles, operations, sessions
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.foundation.ui.refusals import told

COOKIE = "xf_signing"  # sealed: which number waits for its code; lives as long as the code


@dataclass(frozen=True)
class Waiting:
    """A number that was sent a code; `code` is empty but in the demo, where the page shows it."""

    mobile: str
    consent: str
    code: str = ""

    @property
    def masked(self) -> str:
        """Return the number as a page may show it."""
        return mobiles.masked(self.mobile)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number; POST exchanges the code for a session."""
    asked = cast("AskedRequest", request)
    if request.method == "POST":
        return _exchange(asked)
    if asked.person:
        return HttpResponseRedirect(way_back(request))
    return _ask_mobile(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """POST sends a code to the number; GET asks for it."""
    if request.method == "POST":
        return _send(request)
    waiting = _waiting(request)
    return _ask_code(request, waiting) if waiting else HttpResponseRedirect(_to("portal:sign-in", request))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session in hand and go home."""
    operations.sign_out(sessions.token_of(request)[0])
    response = flash.say(HttpResponseRedirect(get_script_prefix()), "signed-out")
    response.delete_cookie(sessions.cookie_name(request), path=get_script_prefix(), samesite="Lax")
    return response


def _to(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({'next': way_back(request)})}"


def _send(request: HttpRequest) -> HttpResponse:
    try:
        number, version = mobiles.normal(request.POST.get("mobile", "")), _agreed(request)
        sent = operations.ask_code(number, address=request.META.get("REMOTE_ADDR", ""))
    except Refused as refused:
        return _ask_mobile(request, refused)
    waiting = Waiting(number, version, sent if settings.DEMO else "")
    response = HttpResponseRedirect(_to("portal:sign-in-code", request))
    response.set_cookie(
        COOKIE, keyring.seal("signing", json.dumps(asdict(waiting))).decode(), httponly=True, samesite="Lax",
        max_age=catalogue.load("people")["code"]["minutes"] * 60, secure=settings.HTTPS,
    )  # fmt: skip
    return response


def _agreed(request: HttpRequest) -> str:
    version: str = catalogue.load("people")["privacy"]["version"]
    if request.POST.get("consent") != version:
        raise Refused("consent-needed", field="consent")
    return version


def _waiting(request: HttpRequest) -> Waiting | None:
    try:
        return Waiting(**json.loads(keyring.unseal("signing", request.COOKIES.get(COOKIE, "").encode())))
    except (ValueError, TypeError):
        return None


def _exchange(request: AskedRequest) -> HttpResponse:
    waiting = _waiting(request)
    if waiting is None:
        return _ask_mobile(request, Refused("code-ended", field="mobile"))
    try:
        signed = operations.sign_in(
            waiting.mobile, request.POST.get("code", ""), device=device(request), consent=waiting.consent
        )
    except Refused as refused:
        return _ask_code(request, waiting, refused)
    response = flash.say(HttpResponseRedirect(way_back(request)), "signed-in")
    _give_session(request, response, signed.token)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _give_session(request: HttpRequest, response: HttpResponse, token: str) -> None:
    response.set_cookie(
        sessions.cookie_name(request), token, path=get_script_prefix(), httponly=True, samesite="Lax",
        max_age=catalogue.load("people")["session"]["days"] * 86_400, secure=settings.HTTPS,
    )  # fmt: skip


def _ask_mobile(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    given = {"mobile": request.POST.get("mobile", ""), "agreed": bool(request.POST.get("consent"))}
    version = catalogue.load("people")["privacy"]["version"]
    return _page(request, "portal/sign_in.html", refused, **given, version=version)


def _ask_code(request: HttpRequest, waiting: Waiting, refused: Refused | None = None) -> HttpResponse:
    rules = catalogue.load("people")["code"]
    shown = {"waiting": waiting, "minutes": rules["minutes"], "digits": rules["digits"]}
    return _page(request, "portal/sign_in_code.html", refused, **shown)


def _page(request: HttpRequest, template: str, refused: Refused | None, **context: Any) -> HttpResponse:
    """Return a page of the sign-in; a refusal stands at its field, with its status, and nothing typed is lost."""
    errors = {refused.refusal.field or "": told(refused.refusal)} if refused else {}
    code = status(refused.refusal.code) if refused else 200
    response = render(
        request, template, {"tab": "me", "next": way_back(request), "errors": errors, **context}, status=code
    )
    if refused and (seconds := refused.refusal.params.get("retry_seconds")):
        response["Retry-After"] = str(seconds)
    return response
