"""How the API knows who asks: a bearer token, or the session cookie with its CSRF token. See sessions.py."""

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import sessions
from xianfeng.foundation.people.models import Person


class BearerToken(AuthBase):
    """`Authorization: Bearer …`, the token of POST /sessions."""

    openapi_type: str = "http"
    openapi_scheme: str = "bearer"

    def __call__(self, request: HttpRequest) -> Person | None:
        """Return who asks, if a bearer token said so."""
        return getattr(request, "person", None) if getattr(request, "bearer", False) else None


class SessionCookie(AuthBase):
    """The cookie of the pages; what changes something also brings X-CSRFToken."""

    openapi_type: str = "apiKey"
    openapi_in: str = "cookie"
    openapi_name: str = sessions.COOKIE

    def __call__(self, request: HttpRequest) -> Person | None:
        """Return who asks, if a cookie said so. Raises Refused 'csrf-failed'."""
        person: Person | None = getattr(request, "person", None)
        if person is None or getattr(request, "bearer", False):
            return None
        if check_csrf(request) is not None:
            raise Refused("csrf-failed", field="X-CSRFToken")
        return person


SIGNED_IN = [BearerToken(), SessionCookie()]


def asker(request: HttpRequest) -> Person:
    """Return who asks. Raises Refused 'sign-in-needed'."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise Refused("sign-in-needed")
    return person
