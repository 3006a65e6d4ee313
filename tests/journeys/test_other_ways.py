"""Booking, the split view, the map, large mode, English; and how much a first visit weighs."""

import gzip
import re

import pytest
from playwright.sync_api import Response, expect

from tests.journeys import pages
from tests.journeys.house import House
from tests.journeys.phones import Phones

# What people wrote themselves: it stays in their language.
WRITTEN = [
    (table, column)
    for table, columns in {
        "people_person": "name", "people_pioneer": "name motto deed", "people_firm": "name",
        "people_recognition": "title",
        "matters_matter": "title text",
        "matters_offer": "title text times", "matters_rating": "text",
        "matters_handling": "report first_reply helpers", "matters_message": "text", "matters_remark": "text",
        "places_area": "name", "demo_part": "what",
        "showcase_achievement": "title text", "showcase_live": "title text", "showcase_feedback": "text answer",
        "showcase_comment": "text",
    }.items()
    for column in columns.split()
]  # fmt: skip


def test_a_pioneer_is_booked_from_the_showcase_and_accepts(house: House, phones: Phones) -> None:
    role = "pioneer-elderly"
    pioneer = phones.get(role)
    theirs = house.one(
        "SELECT id FROM people_pioneer WHERE spokesperson_id = %s AND kind = 'individual'", house.person(role)
    )
    resident = phones.get("resident-elder")
    page = resident.page
    resident.go(f"/pioneer/{theirs}")
    page.locator(".xf-bar a, .xf-bar button").last.click()
    page.wait_for_url("**/ask?*")
    page.locator("#f-title").fill("陪我去一趟医院复诊")
    page.locator("#f-window label.xf-chip").first.click()
    if page.locator("#f-area").input_value() == "":
        page.locator("#f-area").select_option(index=1)
    page.get_by_role("button", name="约").click()
    page.wait_for_url("**/need/*")
    number = page.url.rsplit("/", 1)[1].partition("?")[0]
    assert house.rows("SELECT state, service_code FROM matters_matter WHERE number = %s", number) == [
        ("offered", "help-booking")
    ]
    stranger = phones.get("stranger")
    assert stranger.go(f"/need/{number}") == 404
    pioneer.go("/me/jobs")
    pioneer.page.get_by_role("link", name="陪我去一趟医院复诊").first.click()
    pioneer.page.get_by_role("button", name="答应，我来").click()
    pioneer.page.wait_for_load_state("load")
    assert house.rows("SELECT state FROM matters_matter WHERE number = %s", number) == [("taken",)]
    expect(resident.page.locator(".need-st")).not_to_contain_text("等", timeout=6_000)


def test_two_phones_stand_side_by_side_in_the_demo(house: House, phones: Phones) -> None:
    desk = phones.get(width=1280)
    desk.go("/demo")
    desk.page.get_by_role("button", name="两部手机并排看").click()
    desk.page.wait_for_url("**/demo/split*")
    left, right = desk.page.frame_locator("iframe").nth(0), desk.page.frame_locator("iframe").nth(1)
    expect(right.locator("[data-feed]")).to_be_visible()
    left.locator("a.xf-ask").click()
    left.locator("#f-title").fill("两部手机并排看一看")
    left.get_by_role("button", name="发出求助").click()
    expect(left.locator("h2.need-t")).to_have_text("两部手机并排看一看")
    expect(right.get_by_text("两部手机并排看一看").first).to_be_visible(timeout=5_000)
    desk.shot("split")


def test_a_map_is_loaded_only_on_tap_and_puts_the_place(house: House, phones: Phones) -> None:
    phone = phones.get("resident")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.go("/ask")
    assert not [url for url in asked if "leaflet" in url or "counties" in url]
    phone.page.get_by_role("button", name="在地图上点").click()
    expect(phone.page.locator("#map path").first).to_be_visible()
    assert [url for url in asked if "leaflet" in url]
    phone.page.locator("#map").click(position={"x": 150, "y": 120})
    phone.page.wait_for_function("() => document.querySelector('input[name=lat]').value !== ''")
    assert phone.bounds() == []
    phone.shot("map")


def test_danger_comes_first_where_help_is_asked(phones: Phones) -> None:
    phone = phones.get()
    phone.go("/ask")
    assert [link.get_attribute("href") for link in phone.page.locator(".tels a").all()] == [
        "tel:120",
        "tel:119",
        "tel:110",
    ]


@pytest.mark.parametrize("path", ["/", "/needs", "/ask", "/pioneers", "/menu"])
def test_a_first_visit_weighs_at_most_100_kb(house: House, phones: Phones, path: str) -> None:
    phone = phones.get()
    answers: list[Response] = []
    phone.page.on("response", lambda answer: answers.append(answer))
    phone.go(path)
    phone.page.wait_for_timeout(300)
    weight = 0
    for answer in answers:
        if "/photo/" in answer.url or "stream" in answer.url or answer.status != 200:
            continue
        body = answer.body()
        packed = answer.headers.get("content-encoding") in {"gzip", "br"}
        weight += min(len(body), len(gzip.compress(body, 6))) if packed else len(body)
    assert 5_000 < weight <= 100_000


def test_english_pages_speak_no_chinese_of_their_own(house: House, phones: Phones) -> None:
    """What people wrote stays as they wrote it; the page's own words are English."""
    phone = phones.get("resident").prefer(language="en")
    own = {
        str(row[0])
        for row in house.rows(" UNION ".join(f"SELECT {column} FROM {table}" for table, column in WRITTEN))  # noqa: S608
        if row[0]
    }
    whole = "\n".join(own)
    wrong: dict[str, list[str]] = {}
    for path in pages.paths_of("resident", pages.examples(house)):
        phone.go(path)
        left = [words for words in phone.han() if not _written(words, own, whole)]
        if left:
            wrong[path] = left
    assert not wrong, wrong


def _written(words: str, own: set[str], whole: str) -> bool:
    """Tell whether people wrote this: their words and masked names taken out, nothing Chinese is left."""
    plain = re.sub(r"[\u4e00-\u9fff]\*\*", "", words.strip("…“”\"' "))
    if plain in whole or plain in {"简体中文", "中文"}:
        return True
    for text in sorted((text for text in own if len(text) > 1 and text in plain), key=len, reverse=True):
        plain = plain.replace(text, "")
    return not any("\u4e00" <= mark <= "\u9fff" for mark in plain)
