"""Whatever is typed on a page is kept as meant, or refused at its field with everything else kept."""

import html
from time import perf_counter

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast, need
from tests.doors.bad_input import EMPTY, FAULTS, ODD, jpeg, photographs
from tests.doors.portal.browsers import signed, text
from tests.doors.portal.test_ask import town
from tests.matters.watching import watching
from xianfeng.foundation.kernel.refusals import Refusal, sentence
from xianfeng.matters.models import Matter, Photo

PHOTOGRAPHS = photographs()


@pytest.mark.parametrize("what", ODD)
def test_odd_words_stand_as_typed_and_are_shown_as_text(cast: Cast, what: str) -> None:
    typed, stored = ODD[what]
    browser = signed(cast.resident)
    with watching() as seen:
        sent = browser.post("/ask", {"title": typed, "text": typed, "area": town()})
    matter = Matter.objects.get()
    assert (matter.title, matter.text) == (stored, stored)
    assert seen.tables == {"matters_matter"}
    assert stored not in str(seen.only("matter.raised"))
    for page in (browser.get(sent["Location"]), signed(cast.pioneer.spokesperson).get("/needs")):
        shown = page.content.decode()
        assert html.escape(stored) in shown
        assert (stored in shown) == (html.escape(stored) == stored)


@pytest.mark.parametrize("what", ODD)
def test_odd_words_are_searched_for_without_harm(cast: Cast, what: str) -> None:
    matter, browser = need(cast.resident, "灯坏了"), signed(cast.pioneer.spokesperson)
    for path in ("/needs", "/pioneers", "/menu"):
        with watching() as seen:
            page = browser.get(path, {"q": ODD[what][0]})
        assert page.status_code in ({200, 400} if what == "NUL" else {200})
        assert seen.nothing()
    assert Matter.objects.get() == matter


@pytest.mark.parametrize("empty", EMPTY)
def test_what_shows_nothing_is_empty(cast: Cast, empty: str) -> None:
    browser, typed = signed(cast.resident), {"title": empty, "text": "从天花板滴下来", "area": town()}
    with watching() as seen:
        refused = browser.post("/ask", typed)
    assert (refused.status_code, "这里还空着，写一句就行" in text(refused)) == (422, True)
    assert "从天花板滴下来" in text(refused)
    assert seen.nothing()


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_said_at_its_field_and_all_that_was_typed_is_kept(cast: Cast, what: str) -> None:
    wrong, code, at = FAULTS[what]
    typed = {"title": "家里漏水", "text": "从天花板滴下来", "address": "三单元 201", "area": town(), **wrong}
    browser = signed(cast.resident)
    with watching() as seen:
        refused = browser.post("/ask", typed)
    page = refused.content.decode()
    given = typed[at]
    told = sentence(Refusal(code, params={"length": len(given), "limit": len(given) - 1}), "zh-hans")
    assert refused.status_code == 422
    assert f'href="#f-{at}">{told}</a>' in page
    for name in ("title", "text", "address"):
        assert html.escape(typed[name]) in page
    assert seen.nothing()


def test_a_text_of_exactly_four_thousand_is_taken_whole(cast: Cast) -> None:
    long = "𠮷" * 3999 + "完"
    signed(cast.resident).post("/ask", {"title": "长文", "text": long, "area": town()})
    assert Matter.objects.get().text == long


@pytest.mark.parametrize("what", PHOTOGRAPHS)
def test_what_is_no_photograph_is_told_at_once_and_leaves_nothing(cast: Cast, what: str) -> None:
    data, status, code = PHOTOGRAPHS[what]
    browser = signed(cast.resident)
    began = perf_counter()
    with watching() as seen:
        sent = browser.post("/photos", {"photo": SimpleUploadedFile("a.jpg", data, "image/jpeg")})
        form = {
            "title": "家里漏水",
            "area": town(),
            "files": [SimpleUploadedFile("b.jpg", data, "image/jpeg")],
        }
        page = browser.post("/ask", form)
    assert perf_counter() - began < 5
    assert (sent.status_code, sent.json()["code"]) == (status, code)
    if data:  # a browser sends an empty file where none was chosen: that need goes without
        assert (page.status_code, "家里漏水" in page.content.decode()) == (status, True)
        assert sentence(Refusal(code, params={"megabytes": 10}), "zh-hans") in text(page)
        assert seen.nothing()
    assert not Photo.objects.exists()
    assert not default_storage.exists("photos")


def test_a_name_of_a_file_leads_nowhere(cast: Cast) -> None:
    good = SimpleUploadedFile("../../../etc/passwd\0.php", jpeg(), "text/x-php")
    sent = signed(cast.resident).post("/photos", {"photo": good})
    key = Photo.objects.get().key
    assert sent.json() == {"key": key, "url": f"/photo/{key}/small"}
    assert default_storage.listdir("photos")[0] == [key[:2]]


