"""Whatever programs send: kept as meant, or refused with a problem body that names the field; nothing else moves."""

import json
from time import perf_counter
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests.calling import HERE, Answer, Caller, served
from tests.cast import Cast, need
from tests.doors.bad_input import EMPTY, FAULTS, ODD, photographs
from tests.matters.watching import watching
from xianfeng.matters.models import Matter, Photo

__all__ = ["served"]
PHOTOGRAPHS = photographs()
GOOD = {"title": "灯坏了", **HERE}


@pytest.fixture(autouse=True)
def apart(served: None, settings: Settings, tmp_path: Any) -> None:
    """Photographs go to a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "media"


def refused(caller: Caller, given: Any, status: int, code: str, field: str | None) -> Answer:
    """Hold that a need is refused like this, and that nothing moved."""
    with watching() as seen:
        answer = caller.post("/matters", given).refused(status, code, field)
    assert seen.nothing()
    return answer


@pytest.mark.parametrize("what", ODD)
def test_odd_words_come_back_as_they_were_meant(cast: Cast, what: str) -> None:
    typed, stored = ODD[what]
    caller = Caller(cast.resident)
    sent = caller.post("/matters", {**GOOD, "title": typed, "text": typed, "address": typed})
    assert sent.status == 201
    read = caller.get(f"/matters/{sent['number']}")
    assert (read["title"], read["text"]) == (stored, stored)
    assert stored not in json.dumps(caller.get(f"/matters/{sent['number']}/record").body)


@pytest.mark.parametrize("empty", EMPTY)
def test_what_shows_nothing_is_missing(cast: Cast, empty: str) -> None:
    refused(Caller(cast.resident), {**GOOD, "title": empty}, 422, "text-missing", "title")


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_names_its_field(cast: Cast, what: str) -> None:
    wrong, code, field = FAULTS[what]
    refused(Caller(cast.resident), GOOD | wrong, 422, code, field)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ["灯"]}, "title"), ({"title": 7}, "title"), ({"title": None}, "title"), ({"title": {}}, "title"),
        ({"lat": "north"}, "lat"), ({"lat": [30]}, "lat"), ({"lat": None}, "lat"), ({"datum": 84}, "datum"),
        ({"datum": None}, "datum"), ({"firm": "x"}, "firm"), ({"firm": 1.5}, "firm"), ({"firm": 10**30}, "firm"),
        ({"photos": "key"}, "photos"), ({"photos": [1]}, "photos.0"), ({"photos": ["k"] * 21}, "photos"),
        ({"wanted_from": "soon"}, "wanted_from"), ({"wanted_from": "2026-05-01T08:00:00"}, "wanted_from"),
        ({"service": "a\0b"}, "service"), ({"title": "长" * 401}, "title"), ({"text": "长" * 20_001}, "text"),
    ],
)  # fmt: skip
def test_a_wrong_type_names_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    refused(Caller(cast.resident), GOOD | wrong, 422, "field-invalid", field)


@pytest.mark.parametrize("missing", ["title", "lat", "lon", "datum"])
def test_what_is_left_out_is_named(cast: Cast, missing: str) -> None:
    given = {name: value for name, value in GOOD.items() if name != missing}
    answer = refused(Caller(cast.resident), given, 422, "field-invalid", missing)
    assert answer["errors"] == [{"field": missing, "detail": "这一项没有填"}]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"{not json", b"\xff\xfe\x00", "灯".encode("gb18030"), b"[" * 100_000, b'{"a":' * 50_000,
        b'{"title": "a" "b"}', b"{'title': 'a'}", b'{"title": "\x01"}', b"\x1f\x8b\x08\x00", b'{"title":"a",}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_told(cast: Cast, body: bytes) -> None:
    began = perf_counter()
    caller = Caller(cast.resident)
    with watching() as seen:
        answer = caller.post("/matters", body)
    assert (answer.status, answer["code"]) in {(400, "bad-request"), (422, "field-invalid")}
    assert seen.nothing()
    assert perf_counter() - began < 3


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"17", b"true"])
def test_json_that_is_no_object_is_told(cast: Cast, body: bytes) -> None:
    caller = Caller(cast.resident)
    with watching() as seen:
        answer = caller.post("/matters", body)
    assert (answer.status, answer["code"]) == (422, "field-invalid")
    assert seen.nothing()


@pytest.mark.parametrize("place", ["NaN", "Infinity", "-Infinity", "1e999", "91", "-90.0001", '"nan"'])
def test_a_number_that_is_no_place_is_told(cast: Cast, place: str) -> None:
    body = json.dumps({**GOOD, "lat": "LAT"}).replace('"LAT"', place).encode()
    caller = Caller(cast.resident)
    with watching() as seen:
        answer = caller.post("/matters", body)
    assert answer.status in {400, 422}
    assert answer["code"] in {"coordinates-invalid", "field-invalid", "bad-request"}
    assert seen.nothing()


def test_of_a_key_given_twice_the_last_counts(cast: Cast) -> None:
    body = json.dumps(GOOD)[:-1].encode() + '， "title": "门坏了"}'.replace("，", ",").encode()
    assert Caller(cast.resident).post("/matters", body)["title"] == "门坏了"


def test_a_field_nobody_knows_is_passed_over(cast: Cast) -> None:
    given = {**GOOD, "state": "closed", "requester": 1, "number": "1", "outside": True, "__proto__": {"a": 1}}
    sent = Caller(cast.resident).post("/matters", given)
    matter = Matter.objects.get()
    assert (sent.status, sent["state"], matter.outside, matter.requester) == (
        201,
        "open",
        False,
        cast.resident,
    )


def test_a_half_of_a_pair_and_a_byte_order_mark_do_no_harm(cast: Cast) -> None:
    caller = Caller(cast.resident)
    half = caller.post(
        "/matters", b'{"title": "\\ud800\xe7\x81\xaf", "lat": 30.89, "lon": 120.09, "datum": "wgs84"}'
    )
    assert half.status in {201, 400, 422}
    marked = caller.post("/matters", b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert marked.status in {201, 400}


@pytest.mark.parametrize(
    ("datum", "code"),
    [("mars", "datum-unknown"), ("", "datum-unknown"), ("WGS-84", ""), ("gcj02", ""), ("BD09", "")],
)
def test_a_datum_is_known_in_any_dress_or_told(cast: Cast, datum: str, code: str) -> None:
    caller = Caller(cast.resident)
    if code:
        refused(caller, GOOD | {"datum": datum}, 422, code, "datum")
    else:
        assert caller.post("/matters", GOOD | {"datum": datum}).status == 201


def test_a_place_outside_the_city_is_kept_flagged_and_comes_to_the_city(cast: Cast) -> None:
    sent = Caller(cast.resident).post("/matters", GOOD | {"lat": 39.9042, "lon": 116.4074})
    matter = Matter.objects.get()
    assert (sent.status, sent["lat"], sent["lon"]) == (201, 39.9042, 116.4074)
    assert (matter.outside, matter.area) == (True, cast.city)


@pytest.mark.parametrize("what", PHOTOGRAPHS)
def test_what_is_no_photograph_is_told_at_once_and_leaves_nothing(cast: Cast, what: str) -> None:
    data, status, code = PHOTOGRAPHS[what]
    caller, began = Caller(cast.resident), perf_counter()
    with watching() as seen:
        answer = send(caller, SimpleUploadedFile("a.jpg", data, "image/jpeg"))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, "photo")
    assert perf_counter() - began < 3
    assert seen.nothing()
    assert not Photo.objects.exists()
    assert not default_storage.exists("photos")


def send(caller: Caller, file: Any) -> Any:
    """Send a photograph."""
    return caller.client.post("/api/v1/photos", {"photo": file}, headers=caller.headers)


@pytest.mark.parametrize(
    "body",
    [b"", b"--b\r\n", b"nonsense", b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n'],
)
def test_a_form_that_breaks_off_is_told(cast: Cast, body: bytes) -> None:
    caller = Caller(cast.resident)
    with watching() as seen:
        answer = caller.client.generic(
            "POST", "/api/v1/photos", body, "multipart/form-data; boundary=b", headers=caller.headers
        )
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"bad-request", "field-invalid", "photo-unreadable"}
    assert seen.nothing()


@pytest.mark.parametrize("token", ["", "x", "x" * 8_000, "a b", "' OR 1=1 --", "\xff\xfe"])
def test_a_crooked_token_is_nobodys(cast: Cast, token: str) -> None:
    caller = Caller(headers={"Authorization": f"Bearer {token}"})
    caller.get("/me").refused(401, "sign-in-needed")
    caller.post("/matters", GOOD).refused(401, "sign-in-needed")
    assert caller.get("/matters?near=30.89,120.09").status == 200


@pytest.mark.parametrize("kind", ["Basic eDp5", "bearer", "Bearer", "Token x", "Bearer\tx"])
def test_another_way_to_sign_in_is_nobodys(cast: Cast, kind: str) -> None:
    Caller(headers={"Authorization": kind}).get("/me").refused(401, "sign-in-needed")


@pytest.mark.parametrize("cursor", ["x", "x" * 10_000, "%00", "a:b:c", "%F0%A0%AE%B7", "..%2f", "W10:1:1"])
def test_a_crooked_cursor_is_refused_by_every_list(cast: Cast, cursor: str) -> None:
    for path in ("/matters?near=30.89,120.09", "/pioneers?", "/offers?", "/inbox?", "/me/matters?"):
        answer = Caller(cast.resident).get(f"{path}&cursor={cursor}")
        assert (answer.status, answer["code"]) in {
            (422, "cursor-invalid"),
            (422, "field-invalid"),
            (404, "not-found"),
        }


@pytest.mark.parametrize(
    "query",
    [
        "near=1",
        "near=a,b",
        "near=nan,nan",
        "near=91,0",
        "limit=-1",
        "limit=x",
        "limit=1e9",
        "state=%00",
        "skill=%27",
    ],
)
def test_a_crooked_query_is_told(cast: Cast, query: str) -> None:
    need(cast.resident)
    answer = Caller(cast.resident).get(f"/matters?{query}")
    assert answer.status in {200, 422}
    assert answer.status == 200 or answer["field"]


@pytest.mark.parametrize(
    "path",
    [
        "/photos/..%2f..%2fsecret/small",
        "/photos/x/..%2f",
        "/matters/..",
        "/matters/%2e%2e",
        "/../me",
        "/matters//",
        "/photos/%00/small",
    ],
)
def test_a_crooked_address_is_missing(cast: Cast, path: str) -> None:
    Caller(cast.resident).get(path).refused(404, "not-found")
