"""Turns a bearer token or the session cookie into `request.person`; one statement, none without a token."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xianfeng.foundation.people import remembered
from xianfeng.foundation.people.models import Person

COOKIE = "xf_session"


class PersonRequest(HttpRequest):
    """A request after SessionMiddleware: who asks, for which pioneer first, how they proved it, from which seat."""

    person: Person | None
    pioneer_id: int | None
    bearer: bool
    seat: str


def token_hash(token: str) -> bytes:
    """Return what is kept of a session token; tokens are 32 random bytes, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def cookie_name(request: HttpRequest) -> str:
    """Return the session cookie's name: each seat of the demo has its own."""
    seat = getattr(request, "seat", "")
    return f"{COOKIE}_{seat}" if seat else COOKIE


def token_of(request: HttpRequest) -> tuple[str, bool]:
    """Return the request's token and whether it came as a bearer header."""
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip(), True
    return request.COOKIES.get(cookie_name(request), ""), False


class SessionMiddleware:
    """Sets `person`, `bearer` and `seat` on every request. Bearer requests carry no cookie and need no CSRF token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look up who asks, then go on."""
        identify(request)
        return self.get_response(request)


def identify(request: HttpRequest) -> None:
    """Set `person`, `pioneer_id`, `bearer`, `seat` on `request`."""
    token, bearer = token_of(request)
    asked: PersonRequest = request  # type: ignore[assignment]
    asked.seat = getattr(request, "seat", "")
    asked.bearer = bearer
    signed = remembered.sessions.holder(token_hash(token)) if token else None
    asked.person = signed.person if signed else None
    asked.pioneer_id = signed.pioneer_id if signed else None
    if bearer:
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
