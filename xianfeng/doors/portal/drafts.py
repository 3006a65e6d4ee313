"""What was typed before a sign-in, kept on the reader's own device for a day; nothing is stored here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xianfeng.foundation.kernel import signing

COOKIE = "xf_draft"
SECONDS = 86_400
_PART, _PARTS = 3_500, 2  # a cookie holds 4 KB, a line of headers 8 KB
FIELDS = (
    "title", "text", "category", "wanted", "day", "window", "hour", "hour_until", "area", "lat", "lon", "datum",
    "point_area", "address", "firm", "key",
)  # fmt: skip


def keep(response: HttpResponse, request: HttpRequest) -> bool:
    """Keep the form of `request` with the reader; False if it is too long for that."""
    fields = {name: request.POST[name] for name in FIELDS if request.POST.get(name)}
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
    """Return the form that was kept, empty if none was."""
    carried = "".join(request.COOKIES.get(f"{COOKIE}_{at}", "") for at in range(_PARTS))
    found = signing.read_ticket("draft", carried, seconds=SECONDS) if carried else None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def drop(response: HttpResponse, request: HttpRequest, first: int = 0) -> None:
    """Forget the form that was kept, from its part `first` on."""
    for at in range(first, _PARTS):
        if f"{COOKIE}_{at}" in request.COOKIES:
            response.delete_cookie(f"{COOKIE}_{at}", path=request.path, samesite="Lax")
