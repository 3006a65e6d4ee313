"""The demo's door, and that it is not there without the demo."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as house
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from xianfeng.doors.demo import life_switch
from xianfeng.doors.demo.cast import cast
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import operations
from xianfeng.foundation.people.models import Person, Session

PATHS = ["", "/enter", "/split", "/seat", "/life"]


def token(browser: Client, path: str = "/demo") -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).content.decode())
    assert found
    return found[1]


OUTSIDE = """
import django
django.setup()
from django.conf import settings
from xianfeng.config import urls
assert not settings.DEMO
assert not [one for one in settings.MIDDLEWARE if "demo" in one]
assert not [one for one in urls.urlpatterns if str(one.pattern).startswith("demo")]
print("neither")
"""


def test_a_house_started_without_the_demo_has_neither_its_addresses_nor_its_seats(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "XIANFENG_DEMO"}
    bare |= {"DJANGO_SETTINGS_MODULE": "xianfeng.config.settings", "XIANFENG_VAR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", OUTSIDE], env=bare, cwd=house.ROOT, capture_output=True, text=True, check=False
    )
    assert told.stdout == "neither\n", told.stderr


@pytest.mark.parametrize("path", PATHS)
def test_without_the_demo_its_views_answer_404_even_if_mounted(
    path: str, uncollected: Settings, parts: dict[str, Person]
) -> None:
    settings = uncollected
    settings.DEMO, settings.ROOT_URLCONF = False, "tests.doors.demo.urls"
    assert Client().get(f"/demo{path}").status_code == 404
    assert Client().post(f"/demo{path}", {"role": "resident"}).status_code == 404
    assert Client().get("/~a/who").status_code == 404
    assert not Session.objects.exists()


def test_without_the_demo_there_is_no_cast_and_no_sign_in_by_tap(
    settings: Settings, parts: dict[str, Person]
) -> None:
    settings.DEMO = False
    assert cast() == []
    with pytest.raises(Missing):
        operations.open_demo_session(parts["resident"].id)


def test_the_page_lists_the_cast_with_what_they_are_for(browser: Client) -> None:
    page = browser.get("/demo").content.decode()
    assert page.count('name="role"') == 6
    assert "会修灯" in page
    assert "13800000001" in page
    assert page.count("<svg") >= 2


def test_the_cast_is_told_of_in_english(browser: Client) -> None:
    assert [one.what for one in cast()] == ["会修灯"] * 6
    with translation.override("en"):
        assert [one.what for one in cast()] == ["Mends lamps"] * 6


def test_one_tap_signs_in(browser: Client, parts: dict[str, Person]) -> None:
    answer = browser.post("/demo/enter", {"role": "resident", "csrfmiddlewaretoken": token(browser)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/who").json()["person"] == parts["resident"].id
    morsel = answer.cookies["xf_session"]
    assert (morsel["path"], morsel["httponly"], morsel["samesite"]) == ("/", True, "Lax")


def test_a_tap_without_a_token_or_by_get_signs_nobody_in(browser: Client) -> None:
    assert browser.post("/demo/enter", {"role": "resident"}).status_code == 403
    assert browser.get("/demo/enter", {"role": "resident"}).status_code == 405
    assert not Session.objects.exists()


def test_nobody_outside_the_cast_can_be_signed_in(browser: Client) -> None:
    answer = browser.post("/demo/enter", {"role": "nobody", "csrfmiddlewaretoken": token(browser)})
    assert answer.status_code == 404


def test_phones_side_by_side_seat_a_resident_and_a_pioneer(browser: Client, parts: dict[str, Person]) -> None:
    answer = browser.post("/demo/seat", {"csrfmiddlewaretoken": token(browser)}, follow=True)
    page = answer.content.decode()
    assert re.findall(r'<iframe[^>]*src="([^"]+)"', page) == ["/~a/", "/~b/needs"]
    assert browser.get("/~a/who").json()["person"] == parts["resident"].id
    assert browser.get("/~b/who").json()["person"] == parts["pioneer-electric"].id
    assert browser.get("/who").json()["person"] is None


def test_who_sits_in_a_seat_can_be_changed(browser: Client, parts: dict[str, Person]) -> None:
    browser.post("/demo/seat", {"csrfmiddlewaretoken": token(browser)})
    given = {"seat": "b", "role": "firm", "phones": "3", "csrfmiddlewaretoken": token(browser, "/demo/split")}
    page = browser.post("/demo/seat", given, follow=True).content.decode()
    assert re.findall(r'<iframe[^>]*src="([^"]+)"', page) == ["/~a/", "/~b/"]
    assert page.count("<select") == 3
    assert browser.get("/~b/who").json()["person"] == parts["firm"].id


def test_the_switch_of_the_quiet_life_is_seen_by_others(browser: Client) -> None:
    assert life_switch.is_on()
    browser.post("/demo/life", {"on": "0", "csrfmiddlewaretoken": token(browser)})
    assert not life_switch.is_on()
    browser.post("/demo/life", {"on": "1", "back": "split", "csrfmiddlewaretoken": token(browser)})
    assert life_switch.is_on()
