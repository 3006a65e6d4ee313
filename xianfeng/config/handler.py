"""Two ways in: pages go through all middleware, the API through one layer that does what it needs of them."""

from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from xianfeng.foundation.people import sessions
from xianfeng.foundation.ui import csp, preferences
from xianfeng.foundation.ui.refusals import RefusalMiddleware

POLICY = "default-src 'none'; frame-ancestors 'none'"


class ApiManners:
    """Who asks, in which language, and the headers of every answer; refusals are told as in pages' middleware."""

    def __init__(self, get_response: Any) -> None:
        self.serve = RefusalMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve."""
        sessions.identify(request)
        with translation.override(preferences.language(request)):
            response = self.serve(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers[csp.HEADER] = POLICY
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other error alone."""
        return self.serve.process_exception(request, error)


class ApiHandler(WSGIHandler):
    """Django's handler with that one layer."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        """Build the chain; the views' own errors meet the same answers as in pages."""
        bare: Any = self  # the stubs do not know what Django's handler keeps
        manners = ApiManners(convert_exception_to_response(bare._get_response))
        bare._view_middleware, bare._template_response_middleware = [], []
        bare._exception_middleware = [manners.process_exception]
        bare._middleware_chain = convert_exception_to_response(
            GZipMiddleware(convert_exception_to_response(manners))
        )
