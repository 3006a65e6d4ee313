"""How Open311 answers: the same plain values as XML and as JSON (the Spark mapping), and refusals as its errors.

HTTP is 404 for what is not there, 403 for the key, 400 for every other refusal, 5xx for a fault of ours; the body's
code may be finer. XML is written here, never read: nothing a client sends is parsed as XML.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from xianfeng.foundation.kernel.refusals import Refusal, status
from xianfeng.foundation.ui.refusals import told

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format",
    "service_requests": "request", "service_request_updates": "request_update", "errors": "error",
}  # fmt: skip
# what XML 1.0 cannot carry, not even escaped
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_KEPT = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})


def answer(root: str, value: Any, ending: str, code: int = HTTPStatus.OK) -> HttpResponse:
    """Return `value` under the element `root`; JSON drops the root. Open to programs in any browser page."""
    body = _xml(root, value) if ending == "xml" else _json(value)
    response = HttpResponse(body, status=code, content_type=TYPES[ending])
    response["Access-Control-Allow-Origin"] = "*"
    response["Vary"] = "Accept-Language"
    return response


def _json(value: Any) -> bytes:
    return json.dumps(_spark(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _spark(value: Any) -> Any:
    """Return a value as JSON has it: empty is null, text without what XML could not carry either."""
    if isinstance(value, dict):
        return {name: _spark(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_spark(one) for one in value]
    return (_UNFIT.sub("", value) or None) if isinstance(value, str) else value


def _xml(root: str, value: Any) -> bytes:
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, value)}\n'
    return text.encode("utf-8", "replace")


def _element(name: str, value: Any) -> str:
    inner = _inner(name, value)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _inner(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_element(key, one) for key, one in value.items())
    if isinstance(value, list):
        return "".join(_element(_ITEMS[name], one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else _UNFIT.sub("", str(value)).translate(_ESCAPES)


def moment(at: datetime | None) -> str | None:
    """Return an instant in the w3c form, with the city's zone, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def errors(refusals: Sequence[Refusal], ending: str) -> HttpResponse:
    """Return refusals as Open311 errors; the first decides the HTTP status."""
    codes = [_code(refusal) for refusal in refusals]
    rows = [
        {"code": code, "description": told(refusal)} for code, refusal in zip(codes, refusals, strict=True)
    ]
    response = answer("errors", rows, ending, _http(codes[0]))
    if seconds := refusals[0].params.get("retry_seconds"):
        response["Retry-After"] = str(seconds)
    if allowed := refusals[0].params.get("allowed"):
        response["Allow"] = allowed
    return response


def _code(refusal: Refusal) -> int:
    """Return the body's code; what the house calls unprocessable is a plain 400 here."""
    code = status(refusal.code)
    return int(HTTPStatus.BAD_REQUEST) if code == HTTPStatus.UNPROCESSABLE_ENTITY else code


def _http(code: int) -> int:
    return code if code in _KEPT or code >= HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.BAD_REQUEST


def ending_of(path: str) -> str:
    """Return the format a path asks for: json where it says so, XML for all else."""
    return "json" if path.endswith(".json") else "xml"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal that came before any of these views (the body was not read)."""
    return errors([refusal], ending_of(request.path_info))
