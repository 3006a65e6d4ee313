"""Endpoints that obey the header Idempotency-Key: done once, answered the same however often it is sent."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Refused, Replayed

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replay"
_META = "HTTP_IDEMPOTENCY_KEY"
_WELL_FORMED = re.compile(r"[\x20-\x7e]{1,255}")
Endpoint = Callable[..., HttpResponse]


def keyed(again: Endpoint) -> Callable[[Endpoint], Endpoint]:
    """Run an endpoint under the request's key; `again(request, subject_id, **arguments)` answers a repetition."""

    def wrap(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        def run(request: HttpRequest, **given: Any) -> HttpResponse:
            if _META not in request.META:
                return endpoint(request, **given)
            key = _key(request)
            try:
                with idempotency.scope(_owner(request), key, _print(request)):
                    return endpoint(request, **given)
            except Replayed as before:
                with idempotency.scope(_owner(request), key, _print(request), repeated=True):
                    response = again(request, before.subject_id, **given)
                response[REPLAYED] = "true"
                return response

        return run

    return wrap


def _key(request: HttpRequest) -> str:
    key: str = request.META[_META]
    if not _WELL_FORMED.fullmatch(key):
        raise Refused("key-invalid", field=HEADER)
    return key


def _owner(request: HttpRequest) -> str:
    """Return whose key it is: a person's, or a network address's (never kept in clear)."""
    if person := getattr(request, "person", None):
        return f"person:{person.id}"
    address = request.META.get("REMOTE_ADDR", "")
    return f"address:{hashlib.sha256(address.encode()).hexdigest()[:40]}"


def _print(request: HttpRequest) -> str:
    method = request.method or ""
    if request.content_type != "multipart/form-data":
        return idempotency.fingerprint(method, request.path_info, request.body)
    files = [
        part
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
        for part in _parts(name, file)
    ]
    fields = [f"{name}={value}" for name in sorted(request.POST) for value in request.POST.getlist(name)]
    return idempotency.fingerprint(method, request.path_info, *fields, *files)


def _parts(name: str, file: Any) -> list[bytes | str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [name, digest.digest()]
