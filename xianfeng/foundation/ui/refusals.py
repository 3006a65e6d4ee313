"""A refusal becomes a page or a problem body here, in the reader's language, with one way on."""

import json
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel.answers import PROBLEM
from xianfeng.foundation.kernel.refusals import Refusal, Refused, sentence, status

_NEVER_KEPT = {"csrfmiddlewaretoken", "code", "key"}
KEPT_FIELDS, KEPT_MARKS = 40, 20_000
UNREAD = "xianfeng.unread"  # in the environment: why the request's body was not read (config.gate)
RETRY_SECONDS = 3  # a lost database connection is opened anew by the next request


_tellers: dict[str, Callable[[HttpRequest, Refusal], HttpResponse]] = {}


def register_teller(prefix: str, teller: Callable[[HttpRequest, Refusal], HttpResponse]) -> None:
    """Let a door that speaks a protocol of its own tell refusals below `prefix` in its own bodies."""
    _tellers[prefix] = teller


def _own_teller(request: HttpRequest) -> Callable[[HttpRequest, Refusal], HttpResponse] | None:
    return next((tell for prefix, tell in _tellers.items() if request.path_info.startswith(prefix)), None)


def is_api(request: HttpRequest) -> bool:
    """Tell whether a machine asks: its answers are problem bodies."""
    return request.path_info.startswith("/api/")


def told(refusal: Refusal) -> str:
    """Return the refusal's sentence in the active language."""
    return sentence(refusal, get_language() or "zh-hans")


def problem(refusal: Refusal) -> HttpResponse:
    """Return the refusal as problem details (RFC 9457), what its sentence is filled with as further members."""
    code, sentence_told = status(refusal.code), told(refusal)
    body: dict[str, Any] = refusal.params | {
        "type": f"urn:xianfeng:{refusal.code}", "status": code, "code": refusal.code,
        "title": sentence_told, "detail": sentence_told,
    }  # fmt: skip
    body["field"] = refusal.field
    text = json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(text, status=code, content_type=PROBLEM)
    seconds = refusal.params.get("retry_seconds") or (
        RETRY_SECONDS if code == HTTPStatus.SERVICE_UNAVAILABLE else 0
    )
    if seconds:
        response["Retry-After"] = str(seconds)
    if code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="xianfeng"'
    return response


def page(request: HttpRequest, refusal: Refusal, **more: Any) -> HttpResponse:
    """Return the refusal as a page: what is the matter, what is kept, one way on."""
    code = status(refusal.code)
    way, label = _way_on(request, refusal)
    given = {
        "sentence": told(refusal),
        "code": refusal.code,
        "status": code,
        "way": way,
        "way_label": label,
        **more,
    }
    response = render(request, "ui/refused.html", given, status=code)
    if seconds := refusal.params.get("retry_seconds"):
        response["Retry-After"] = str(seconds)
    return response


def _way_on(request: HttpRequest, refusal: Refusal) -> tuple[str, str]:
    if refusal.code == "sign-in-needed":
        here = request.get_full_path() if request.method == "GET" else came_from(request)
        try:
            return f"{reverse('portal:sign-in')}?{urlencode({'next': here})}", _("去登录")
        except NoReverseMatch:
            return get_script_prefix(), _("回首页")
    if request.method == "POST":
        return came_from(request), _("返回上一页")
    return get_script_prefix(), _("回首页")


def came_from(request: HttpRequest) -> str:
    """Return the page the reader comes from, if it is one of this house; the home page otherwise."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc == request.get_host() and parts.path.startswith("/"):
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return get_script_prefix()


_PLAIN = {
    400: "bad-request",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "bad-request",
}


class RefusalMiddleware:
    """Turns a Refused that no view caught into its answer, and Django's own refusals of the API into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve."""
        if unread := request.META.get(UNREAD):
            tell = _own_teller(request)
            if tell is not None:
                return tell(request, unread)
            return problem(unread) if is_api(request) else page(request, unread)
        response = self.get_response(request)
        code = _PLAIN.get(response.status_code)
        if code is None or not is_api(request) or response.get("Content-Type") == PROBLEM:
            return response
        told_again = problem(Refusal(code))
        if "Allow" in response:
            told_again["Allow"] = response["Allow"]
        return told_again

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal, and a NUL character that came as far as the database; leave every other error alone."""
        if isinstance(error, DataError) and "NUL" in str(error):
            error = Refused("bad-request")
        if not isinstance(error, Refused):
            return None
        return problem(error.refusal) if is_api(request) else page(request, error.refusal)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw (Django's handler500); a lost database asks for patience and is found again."""
    lost = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    refusal = Refusal("busy", params={"retry_seconds": RETRY_SECONDS}) if lost else Refusal("fault")
    if is_api(request):
        return problem(refusal)
    response = HttpResponse(get_template("500.html").render(), status=status(refusal.code))
    if lost:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the page was open too long, and keep what was typed behind one button."""
    refusal = Refusal("csrf-failed")
    if is_api(request):
        return problem(refusal)
    kept = _kept(request) if _from_here(request) else {}
    get_token(request)  # a fresh one, so that the button works
    return page(request, refusal, kept=kept, again=request.get_full_path())


def _from_here(request: HttpRequest) -> bool:
    """Tell whether our own page sent this: a stranger's words are not offered to be sent again."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(sender).netloc == request.get_host()


def _kept(request: HttpRequest) -> Mapping[str, list[str]]:
    fields = [(name, values) for name, values in request.POST.lists() if name not in _NEVER_KEPT]
    small = sum(len(value) for _, values in fields for value in values) <= KEPT_MARKS
    return {name: [str(value) for value in values] for name, values in fields[:KEPT_FIELDS]} if small else {}
