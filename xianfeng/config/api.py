"""The API object: the rooms' routers under /api/v1, refusals as problem details, the description of it all."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from xianfeng.config import hot, stream_address
from xianfeng.doors.cockpit.api import router as cockpit
from xianfeng.doors.demo.api import router as demo
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.answers import PROBLEM
from xianfeng.foundation.kernel.keyed import HEADER
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.notices.api import router as notices
from xianfeng.foundation.people.api import router as people
from xianfeng.foundation.people.privacy.api import router as privacy
from xianfeng.foundation.places.api import router as places
from xianfeng.foundation.ui.refusals import problem
from xianfeng.matters.api import router as matters
from xianfeng.recognition.honours.api import router as honours
from xianfeng.recognition.portraits.api import router as portraits
from xianfeng.recognition.showcase.api import router as showcase
from xianfeng.services.mediation.api import router as mediation
from xianfeng.services.meetings.api import router as meetings
from xianfeng.services.studios.api import router as studios

TITLE = "先锋 Xianfeng"
ABOUT = """\
A resident raises a need, pioneers near it grab it, exactly one wins, the need is met, the resident rates.

**Signing in.** `POST /sessions/code` sends a one-time code to a mobile number, `POST /sessions` exchanges it for a
token; send that as `Authorization: Bearer …`. Pages use the session cookie and bring `X-CSRFToken` with every change.

**Refusals** are problem details (RFC 9457, `application/problem+json`): programs read the stable `code` and the `field`
at fault, people read `detail`, a sentence in the language of `Accept-Language` (zh-CN or en). What is not there and
what is not open to the caller look alike: 404. Further members say more, `similar` and `late_seconds` of a lost claim.

**Repeating.** Every POST takes an `Idempotency-Key`: the key is committed together with its effect, the same request
under the same key does nothing twice and is answered again, with the header `Idempotent-Replay: true`; another request
under the same key is refused with `key-reused`.

**Lists** come by pages: `next` is the `cursor` of the following page, null at the end. Cursors are signed and opaque.

**Coordinates** are degrees. What is sent names its `datum` (wgs84, gcj02 or bd09); what is answered is WGS-84.
"""
_STATUS = {
    HTTPStatus.UNAUTHORIZED: "sign-in-needed", HTTPStatus.FORBIDDEN: "forbidden", HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
}  # fmt: skip


class Api(NinjaAPI):
    """Ninja's API whose description says what ninja does not: problem bodies, keys, languages, waiting times."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the description."""
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _describe(operation, posts=method == "post")
        return schema


def _describe(operation: dict[str, Any], *, posts: bool) -> None:
    for status, response in operation["responses"].items():
        body = response.get("content", {}).pop("application/json", None)
        if body is None:
            continue
        refused = str(body["schema"].get("$ref", "")).endswith("/Problem")
        response["content"][PROBLEM if refused else "application/json"] = body
        if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            response["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}
    operation["parameters"].append(_header("Accept-Language", "zh-CN or en", "^(zh-CN|en)$"))
    if posts:
        operation["parameters"].append(
            _header(HEADER, "1 to 255 ASCII characters; see Repeating.", "^[!-~]{1,255}$")
        )


def _header(name: str, description: str, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"in": "header", "name": name, "required": False, "schema": schema, "description": description}


def build(*, demo_too: bool) -> NinjaAPI:
    """Return the API; with the demo's part, or as it is where the demo is not."""
    api = Api(
        title=TITLE,
        version="1",
        description=ABOUT,
        docs_url=None,
        urls_namespace="api-demo" if demo_too else "api",
    )
    for router in (
        matters,
        people,
        privacy,
        places,
        notices,
        showcase,
        portraits,
        honours,
        meetings,
        studios,
        mediation,
        cockpit,
        stream_address.router,
        *([demo] if demo_too else []),
    ):
        api.add_router("", router)
    for kind, refusal in _REFUSALS.items():
        api.add_exception_handler(kind, _telling(refusal))
    hot.hasten(api)
    return api


def _telling(refusal: Callable[[Any], Refusal]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: problem(refusal(error))


def _refused(error: Any) -> Refusal:
    refusal: Refusal = error.refusal
    return refusal


def _of_status(error: Any) -> Refusal:
    return Refusal(_STATUS.get(error.status_code, "bad-request"))


def _invalid(error: Any) -> Refusal:
    """Name the first field at fault, in the caller's language; `errors` names all."""
    faults = [(_field(one["loc"]), _what(one)) for one in error.errors]
    field, detail = faults[0]
    errors = [{"field": name, "detail": what} for name, what in faults]
    return Refusal("field-invalid", field, {"detail": detail, "errors": errors})


def _field(place: tuple[Any, ...]) -> str:
    """Return the field's name of ninja's place: ('body', 'given', 'title') is title."""
    names = [str(name) for name in place[1:]]
    return ".".join(names[1:] if place[0] == "body" and len(names) > 1 else names) or str(place[0])


def _what(fault: dict[str, Any]) -> str:
    known = catalogue.load("texts/fields")
    entry = known.get(fault["type"]) or known["other"]
    text: str = entry["en" if (get_language() or "").startswith("en") else "zh"]
    return text.format_map({"given": "", **fault.get("ctx", {})})


_REFUSALS: dict[type[Exception], Callable[[Any], Refusal]] = {
    Refused: _refused,
    Http404: lambda error: Refusal("not-found"),
    HttpError: _of_status,
    ValidationError: _invalid,
}


@csrf_exempt
def unknown(request: HttpRequest) -> NoReturn:
    """Answer every address below /api/ that nobody serves."""
    raise Missing


def urls() -> list[URLPattern | URLResolver]:
    """Return the addresses of the API."""
    api = build(demo_too=settings.DEMO)
    hot.mount(api, "/api/v1")
    return [path("api/v1/", api.urls), re_path("^api/", unknown)]
