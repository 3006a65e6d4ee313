"""The application of the web process. Pages and the API have a handler each (handler.py)."""

import gc
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
pages = get_wsgi_application()

from xianfeng.config.gate import Gate  # noqa: E402 - Django must be set up first
from xianfeng.config.handler import ApiHandler  # noqa: E402

api = ApiHandler()
gate = Gate()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    handler = api if environ["PATH_INFO"].startswith(("/api/", "/open311/")) else pages
    return gate.serve(handler, environ, start_response)


# What was loaded stays: the collector need not look at it again with every few requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
