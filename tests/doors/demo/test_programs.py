"""The program of the demo's cast: its key is listed, works, and signs nobody in."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.calling import Caller
from tests.cast import Cast
from xianfeng.doors.demo.cast import member
from xianfeng.doors.demo.city import programs
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.people import keys
from xianfeng.foundation.people.models import ApiKey, Person

URLS = "tests.doors.demo.api_urls"


@pytest.fixture
def listed(demo: Settings, parts: dict[str, Person]) -> Part:
    """The program, as `demo_city` lets it have its key."""
    programs.ensure()
    return Part.objects.get(role="open311")


def test_the_cast_lists_one_key_of_a_program_with_a_roomy_limit(listed: Part, demo: Settings) -> None:
    demo.ROOT_URLCONF = URLS
    rows = [one for one in Caller().get("/demo/cast")["items"] if one["role"] == "open311"]
    assert [set(one) for one in rows] == [{"name", "role", "mobile", "what", "api_key"}]
    assert rows[0]["mobile"] == ""
    key = keys.use(rows[0]["api_key"])
    assert (key.person_id, key.per_minute) == (listed.person_id, 6000)


def test_a_city_that_stands_already_gets_one_key_and_keeps_it(listed: Part) -> None:
    programs.ensure()
    assert ApiKey.objects.count() == 1
    assert Part.objects.get(role="open311").api_key == listed.api_key


def test_the_page_of_the_cast_shows_the_key_and_nobody_enters_as_a_program(
    listed: Part, demo: Settings
) -> None:
    client = Client()
    assert listed.api_key in client.get("/demo").content.decode()
    assert client.post("/demo/enter", {"role": "open311"}).status_code == 404


def test_outside_the_demo_no_key_is_told(listed: Part, demo: Settings, cast: Cast) -> None:
    demo.DEMO = False
    assert member("open311") is None
