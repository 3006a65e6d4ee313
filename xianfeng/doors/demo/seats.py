"""Seats of the demo: several people signed in side by side in one browser, one below each of /~a/ … /~h/.

A seat is only a prefix: it goes into SCRIPT_NAME, so that every reversed address, redirect and form stays
in the seat. Cookies are the seat's own: another name and a path below the prefix.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

LETTERS = "abcdefgh"
_PREFIX = re.compile(rf"/~([{LETTERS}])(?=/|$)")


def prefix(seat: str) -> str:
    """Return the path below which a seat's pages and cookies stand."""
    return f"/~{seat}/"


class SeatMiddleware:
    """First of all middleware: sets `request.seat` and takes the seat's prefix off the path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request as the seat's, or as it came when it names none."""
        found = _PREFIX.match(request.path_info)
        if found is None:
            return self.get_response(request)
        if request.path_info == found[0]:
            return HttpResponseRedirect(f"{request.path}/")
        return self._seated(request, found[1])

    def _seated(self, request: HttpRequest, seat: str) -> HttpResponse:
        before = get_script_prefix()
        _enter(request, seat)
        set_script_prefix(request.META["SCRIPT_NAME"] + "/")
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix(before)
        keep_cookies(response, seat, request.META["SCRIPT_NAME"] + "/")
        return response


def _enter(request: HttpRequest, seat: str) -> None:
    """Change path and cookies into what the rest of the house expects; `request.path` stays whole."""
    request.seat = seat  # type: ignore[attr-defined]
    request.path_info = request.path_info[len(prefix(seat)) - 1 :]
    request.META["SCRIPT_NAME"] = request.META.get("SCRIPT_NAME", "") + prefix(seat)[:-1]
    request.META["PATH_INFO"] = request.path_info
    suffix = f"_{seat}"
    cookies = request.COOKIES
    own = {name.removesuffix(suffix): cookies[name] for name in cookies if name.endswith(suffix)}
    cookies.pop(settings.CSRF_COOKIE_NAME, None)
    cookies.update(own)


def keep_cookies(response: HttpResponse, seat: str, path: str) -> None:
    """Give every cookie that `response` sets the seat's name and path."""
    suffix = f"_{seat}"
    for name in list(response.cookies):
        morsel = response.cookies.pop(name)
        kept = name if name.endswith(suffix) else name + suffix
        response.cookies[kept] = morsel.value
        response.cookies[kept].update({key: value for key, value in morsel.items() if value})
        response.cookies[kept]["path"] = path
