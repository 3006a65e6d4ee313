"""Two ways in: pages go through all middleware, the API through one layer that does what it needs of them."""

from collections.abc import Callable
from typing import Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from xianfeng.config import hot
from xianfeng.foundation.people import sessions
from xianfeng.foundation.ui import csp, preferences
from xianfeng.foundation.ui.refusals import RefusalMiddleware

VARY = "Accept-Language, Accept-Encoding, Cookie"
POLICY = "default-src 'none'; frame-ancestors 'none'"


class ApiManners:
    """Who asks, in which language, and the headers of every answer; refusals are told as in pages' middleware."""

    def __init__(self, get_response: Any) -> None:
        self.serve = RefusalMiddleware(get_response)
        self.zip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve."""
        sessions.identify(request)
        language = preferences.language(request)
        with translation.override(language):
            response = self.serve(request)
        headers = response.headers
        headers["Content-Language"] = language
        headers["Vary"] = VARY
        headers["X-Content-Type-Options"] = "nosniff"
        headers[csp.HEADER] = POLICY
        if not response.streaming:
            headers["Content-Length"] = str(len(response.content))
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            self.zip.process_response(request, response)  # in place
        return response


class ApiHandler(WSGIHandler):
    """Django's handler with that one layer."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        """Build the chain; the views' own errors meet the same answers as in pages."""
        bare: Any = self  # the stubs do not know what Django's handler keeps
        manners = ApiManners(convert_exception_to_response(self._serve))
        bare._view_middleware, bare._template_response_middleware = [], []
        bare._exception_middleware = [manners.serve.process_exception]
        bare._middleware_chain = convert_exception_to_response(manners)

    def _serve(self, request: HttpRequest) -> HttpResponse:
        """Let a hot operation answer, or Django find who does."""
        bare: Any = self
        hurried: Callable[[], Any] | None = hot.find(request)
        if hurried is None:
            return cast("HttpResponse", bare._get_response(request))
        try:
            answer: HttpResponse = hurried()
        except Exception as error:
            answer = bare.process_exception_by_middleware(error, request)
            if answer is None:
                raise
        return answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request, without the signals by which Django looks after what the API does not use."""
        request = WSGIRequest(environ)
        response: Any = self.get_response(request)
        headers = [
            *response.items(),
            *(("Set-Cookie", one.OutputString()) for one in response.cookies.values()),
        ]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        if response.streaming:
            return response  # the server closes it
        for closer in response._resource_closers:
            closer()
        _mend_connection()
        return [response.content]


def _mend_connection() -> None:
    """Drop a database connection that failed; the next request opens another."""
    link = connections[DEFAULT_DB_ALIAS]
    if link.errors_occurred and not link.in_atomic_block:
        link.close_if_unusable_or_obsolete()
