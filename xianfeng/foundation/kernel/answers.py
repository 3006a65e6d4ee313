"""How the API answers: typed bodies, and which refusals an endpoint may give. ui.refusals writes those."""

from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import to_json

PROBLEM = "application/problem+json"
READ = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
SIGNED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
WRITE = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
ONE = (HTTPStatus.NOT_FOUND,)
PATIENCE = (HTTPStatus.TOO_MANY_REQUESTS,)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character")
    return text


# What goes to the database as it came: words of people are cleaned by operations instead.
Plain = Annotated[str, AfterValidator(_without_nul)]


class Given(BaseModel):
    """The body or the query of a request that comes often: plain pydantic, which is checked in half the time."""


class Problem(Schema):
    """Why a request was refused (RFC 9457). Programs read `code`, people `detail`; further members say more."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str = Field(description="A sentence in the caller's language (Accept-Language: zh-CN or en).")
    status: int
    detail: str = Field(description="What is the matter and what to do.")
    code: str = Field(
        description="Stable: already-taken, hands-full, text-missing …", examples=["already-taken"]
    )
    field: str | None = Field(default=None, description="The field, parameter or header at fault.")


def answers(
    model: Any, *refusals: tuple[HTTPStatus, ...], status: HTTPStatus = HTTPStatus.OK
) -> dict[HTTPStatus, Any]:
    """Return ninja's `response`: `model` under `status`, and Problem under each status of `refusals`."""
    return {status: model, **dict.fromkeys(sorted({code for group in refusals for code in group}), Problem)}


def answered(
    body: Schema | dict[str, Any], status: HTTPStatus = HTTPStatus.OK, **headers: str
) -> HttpResponse:
    """Return `body` as JSON; a header Retry-After is written Retry_After.

    What is asked for all the time comes as plain values: building models costs more than reading the rows.
    """
    response = HttpResponse(to_json(body), status=status, content_type="application/json")
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def nothing() -> HttpResponse:
    """Return 204: done, and there is nothing to say."""
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response["Content-Type"]
    return response
