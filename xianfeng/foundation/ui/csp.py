"""Content-Security-Policy: own files only; nothing inline, nobody else's frame but the demo's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


def stream_origin(request: HttpRequest) -> str:
    """Return where the event stream answers: the configured origin, or this host at the stream's port; '' for none."""
    if settings.STREAM_ORIGIN:
        return str(settings.STREAM_ORIGIN)
    if not settings.STREAM_PORT:
        return ""
    host = request.get_host()
    name = host[: host.index("]") + 1] if host.startswith("[") else host.split(":")[0]
    return f"{request.scheme}://{name}:{settings.STREAM_PORT}"


def policy(request: HttpRequest) -> str:
    """Return the policy of a page asked for by `request`."""
    connect = f"'self' {stream_origin(request)}".strip()
    return "; ".join(
        (
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
            "media-src 'self'",
            f"connect-src {connect}", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
            f"frame-src {_frames()}", f"frame-ancestors {_frames()}",
        )
    )  # fmt: skip


def _frames() -> str:
    return "'self'" if settings.DEMO else "'none'"


class ContentSecurityPolicy:
    """Puts the policy on every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy."""
        response = self.get_response(request)
        if HEADER not in response:
            response[HEADER] = policy(request)
        return response