@pytest.mark.parametrize(
    "point",
    [
        {"lat": "nan", "lon": "120"},
        {"lat": "1e400", "lon": "120"},
        {"lat": "91", "lon": "0"},
        {"lat": "北", "lon": "东"},
    ],
)
def test_a_pin_that_is_no_place_is_told(cast: Cast, point: dict[str, str]) -> None:
    browser, typed = signed(cast.resident), {"title": "漏水", "area": town(), "point_area": town(), **point}
    with watching() as seen:
        refused = browser.post("/ask", typed)
    assert (refused.status_code, "这个位置不对，请重新选一个地方" in text(refused)) == (422, True)
    assert seen.nothing()


def test_a_pin_with_an_unknown_datum_is_told(cast: Cast) -> None:
    pin = {"lat": "30.9", "lon": "120.1", "datum": "mars", "point_area": town()}
    refused = signed(cast.resident).post("/ask", {"title": "漏水", "area": town(), **pin})
    assert (refused.status_code, "坐标的基准不认识" in text(refused)) == (422, True)


def test_a_pin_outside_the_city_is_kept_flagged_and_comes_to_the_city(cast: Cast) -> None:
    pin = {"lat": "39.9042", "lon": "116.4074", "point_area": town()}
    sent = signed(cast.resident).post("/ask", {"title": "人在外地，家里漏水", "area": town(), **pin})
    matter = Matter.objects.get()
    assert (matter.outside, matter.area, matter.lat, matter.lon) == (True, cast.city, 39.9042, 116.4074)
    assert signed(cast.resident).get(sent["Location"]).status_code == 200
    for reader, code in ((cast.city_staff, 200), (cast.staff, 404), (cast.other_staff, 404)):
        assert signed(reader).get(f"/desk/matters/{matter.number}").status_code == code


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/ask", "GET, HEAD, POST"),
        ("GET", "/photos", "POST"),
        ("DELETE", "/needs", "GET, HEAD"),
        ("GET", "/need/1/claim", None),
    ],
)
def test_a_wrong_method_changes_nothing(cast: Cast, method: str, path: str, allowed: str | None) -> None:
    browser = signed(cast.resident)
    with watching() as seen:
        answer = browser.generic(method, path)
    assert seen.nothing()
    assert answer.status_code in {405, 404, 302}
    if allowed:
        assert (answer.status_code, sorted(answer["Allow"].split(", "))) == (405, sorted(allowed.split(", ")))


@pytest.mark.parametrize(
    "path",
    [
        "/need/..%2f..%2fetc%2fpasswd", "/need/%F0%A0%AE%B7", "/photo/..%2f..%2f..%2fsecret/small",
        "/photo/x/..%2fsmall", "/photo/%2e%2e/small", "/static/..%2f..%2fsecret", "/media/photos",
        "/pioneer/99999999999999999999", "/pioneer/-1", "/pioneer/1%27--", "/desk", "/desk/matters/../../me",
        "/need/" + "1" * 3000,
    ],
)  # fmt: skip
def test_a_crooked_address_is_missing(cast: Cast, path: str) -> None:
    answer = signed(cast.stranger).get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=" + "x" * 10_000, "cursor=%00", "cursor=a:b:c", "cursor=%F0%A0"]
)
def test_a_crooked_cursor_is_told(cast: Cast, query: str) -> None:
    for path in ("/needs", "/pioneers", "/menu", "/me/inbox", "/me/needs"):
        answer = signed(cast.resident).get(f"{path}?{query}")
        assert answer.status_code in {200, 422}, path
        if answer.status_code == 422:
            assert "请从第一页重新看" in text(answer)


@pytest.mark.parametrize("token", ["", "x", "x" * 8_000, "a\x7fb", "' OR 1=1"])
def test_a_crooked_session_is_nobodys(cast: Cast, token: str) -> None:
    browser = signed(None)
    browser.cookies["xf_session"] = token
    assert browser.get("/").status_code == 200
    led = browser.get("/me")
    assert (led.status_code, led["Location"]) == (302, "/sign-in?next=%2Fme")


@pytest.mark.parametrize(
    "field", ["area", "category", "wanted", "photos", "firm", "key", "day", "lat", "point_area"]
)
def test_a_nul_in_any_field_is_refused_and_changes_nothing(cast: Cast, field: str) -> None:
    browser, typed = signed(cast.resident), {"title": "漏水", "area": town(), "lat": "1", "lon": "1"}
    with watching() as seen:
        answer = browser.post("/ask", typed | {field: "a\0b"})
    assert answer.status_code in {302, 400, 422}
    assert seen.nothing() == (answer.status_code != 302)


@pytest.mark.parametrize(
    "path", ["/need/%00", "/photo/%00/small", "/photo/x/%00", "/needs?skill=%00", "/needs?cursor=%00"]
)
def test_a_nul_in_an_address_is_no_fault_of_ours(cast: Cast, path: str) -> None:
    assert signed(cast.pioneer.spokesperson).get(path).status_code in {200, 400, 404, 422}


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "\0"]
)
def test_nobody_is_led_out_of_the_house_after_signing_in(cast: Cast, address: str) -> None:
    led = signed(cast.resident).get("/sign-in", {"next": address})
    assert (led.status_code, led["Location"]) == (302, "/")
