"""Home and feed: true counts, what runs, who waits nearby, filters and paging."""

import re
from typing import Any

import pytest

from tests.cast import Cast, closed, done, need, taken
from tests.doors.portal.browsers import markup, signed, text
from xianfeng.foundation.people import operations as people
from xianfeng.matters.operations.raising import withdraw


def _tiles(response: Any) -> list[str]:
    return re.findall(r'<div class="xf-tile"><b>(\d+)</b>', markup(response))


def test_home_counts_what_happened_today_where_the_reader_is(cast: Cast) -> None:
    assert _tiles(signed(None).get("/")) == ["0", "0", "0"]
    need(cast.resident)
    taken(cast)
    closed(cast)
    assert _tiles(signed(None).get("/")) == ["3", "2", "1"]
    people.change_profile(by=cast.stranger, area_id=cast.there.id)
    elsewhere = signed(cast.stranger).get("/")
    assert _tiles(elsewhere) == ["0", "0", "0"]
    assert f"今天在{cast.there.name}" in text(elsewhere)


def test_home_shows_what_runs_until_it_has_ended(cast: Cast) -> None:
    browser = signed(cast.resident)
    assert "我的求助" not in text(browser.get("/"))
    number = need(cast.resident).number
    assert "附近的先锋都看到了" in text(browser.get("/"))
    withdraw(number, by=cast.resident)
    assert "我的求助" not in text(browser.get("/"))
    held = taken(cast)
    page = browser.get("/")
    assert "先锋甲 在办" in text(page)
    assert f'action="/need/{held.number}/contact"' in page.content.decode()
    done(cast)
    assert "等您打分" in text(browser.get("/"))
    assert "我的求助" not in text(signed(cast.stranger).get("/"))


def test_large_mode_brings_ask_phone_and_the_own_need_first(cast: Cast) -> None:
    taken(cast)
    browser = signed(cast.resident)
    browser.cookies["xf_mode"] = "care"
    page = browser.get("/").content.decode()
    assert (
        page.index('class="xf-ask"')
        < page.index('href="tel:12345"')
        < page.index('id="mine"')
        < page.index('id="today"')
    )


def test_one_cinnabar_fill_and_no_inline_script_or_style_on_home(cast: Cast) -> None:
    page = signed(cast.resident).get("/").content.decode()
    assert page.count('class="xf-ask"') == 1
    assert "xf-btn--ask" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)


def test_the_feed_says_what_fits_and_why(cast: Cast) -> None:
    need(cast.resident, "家里跳闸", category="electric")
    need(cast.resident, "插秧缺人手", category="farming")
    page = signed(cast.pioneer.spokesperson).get("/needs").content.decode()
    assert page.count("合您专长：水电维修") == 1
    buttons = re.findall(r'class="(xf-btn xf-btn--small[^"]*)"', page)
    assert sorted(buttons) == ["xf-btn xf-btn--small", "xf-btn xf-btn--small xf-btn--soft"]
    assert "我来帮" not in text(signed(None).get("/needs"))
    mine = text(signed(cast.pioneer.spokesperson).get("/needs?skill=mine"))
    assert "家里跳闸" in mine
    assert "插秧" not in mine


@pytest.mark.parametrize("known", [True, False])
def test_the_feed_is_filtered_by_skill_area_and_words(cast: Cast, known: bool) -> None:
    if known:
        people.change_profile(by=cast.stranger, area_id=cast.here.id)
    need(cast.resident, "家里跳闸", category="electric")
    need(cast.resident, "插秧缺人手", category="farming")
    browser = signed(cast.stranger)
    assert "插秧" not in text(browser.get("/needs?skill=electric"))
    assert "家里跳闸" not in text(browser.get("/needs?q=插秧"))
    assert "家里跳闸" in text(browser.get(f"/needs?area={cast.here.code}"))
    assert "家里跳闸" not in text(browser.get(f"/needs?area={cast.there.code}"))
    assert "没找到这样的求助" in text(browser.get("/needs?q=没有的词"))
    assert "家里跳闸" in text(browser.get("/needs?skill=unknown&area=unknown"))


def test_an_empty_feed_says_what_it_means(cast: Cast) -> None:
    assert "这会儿没人求助" in text(signed(None).get("/needs"))


@pytest.mark.parametrize("known", [True, False])
def test_paging_shows_every_need_once(cast: Cast, known: bool) -> None:
    if known:
        people.change_profile(by=cast.stranger, area_id=cast.here.id)
    numbers = {need(cast.resident, f"第 {at} 件", north=at * 0.001).number for at in range(45)}
    browser, address, seen = signed(cast.stranger), "/needs", []
    while address:
        page = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        seen += re.findall(r'data-number="([\d-]+)"', page)
        more = re.search(r'hx-get="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == 45
    assert set(seen) == numbers


def test_the_nearest_come_first(cast: Cast) -> None:
    people.change_profile(by=cast.stranger, area_id=cast.here.id, lat=30.87, lon=120.09)
    for title, north in (("远", 0.05), ("近", 0.001), ("中", 0.01)):
        need(cast.resident, title, north=north)
    page = signed(cast.stranger).get("/needs").content.decode()
    assert re.findall(r"</span>(远|近|中)</a>", page) in (["近", "中", "远"], ["远", "中", "近"])


def test_a_cursor_that_was_not_given_out_is_refused(cast: Cast) -> None:
    assert signed(None).get("/needs?cursor=forged").status_code == 422


def test_the_badge_alone_counts_what_is_unread(cast: Cast) -> None:
    assert text(signed(cast.resident).get("/unread")).strip().endswith("0")


def test_the_page_is_light(cast: Cast) -> None:
    for at in range(20):
        need(cast.resident, f"第 {at} 件")
    page = signed(cast.pioneer.spokesperson).get("/needs", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 12_000
