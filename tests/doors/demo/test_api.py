"""The demo's part of the API, as it is where XIANFENG_DEMO=1."""

from pytest_django import Settings

from tests.calling import Caller
from xianfeng.foundation.people.models import Person

URLS = "tests.doors.demo.api_urls"


def test_the_cast_is_listed_and_any_of_it_signs_in(demo: Settings, parts: dict[str, Person]) -> None:
    demo.ROOT_URLCONF = URLS
    caller = Caller()
    items = caller.get("/demo/cast")["items"]
    assert [one["role"] for one in items] == list(parts)
    assert set(items[0]) == {"name", "role", "mobile", "what"}
    code = caller.post("/sessions/code", {"mobile": items[0]["mobile"]})["demo_code"]
    opened = caller.post("/sessions", {"mobile": items[0]["mobile"], "code": code})
    assert opened["person"] == parts["resident"].id


def test_the_casts_list_speaks_english_too(demo: Settings, parts: dict[str, Person]) -> None:
    demo.ROOT_URLCONF = URLS
    assert Caller().get("/demo/cast", Accept_Language="en")["items"][0]["what"] == "Mends lamps"


def test_a_demo_that_was_switched_off_lists_nobody(demo: Settings, parts: dict[str, Person]) -> None:
    demo.ROOT_URLCONF, demo.DEMO = URLS, False
    Caller().get("/demo/cast").refused(404, "not-found")
