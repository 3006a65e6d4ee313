"""What was typed before a sign-in, kept on the reader's own device for a day; nothing is stored here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xianfeng.doors.portal.forms import answers
from xianfeng.foundation.kernel import signing

COOKIE = "xf_draft"
SECONDS = 86_400
ANSWERS = "answers"
_PART, _PARTS = 3_500, 2  # a cookie holds 4 KB, a line of headers 8 KB
FIELDS = (
    "title", "text", "category", "wanted", "day", "window", "hour", "hour_until", "area", "lat", "lon", "datum",
    "point_area", "address", "firm", "key",
)  # fmt: skip


def keep(response: HttpResponse, request: HttpRequest) -> bool:
    """Keep the form of `request` with the reader; False if it is too long for that."""
    fields: dict[str, Any] = {name: request.POST[name] for name in FIELDS if request.POST.get(name)}
    fields |= {"service": request.GET.get("service", "")}
    if given := answers.given(request):
        fields[ANSWERS] = given
    carried = signing.ticket("draft", fields)
    parts = [carried[at : at + _PART] for at in range(0, len(carried), _PART)]
    if len(parts) > _PARTS:
        return False
    for at, part in enumerate(parts):
        response.set_cookie(
            f"{COOKIE}_{at}", part, max_age=SECONDS, path=request.path, httponly=True, samesite="Lax",
            secure=settings.HTTPS,
        )  # fmt: skip
    drop(response, request, first=len(parts))
    return True


def read(request: HttpRequest) -> dict[str, str]:
    """Return the form that was kept but for its answers, empty if none was."""
    return {name: str(value) for name, value in _read(request).items() if name != ANSWERS}


def read_answers(request: HttpRequest) -> answers.Given:
    """Return the answers that were kept with the form."""
    found = _read(request).get(ANSWERS, {})
    return {str(name): [str(value) for value in values] for name, values in found.items()}


def _read(request: HttpRequest) -> dict[str, Any]:
    carried = "".join(request.COOKIES.get(f"{COOKIE}_{at}", "") for at in range(_PARTS))
    found = signing.read_ticket("draft", carried, seconds=SECONDS) if carried else None
    if not isinstance(found, dict) or found.pop("service", "") != request.GET.get("service", ""):
        return {}
    return found


def drop(response: HttpResponse, request: HttpRequest, first: int = 0) -> None:
    """Forget the form that was kept, from its part `first` on."""
    for at in range(first, _PARTS):
        if f"{COOKIE}_{at}" in request.COOKIES:
            response.delete_cookie(f"{COOKIE}_{at}", path=request.path, samesite="Lax")
