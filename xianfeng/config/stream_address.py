"""GET /api/v1/stream: sends whoever listens on to the stream process, with a ticket of 60 seconds. See stream.py."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xianfeng.foundation.kernel import signing
from xianfeng.foundation.kernel.answers import READ, answers
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.ui.csp import stream_origin

router = Router(tags=["stream"])


@router.get(
    "/stream",
    response=answers(None, READ, status=HTTPStatus.TEMPORARY_REDIRECT),
    summary="Server-sent events",
)
def stream(request: HttpRequest) -> HttpResponse:
    """Go on (307) to the event stream: needs that come and go, and, signed in, the caller's own notices.

    Events carry ids; send the last one seen as `Last-Event-ID` (or the parameter `last`), and nothing is missed.
    """
    origin = stream_origin(request)
    if not origin:
        raise Refused("busy", retry_seconds=10)
    person = getattr(request, "person", None)
    given = {"ticket": signing.ticket("stream", {"person": person.id if person else None})}
    if last := request.headers.get("Last-Event-ID") or request.GET.get("last"):
        given["last"] = last[:20]
    response = HttpResponse(status=HTTPStatus.TEMPORARY_REDIRECT)
    response["Location"] = f"{origin}/stream?{urlencode(given)}"
    response["Cache-Control"] = "no-store"
    return response
