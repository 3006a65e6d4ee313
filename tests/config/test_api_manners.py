"""How the API behaves whatever is asked: sign-in, languages, refusals, unknown addresses, repeated requests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.calling import HERE, PROBLEM, Caller, served, token_of
from tests.cast import Cast, need
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock, signing
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Session, SignInCode
from xianfeng.foundation.people.sessions import COOKIE
from xianfeng.matters.models import Matter

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")
MOBILE = "13800000001"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo_codes(settings: Settings) -> None:
    settings.DEMO = True


def test_a_person_signs_in_by_number_and_code_and_out_again(cast: Cast, demo_codes: None) -> None:
    caller = Caller()
    code = caller.post("/sessions/code", {"mobile": "+86 138 0000 0001"})["demo_code"]
    opened = caller.post("/sessions", {"mobile": MOBILE, "code": code})
    assert (opened.status, opened["person"], opened.headers["Cache-Control"]) == (
        200,
        cast.resident.id,
        "no-store",
    )
    caller.headers["Authorization"] = f"Bearer {opened['token']}"
    me = caller.get("/me")
    assert (me["name"], me["mobile"], me["speaks_for"]) == ("居民", "138****0001", [])
    assert caller.send("DELETE", "/sessions").status == 204
    caller.get("/me").refused(401, "sign-in-needed")


def test_a_code_is_never_in_the_answer_outside_the_demo(cast: Cast) -> None:
    answer = Caller().post("/sessions/code", {"mobile": MOBILE})
    assert answer.body == {"minutes": 5}


def test_a_wrong_number_and_a_wrong_code_are_told_in_the_callers_language(cast: Cast) -> None:
    caller = Caller()
    told = caller.post("/sessions/code", {"mobile": "12"}, Accept_Language="en").refused(
        422, "mobile-invalid", "mobile"
    )
    assert told["detail"] == "That is not a mobile number. Eleven digits, please"
    caller.post("/sessions/code", {"mobile": MOBILE})
    told = caller.post("/sessions", {"mobile": MOBILE, "code": "no"}, Accept_Language="zh-CN")
    assert told.refused(422, "code-wrong", "code")["detail"] == "验证码不对，请看清楚再填一次"


def test_too_many_codes_are_told_how_long_to_wait(cast: Cast) -> None:
    for _ in range(5):
        Caller().post("/sessions/code", {"mobile": MOBILE})
    answer = Caller().post("/sessions/code", {"mobile": MOBILE}).refused(429, "too-many-codes", "mobile")
    assert 3590 < int(answer.headers["Retry-After"]) <= 3600  # the first of the five is an hour old then


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not-found"),
        ("POST", "/nothing/here", 404, "not-found"),
        ("GET", "", 404, "not-found"),
        ("GET", "/matters/000000-000000", 404, "not-found"),
        ("GET", "/matters/x%00y", 404, "not-found"),
        ("DELETE", "/matters", 405, "method-not-allowed"),
        ("GET", "/sessions/code", 405, "method-not-allowed"),
        ("GET", "/me", 401, "sign-in-needed"),
        ("POST", "/matters", 401, "sign-in-needed"),
    ],
)
def test_what_is_not_there_is_refused_with_a_problem_body(
    cast: Cast, method: str, path: str, status: int, code: str
) -> None:
    answer = Caller().send(method, path, {} if method == "POST" else None).refused(status, code)
    assert ("Allow" in answer.headers) == (status == 405)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_a_field_at_fault_is_named_and_all_others_too(cast: Cast) -> None:
    given = {"title": "灯坏了", "lat": "north", "datum": "wgs84"}
    answer = Caller(cast.resident).post("/matters", given).refused(422, "field-invalid", "lat")
    assert answer["detail"] == "这一项填得不对，请改一改：要用数字"
    assert [one["field"] for one in answer["errors"]] == ["lat", "lon"]
    english = Caller(cast.resident).post("/matters", given, Accept_Language="en")
    assert english["detail"] == "This field is not right: it must be a number"


def test_what_is_no_json_is_refused(cast: Cast) -> None:
    Caller(cast.resident).post("/matters", b"{not json").refused(400, "bad-request")


def test_a_refusal_of_an_operation_names_its_field(cast: Cast) -> None:
    caller = Caller(cast.resident)
    caller.post("/matters", {"title": " ", **HERE}).refused(422, "text-missing", "title")
    caller.post("/matters", {"title": "灯", **HERE, "datum": "x"}).refused(422, "datum-unknown", "datum")
    long = caller.post("/matters", {"title": "长" * 61, **HERE}).refused(422, "text-too-long", "title")
    assert (long["limit"], long["length"]) == (60, 61)


def test_a_session_cookie_changes_something_only_with_its_csrf_token(cast: Cast) -> None:
    caller = Caller()
    caller.client.handler.enforce_csrf_checks = True
    caller.client.cookies[COOKIE] = token_of(cast.resident)
    assert caller.get("/me").status == 200
    with watching() as seen:
        caller.post("/matters", {"title": "灯坏了", **HERE}).refused(403, "csrf-failed", "X-CSRFToken")
    assert seen.nothing()
    caller.client.cookies["csrftoken"] = "a" * 32
    assert caller.post("/matters", {"title": "灯坏了", **HERE}, X_CSRFToken="a" * 32).status == 201


def test_a_bearer_token_that_ended_is_nobody(cast: Cast) -> None:
    caller = Caller(cast.resident)
    Session.objects.update(revoked_at=clock.now())
    caller.get("/me").refused(401, "sign-in-needed")


def test_the_same_post_under_the_same_key_is_done_once_and_answered_the_same(cast: Cast) -> None:
    caller, given = Caller(cast.resident), {"title": "灯坏了", **HERE}
    first = caller.post("/matters", given, Idempotency_Key="k-1")
    with watching() as seen:
        second = caller.post("/matters", given, Idempotency_Key="k-1")
    assert seen.nothing()
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    assert ("Idempotent-Replay" in first.headers, second.headers["Idempotent-Replay"]) == (False, "true")
    assert second.headers["Location"] == first.headers["Location"]
    caller.post("/matters", given | {"title": "门坏了"}, Idempotency_Key="k-1").refused(
        422, "key-reused", "Idempotency-Key"
    )
    assert Caller(cast.stranger).post("/matters", given, Idempotency_Key="k-1").status == 201
    assert Matter.objects.count() == 2


def test_a_key_whose_request_was_refused_is_free_again(cast: Cast) -> None:
    matter, caller = need(cast.resident), Caller(cast.pioneer.spokesperson)
    other = Caller(cast.second.spokesperson)
    path = f"/matters/{matter.number}"
    assert other.post(f"{path}/claim", {}, Idempotency_Key="k").status == 200
    caller.post(f"{path}/claim", {}, Idempotency_Key="k").refused(409, "already-taken")
    assert other.post(f"{path}/release", {"reason": "有事"}).status == 200
    again = caller.post(f"{path}/claim", {}, Idempotency_Key="k")
    assert (again.status, again.headers.get("Idempotent-Replay")) == (200, None)


def test_a_repeated_claim_under_its_key_is_answered_even_when_the_matter_has_moved_on(cast: Cast) -> None:
    matter, caller = need(cast.resident), Caller(cast.pioneer.spokesperson)
    path = f"/matters/{matter.number}"
    assert caller.post(f"{path}/claim", {}, Idempotency_Key="k")["state"] == "taken"
    assert caller.post(f"{path}/done", {"report": "好了"}, Idempotency_Key="d")["state"] == "done"
    again = caller.post(f"{path}/claim", {}, Idempotency_Key="k")
    assert (again.status, again["state"], again.headers["Idempotent-Replay"]) == (200, "done", "true")


def test_every_post_obeys_its_key(cast: Cast, demo_codes: None) -> None:
    caller = Caller()
    asked = [caller.post("/sessions/code", {"mobile": MOBILE}, Idempotency_Key="c") for _ in range(2)]
    assert asked[0].body == asked[1].body
    assert SignInCode.objects.count() == 1
    given = {"mobile": MOBILE, "code": asked[0]["demo_code"]}
    opened = [caller.post("/sessions", given, Idempotency_Key="s") for _ in range(2)]
    assert opened[0].body == opened[1].body
    assert opened[1].headers["Idempotent-Replay"] == "true"
    assert Session.objects.count() == 1
    matter, pioneer = need(cast.resident), Caller(cast.pioneer.spokesperson)
    sent = [
        pioneer.post(f"/matters/{matter.number}/messages", {"text": "几楼？"}, Idempotency_Key="m")
        for _ in range(2)
    ]
    assert (sent[0].status, sent[0].body) == (201, sent[1].body)
    assert matter.messages.count() == 1
    read = [pioneer.post("/inbox/read", {}, Idempotency_Key="r") for _ in range(2)]
    assert (read[0].status, read[0].body) == (200, read[1].body)
    serving = {"title": "修灯", "skill": "electric", "times": "周末", "capacity": 2}
    offers = [pioneer.post("/offers", serving, Idempotency_Key="o") for _ in range(2)]
    assert (offers[0].status, offers[0].body) == (201, offers[1].body)


def test_a_key_is_held_to_its_form(cast: Cast) -> None:
    caller = Caller(cast.resident)
    for key in ("", "x" * 256, "空"):
        header = key.encode().decode("latin-1")
        caller.post("/matters", {"title": "灯", **HERE}, Idempotency_Key=header).refused(
            422, "key-invalid", "Idempotency-Key"
        )


def test_a_cursor_that_was_tampered_with_is_refused(cast: Cast) -> None:
    for path in ("/matters?near=30.89,120.09", "/matters?", "/pioneers?", "/offers?"):
        Caller().get(f"{path}&cursor=x:y").refused(422, "cursor-invalid", "cursor")
    signed = signing.ticket("cursor:near", [0, 0])
    Caller().get(f"/matters?cursor={signed}").refused(422, "cursor-invalid", "cursor")


def test_a_lost_database_asks_for_patience(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_: bytes) -> None:
        raise OperationalError("the connection is closed")

    caller = Caller(cast.resident)
    caller.client.raise_request_exception = False
    monkeypatch.setattr(people, "holder_of_session", lost)
    assert caller.get("/me").refused(503, "busy").headers["Retry-After"] == "3"


def test_what_nobody_foresaw_is_a_problem_body_without_any_detail(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: bytes) -> None:
        raise ZeroDivisionError("secret")

    caller = Caller(cast.resident)
    caller.client.raise_request_exception = False
    monkeypatch.setattr(people, "holder_of_session", broken)
    assert "secret" not in json.dumps(caller.get("/me").refused(500, "fault").body)


def test_the_stream_sends_on_with_a_ticket_of_its_listener(cast: Cast, settings: Settings) -> None:
    settings.STREAM_PORT = 8001
    for caller, person in ((Caller(cast.resident), cast.resident.id), (Caller(), None)):
        answer = caller.get("/stream", Last_Event_ID="17")
        to = urlsplit(answer.headers["Location"])
        told = {name: values[0] for name, values in parse_qs(to.query).items()}
        assert (answer.status, to.netloc, to.path, told["last"]) == (307, "testserver:8001", "/stream", "17")
        assert signing.read_ticket("stream", told["ticket"], seconds=60) == {"person": person}
    with time_machine.travel(clock.now().timestamp() + 61):
        assert signing.read_ticket("stream", told["ticket"], seconds=60) is None
    settings.STREAM_PORT = 0
    Caller().get("/stream").refused(503, "busy")


def test_who_asks_costs_one_statement(cast: Cast) -> None:
    for person in (cast.resident, cast.pioneer.spokesperson):
        caller = Caller(person)
        caller.get("/categories")
        with CaptureQueriesContext(connection) as asked:
            caller.get("/categories")
        assert len(asked) == 1


PROBE = """
import django, json
django.setup()
from django.urls import Resolver404, resolve
from xianfeng.config.api import build
def there(path):
    try:
        return resolve(path).func.__name__ != "unknown"
    except Resolver404:
        return False
from django.conf import settings
told = build(demo_too=settings.DEMO).get_openapi_schema(path_prefix="/api/v1/")
print(json.dumps({
    "page": there("/demo"), "cast": there("/api/v1/demo/cast"), "told": "/api/v1/demo/cast" in told["paths"],
    "code": "demo_code" in json.dumps(told, default=str),
}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("demo", ["1", "0", ""])
def test_neither_the_casts_page_nor_its_list_nor_any_code_exists_without_the_demo(demo: str) -> None:
    environment = os.environ | {"XIANFENG_DEMO": demo, "DJANGO_SETTINGS_MODULE": "xianfeng.config.settings"}
    words = [sys.executable, "-c", PROBE]
    output = subprocess.run(
        words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert set(json.loads(output).values()) == {demo == "1"}


def test_the_casts_list_is_missing_without_the_demo_even_if_it_is_mounted(cast: Cast) -> None:
    assert Caller().get("/demo/cast").headers["Content-Type"] == PROBLEM
