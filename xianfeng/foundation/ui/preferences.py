"""How a reader wants it: language, large mode, light or dark.

Cookies first, then what the person said, then the browser.
"""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui import flash

LANGUAGE, MODE, THEME = "xf_lang", "xf_mode", "xf_theme"
CHOICES = {
    LANGUAGE: ("zh-hans", "en"),
    MODE: ("std", "care"),
    THEME: ("auto", "light", "dark"),
}
_YEAR = 365 * 86_400


class PreferredRequest(HttpRequest):
    """A request after PreferencesMiddleware."""

    person: Person | None
    mode: str
    theme: str


def _chosen(request: HttpRequest, name: str) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in CHOICES[name] else ""


@lru_cache(maxsize=256)
def _of_header(accepted: str) -> str:
    """Return the language that a program's header asks for; most send one of a few."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


def language(request: HttpRequest) -> str:
    """Return 'zh-hans' or 'en': an API caller's header first, everybody else's cookie or stored wish."""
    asked = "HTTP_ACCEPT_LANGUAGE" in request.META
    if getattr(request, "bearer", False) and asked:
        return _of_header(request.META["HTTP_ACCEPT_LANGUAGE"])
    stored: str = getattr(getattr(request, "person", None), "language", "")
    if found := _chosen(request, LANGUAGE) or (stored if stored in CHOICES[LANGUAGE] else ""):
        return found
    return translation.get_language_from_request(request) if asked else str(settings.LANGUAGE_CODE)


class PreferencesMiddleware:
    """Activates the language and sets `mode` and `theme`; takes the flash away once a page has said it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve in the reader's language."""
        seen: PreferredRequest = request  # type: ignore[assignment]
        stored: str = getattr(getattr(request, "person", None), "mode", "")
        seen.mode = _chosen(request, MODE) or (stored if stored in CHOICES[MODE] else "std")
        seen.theme = _chosen(request, THEME) or "auto"
        with translation.override(language(request)):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        _forget_flash(request, response)
        return response


def _forget_flash(request: HttpRequest, response: HttpResponse) -> None:
    page = (
        response.headers.get("Content-Type", "").startswith("text/html")
        and "HX-Request" not in request.headers
    )
    if flash.COOKIE in request.COOKIES and page and response.status_code < 300:
        response.delete_cookie(flash.COOKIE, samesite="Lax")


def way_back(request: HttpRequest, fallback: str = "") -> str:
    """Return the address in `next`, if it is one of this house; otherwise `fallback`, otherwise the home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else fallback or get_script_prefix()


@require_POST
def remember(request: HttpRequest) -> HttpResponse:
    """Keep what the reader chose (lang, mode, theme), in cookies and, signed in, with the person; go back."""
    named = (("lang", LANGUAGE), ("mode", MODE), ("theme", THEME))
    given = {name: request.POST.get(field, "") for field, name in named}
    chosen = {name: value for name, value in given.items() if value in CHOICES[name]}
    response = HttpResponseRedirect(way_back(request))
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS)
    person = getattr(request, "person", None)
    if person and (LANGUAGE in chosen or MODE in chosen):
        people.change_profile(by=person, language=chosen.get(LANGUAGE), mode=chosen.get(MODE))
    return response
