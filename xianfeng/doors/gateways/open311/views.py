"""Open311's endpoints. Each reads parameters, asks one query or operation, answers in its suffix's format."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from xianfeng.doors.gateways.open311 import asking, catalogue, flood, posting, reading, updates
from xianfeng.doors.gateways.open311.answers import answer, ending_of, errors
from xianfeng.doors.gateways.open311.asking import Faults, Given
from xianfeng.doors.gateways.open311.reading import Origin
from xianfeng.foundation.kernel import catalogue as house
from xianfeng.foundation.kernel.refusals import Refusal, Refused
from xianfeng.foundation.people import keys
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui.refusals import RETRY_SECONDS

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
_UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError, UnicodeError)
_FORMS = {"", "application/x-www-form-urlencoded", "multipart/form-data"}


def endpoint(*methods: str) -> Callable[[View], View]:
    """Serve a view for `methods` (HEAD with GET); whatever goes wrong is told in the protocol's own bodies."""

    def wrap(view: View) -> View:
        @wraps(view)
        def serve(request: HttpRequest, **given: Any) -> HttpResponse:
            try:
                _method(request, methods)
                return view(request, **given)
            except Exception as error:  # noqa: BLE001 - a program must never get a page for people
                return errors(_refusals(error), ending_of(request.path_info))

        return csrf_exempt(serve)

    return wrap


def _method(request: HttpRequest, methods: tuple[str, ...]) -> None:
    allowed = {*methods, *(["HEAD"] if "GET" in methods else [])}
    if request.method not in allowed:
        raise Refused("open311-method", allowed=", ".join(sorted(allowed)))


def _refusals(error: Exception) -> list[Refusal]:
    if isinstance(error, Faults):
        return error.refusals
    if isinstance(error, Refused):
        return [Refusal("open311-missing") if error.refusal.code == "not-found" else error.refusal]
    if isinstance(error, _UNREADABLE):
        return [Refusal("open311-form")]
    log.error("an Open311 request failed", exc_info=error)
    lost = isinstance(error, OperationalError | InterfaceError)
    return [Refusal("busy", params={"retry_seconds": RETRY_SECONDS}) if lost else Refusal("fault")]


def _asked(request: HttpRequest) -> Given:
    """Return what a GET asks. A key that comes along is not needed, but asks no more often than it may."""
    given = Given(request.GET)
    if keys.looks_like(key := given.text("api_key")):
        flood.look(keys.key_hash(key))
    return given


def _sent(request: HttpRequest) -> tuple[Given, Person]:
    """Return what a POST sends, and whose key it brings. Raises Refused 'open311-form', 'open311-key', 'key-busy'."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    form = request.content_type != "multipart/form-data"
    if request.content_type not in _FORMS or (form and int(length) > asking.limits()["body_bytes"]):
        raise Refused("open311-form")
    given = Given(request.POST, request.GET)
    return given, flood.let_in(given.text("api_key")).person


@endpoint("GET")
def discovery(request: HttpRequest, ending: str) -> HttpResponse:
    """Say where this is, in which formats, and how to get a key."""
    told = house.load("open311")
    here = {
        "specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{_origin(request)}/open311/v2",
        "changeset": told["changeset"], "type": told["type"], "formats": ["text/xml", "application/json"],
    }  # fmt: skip
    body = {
        "changeset": told["changeset"], "contact": catalogue.word(told, "contact"),
        "key_service": catalogue.word(told, "key_service"), "endpoints": [here],
    }  # fmt: skip
    return answer("discovery", body, ending)


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@endpoint("GET")
def services(request: HttpRequest, ending: str) -> HttpResponse:
    """List the services."""
    _asked(request)
    return answer("services", [catalogue.shown(one) for one in catalogue.offered()], ending)


@endpoint("GET")
def definition(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Tell what a service asks."""
    _asked(request)
    found = catalogue.find(code, catalogue.offered())
    if found is None:
        raise Refused("open311-service-unknown", code=code[:60])
    return answer("service_definition", catalogue.definition(found), ending)


@endpoint("GET", "POST")
def requests(request: HttpRequest, ending: str) -> HttpResponse:
    """List requests, or take one in."""
    if request.method == "POST":
        given, person = _sent(request)
        made = posting.report(given, request.FILES.get("media"), by=person)
        return answer("service_requests", [made], ending, HTTPStatus.CREATED)
    return _rows(request, reading.asked(_asked(request)), ending)


@endpoint("GET")
def request_of(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """Show one request."""
    _asked(request)
    return _rows(request, reading.one(number), ending)


def _rows(request: HttpRequest, found: Any, ending: str) -> HttpResponse:
    return answer("service_requests", reading.rows(found, Origin(_origin(request))), ending)


@endpoint("GET")
def token(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """Exchange a token for the number of its request, once that is public."""
    _asked(request)
    row = {"service_request_id": reading.by_token(token), "token": token}
    return answer("service_requests", [row], ending)


@endpoint("GET", "POST")
def request_updates(request: HttpRequest, ending: str) -> HttpResponse:
    """List what happened to requests, or take in what happened elsewhere."""
    if request.method == "POST":
        given, person = _sent(request)
        made = updates.tell(given, by=person)
        return answer("service_request_updates", [made], ending, HTTPStatus.CREATED)
    return answer("service_request_updates", updates.asked(_asked(request)), ending)


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer every address below /open311 that nobody serves, an unknown suffix among them."""
    return errors([Refusal("open311-missing")], ending_of(request.path_info))
