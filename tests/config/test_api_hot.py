"""The hot paths answer as ninja would have answered: they only read the request another way."""

import json
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from ninja.operation import Operation

from tests.calling import HERE
from tests.cast import Cast, need, taken
from xianfeng.config import hot
from xianfeng.config.api import build
from xianfeng.foundation.people.models import Person

API = build(demo_too=False)
OPERATIONS = {
    (operation.methods[0], path): operation
    for router in API._get_bound_routers()
    for path, view in router.path_operations.items()
    for operation in view.operations
}


def _request(method: str, body: bytes | None, query: dict[str, str], person: Person | None) -> HttpRequest:
    made: Any = RequestFactory().generic(
        method, "/api/v1/x", body or b"", "application/json", query_params=query
    )
    made.person, made.bearer, made.pioneer_id, made.seat = person, person is not None, None, ""
    made._dont_enforce_csrf_checks = True
    request: HttpRequest = made
    return request


def both(
    method: str,
    path: str,
    person: Person | None,
    *,
    body: Any = None,
    query: dict[str, str] | None = None,
    **more: Any,
) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """Return what the hot way and ninja's way answer, each as status and body."""
    operation = OPERATIONS[method, path]
    sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    ways = (operation.run, lambda *given, **kept: Operation.run(operation, *given, **kept))
    answers = [run(_request(method, sent, query or {}, person), **more) for run in ways]
    first, second = [(one.status_code, json.loads(one.content)) for one in answers]  # type: ignore[attr-defined]
    return first, second


def test_every_hot_path_is_one_of_the_api_and_runs_another_way() -> None:
    assert set(OPERATIONS) >= hot.HOT
    for key, operation in OPERATIONS.items():
        assert ("run" in vars(operation)) == (key in hot.HOT)


@pytest.mark.parametrize(
    "query",
    [
        {}, {"near": "30.89,120.09"}, {"near": "30.89,120.09", "limit": "1", "skill": "electric,law"},
        {"mine": "true"}, {"mine": "maybe"}, {"limit": "0"}, {"limit": "x"}, {"words": "长" * 61}, {"near": "x"},
        {"cursor": "x"}, {"service": "a\0b"}, {"unknown": "1"},
    ],
)  # fmt: skip
def test_the_feed_is_answered_the_same(cast: Cast, query: dict[str, str]) -> None:
    need(cast.resident)
    for person in (None, cast.resident):
        first, second = both("GET", "/matters", person, query=query)
        assert first == second


@pytest.mark.parametrize(
    "body",
    [
        None, b"", b"{", b"[]", b'"x"', b"null", b"\xff", {}, {"title": 1}, {"title": "灯", **HERE, "lat": "x"},
        {"title": "灯", **HERE, "photos": "x"}, {"title": "灯", **HERE, "wanted_from": "2027-01-01T08:00:00"},
        {"title": "灯", **HERE, "wanted_from": "0001-01-01T08:00:00Z"}, {"title": " ", **HERE},
        {"title": "长" * 401, **HERE}, {"title": "灯", **HERE, "firm": 0}, {"title": "灯", **HERE, "photos": ["a\0"]},
    ],
)  # fmt: skip
def test_a_posting_that_is_wrong_is_refused_the_same(cast: Cast, body: Any) -> None:
    first, second = both("POST", "/matters", cast.resident, body=body)
    assert first == second
    assert first[0] in {400, 422}


def test_half_a_character_is_no_json_of_the_hot_paths(cast: Cast) -> None:
    first, second = both("POST", "/matters", cast.resident, body={"title": "\ud800", **HERE})
    assert (first[0], second[0]) == (400, 422)  # pydantic reads it as broken JSON, ninja as a broken text


def test_a_guest_is_refused_the_same(cast: Cast) -> None:
    first, second = both("POST", "/matters", None, body={"title": "灯", **HERE})
    assert first == second
    assert first[0] == 401


@pytest.mark.parametrize(
    "body", [None, {}, {"first_reply": "来了"}, {"pioneer": "x"}, {"first_reply": 1}, b"{", b"[]"]
)
def test_a_claim_is_answered_the_same(cast: Cast, body: Any) -> None:
    matter = taken(cast)
    for person in (cast.pioneer.spokesperson, cast.stranger):
        first, second = both("POST", "/matters/{number}/claim", person, body=body, number=matter.number)
        assert first == second


def test_a_number_that_is_none_is_missing_the_same(cast: Cast) -> None:
    first, second = both("POST", "/matters/{number}/claim", cast.stranger, body={}, number="x\0")
    assert first == second
    assert first[0] == 404
