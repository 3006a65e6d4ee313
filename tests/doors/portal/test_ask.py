"""Asking on the page: one sentence is enough, nothing that was typed is lost, and it is sent once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.cast import Cast, ordered
from tests.doors.portal.browsers import field, signed, text
from tests.matters.watching import watching
from xianfeng.doors.portal import drafts
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import city, locate
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.offers import Serving, publish


def town() -> str:
    """Return the code of the town at the city's middle."""
    found = locate.locate(city.served().lat, city.served().lon).town
    assert found
    return found.code


def day(days: int) -> str:
    """Return a day from today on, as a date field sends it."""
    return (datetime.now(ZoneInfo(settings.TIME_ZONE)) + timedelta(days=days)).date().isoformat()


def test_one_sentence_and_a_place_are_enough(cast: Cast) -> None:
    sent = signed(cast.resident).post("/ask", {"title": "家里漏水", "area": town()})
    matter = Matter.objects.get()
    assert sent["Location"] == f"/need/{matter.number}"
    assert (matter.state, matter.wanted, matter.category, matter.text) == ("open", "days", "electric", "")


def test_danger_comes_first_with_the_three_numbers(cast: Cast) -> None:
    page = signed(None).get("/ask").content.decode()
    assert [page.count(f'href="tel:{number}"') for number in (120, 119, 110)] == [1, 1, 1]
    assert page.index("tel:120") < page.index('name="title"')


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": ""}, {"f-title": "这里还空着，写一句就行"}),
        ({"title": "长" * 61}, {"f-title": "写了 61 个字，最多 60 个，请缩短一点"}),
        ({"area": ""}, {"f-area": "没有这个地方，请从列表里选"}),
        ({"area": "no-such"}, {"f-area": "没有这个地方，请从列表里选"}),
        ({"wanted": "date"}, {"f-day": "请选哪一天、几点到几点"}),
        ({"wanted": "date", "day": "2020-01-01"}, {"f-day": "这个时间已经过去了，请选后面的时间"}),
        ({"wanted": "soon"}, {"f-wanted": "请选什么时候要：现在、今天、这几天或选日子"}),
        ({"category": "magic"}, {"f-category": "没有这个类别，请从列表里选"}),
        ({"firm": "1"}, {"f-firm": "只有企业核实过的负责人能替企业求助"}),
        ({"photos": "foreign"}, {"f-photos": "有一张照片没传好，请重新选一次"}),
        ({"lat": "x", "lon": "y", "point_area": "TOWN"}, {"f-area": "这个位置不对，请重新选一个地方"}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(
    cast: Cast, wrong: dict[str, str], fields: dict[str, str]
) -> None:
    typed = {
        "title": "家里漏水",
        "text": "水从天花板滴下来",
        "address": "小区A 3 幢",
        "area": town(),
        **wrong,
    }
    typed["point_area"] = town() if typed.get("point_area") else ""
    browser = signed(cast.resident)
    with watching() as seen:
        refused = browser.post("/ask", typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    for name, sentence in fields.items():
        assert f'href="#{name}">{sentence}</a>' in page
    assert "水从天花板滴下来" in page
    assert 'value="小区A 3 幢"' in page
    assert seen.nothing()


def test_a_double_tap_sends_once(cast: Cast) -> None:
    browser = signed(cast.resident)
    typed = {"title": "家里漏水", "area": town(), "key": field(browser.get("/ask"), "key")}
    places = {browser.post("/ask", typed)["Location"] for _ in range(3)}
    assert places == {f"/need/{Matter.objects.get().number}"}


def test_other_words_under_a_sent_key_are_asked_for_once_more_and_then_sent(cast: Cast) -> None:
    browser = signed(cast.resident)
    typed = {"title": "家里漏水", "area": town(), "key": field(browser.get("/ask"), "key")}
    browser.post("/ask", typed)
    again = browser.post("/ask", {**typed, "title": "灯也坏了"})
    assert (again.status_code, "刚才那件已经发出去了" in text(again)) == (409, True)
    browser.post("/ask", {**typed, "title": "灯也坏了", "key": field(again, "key")})
    assert sorted(Matter.objects.values_list("title", flat=True)) == ["家里漏水", "灯也坏了"]


def test_words_typed_without_a_session_wait_for_it_and_go_once(cast: Cast) -> None:
    browser = signed(None)
    form = browser.get("/ask")
    typed = {
        "title": "家里漏水",
        "text": "慢慢地滴" * 50,
        "area": town(),
        "wanted": "today",
        "key": field(form, "key"),
    }
    led = browser.post("/ask", typed)
    assert led["Location"] == "/sign-in?next=%2Fask"
    assert not Matter.objects.exists()
    browser.cookies.update(signed(cast.resident).cookies)
    kept = browser.get("/ask")
    page = kept.content.decode()
    assert 'value="家里漏水"' in page
    assert "慢慢地滴" * 50 in page
    assert (field(kept, "key"), "写的都替您留着" in page) == (typed["key"], True)
    browser.post("/ask", typed)
    assert Matter.objects.get().title == "家里漏水"
    assert drafts.read(browser.get("/ask").wsgi_request) == {}


def test_words_too_long_for_the_device_wait_behind_one_button(cast: Cast) -> None:
    long = "".join(chr(0x4E00 + at * 7 % 20_000) for at in range(4000))
    refused = signed(None).post("/ask", {"title": "家里漏水", "text": long, "area": town()})
    assert refused.status_code == 401
    assert long in refused.content.decode()


def test_a_script_that_sent_the_form_is_told_where_to_go(cast: Cast) -> None:
    sent = signed(cast.resident).post(
        "/ask", {"title": "漏水", "area": town()}, headers={"HX-Request": "true"}
    )
    number = Matter.objects.get().number
    assert (sent.status_code, sent["HX-Redirect"], sent["X-Sent"]) == (204, f"/need/{number}", number)


def test_a_pin_counts_only_for_the_town_it_lies_in(cast: Cast) -> None:
    people.change_profile(by=cast.resident, area_id=cast.here.id, lat=30.9, lon=120.1)
    other = next(area.code for area in cast.there.children.order_by("code") if area.lat)
    pin = {"lat": "30.9", "lon": "120.1", "datum": "wgs84"}
    browser = signed(cast.resident)
    browser.post("/ask", {"title": "在别处", "area": other, "point_area": town(), **pin})
    browser.post("/ask", {"title": "就在这里", "area": town(), "point_area": town(), **pin})
    elsewhere, pinned = Matter.objects.get(title="在别处"), Matter.objects.get(title="就在这里")
    assert cast.there.id in elsewhere.area.path
    assert (pinned.lat, pinned.lon) == (30.9, 120.1)


def test_the_firm_of_its_responsible_person_can_ask(cast: Cast) -> None:
    browser = signed(cast.responsible)
    assert "一家企业" in text(browser.get(f"/ask?firm={cast.firm.id}"))
    browser.post("/ask", {"title": "送料卡住", "area": town(), "firm": str(cast.firm.id)})
    assert Matter.objects.get().firm_id == cast.firm.id
    assert "一家企业" not in text(signed(cast.resident).get("/ask"))


def test_the_day_help_is_needed_by_is_that_day(cast: Cast) -> None:
    browser = signed(cast.resident)
    browser.post("/ask", {"title": "漏水", "area": town(), "wanted": "date", "day": day(3)})
    until = Matter.objects.get().wanted_until
    assert until
    assert until.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat() == day(3)


def test_a_pioneer_is_booked_by_one_tap_on_a_window(cast: Cast) -> None:
    browser = signed(cast.resident)
    address = f"/ask?pioneer={cast.pioneer.id}"
    page = browser.get(address)
    assert "约 先锋甲" in text(page)
    window = f"{day(1)}T13:00/17:00"
    assert f'value="{window}"' in page.content.decode()
    browser.post(address, {"title": "修插座", "area": town(), "window": window})
    matter = Matter.objects.get()
    assert (matter.service_code, matter.state, matter.offered_to_id) == (
        "help-booking",
        "offered",
        cast.pioneer.id,
    )
    assert matter.wanted_from
    assert matter.wanted_until
    assert matter.wanted_until - matter.wanted_from == timedelta(hours=4)
    assert "13:00 到 17:00" in text(signed(cast.pioneer.spokesperson).get(f"/need/{matter.number}"))


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({}, "请选哪一天、几点到几点"),
        ({"window": "nonsense"}, "请选哪一天、几点到几点"),
        ({"window": "2020-01-01T08:00/12:00"}, "这个时间已经过去了，请选后面的时间"),
        (
            {"window": "other", "day": "2099-01-01", "hour": "12:00", "hour_until": "11:00"},
            "请选哪一天、几点到几点",
        ),
    ],
)
def test_a_booking_needs_a_window_that_is_still_to_come(
    cast: Cast, window: dict[str, str], sentence: str
) -> None:
    address = f"/ask?pioneer={cast.pioneer.id}"
    refused = signed(cast.resident).post(address, {"title": "修插座", "area": town(), **window})
    assert (refused.status_code, sentence in text(refused)) == (422, True)


def test_an_order_from_the_menu_begins_with_the_offers_words(cast: Cast) -> None:
    serving = Serving(title="修灯换插座", skill="electric", times="周末", capacity=1)
    offer = publish(serving, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    browser, address = signed(cast.resident), f"/ask?offer={offer.id}"
    page = browser.get(address)
    assert field(page, "key")
    assert 'value="修灯换插座"' in page.content.decode()
    typed = {"title": "修灯换插座", "area": town(), "window": f"{day(1)}T08:00/12:00"}
    browser.post(address, typed)
    full = signed(cast.stranger).post(address, typed)
    assert (full.status_code, "这项服务约满了" in text(full)) == (409, True)


def test_what_cannot_be_booked_is_missing(cast: Cast) -> None:
    ordered(cast)
    people.suspend(cast.second.id, by=cast.city_staff, reason="核查")
    for query in ("pioneer=999999", "pioneer=x", "offer=999999", f"pioneer={cast.second.id}"):
        assert signed(cast.resident).get(f"/ask?{query}").status_code == 404


def test_the_words_suggest_what_they_are_about(cast: Cast) -> None:
    assert "水电维修" in text(signed(None).get("/ask/suggest?title=家里跳闸"))
    assert text(signed(None).get("/ask/suggest?title=嗯")).strip() == ""


def test_the_map_tells_the_town_of_a_point_and_draws_the_counties(cast: Cast) -> None:
    middle = city.served()
    told = signed(None).get(f"/map/area.json?lat={middle.lat}&lon={middle.lon}").json()
    assert (told["area"], told["outside"]) == (town(), False)
    drawn = signed(None).get("/map/counties.json")
    assert len(drawn.json()["features"]) == 5
    assert len(drawn.content) < 60_000
    assert signed(None).get("/map/area.json?lat=999&lon=x").status_code == 422


def test_in_large_mode_a_sentence_is_tapped_instead_of_typed(cast: Cast) -> None:
    browser = signed(cast.resident)
    assert 'href="/ask?say=' not in browser.get("/ask").content.decode()
    browser.cookies["xf_mode"] = "care"
    page = browser.get("/ask").content.decode()
    codes = list(catalogue.load("texts/examples"))
    assert [page.count(f'href="/ask?say={code}"') for code in codes] == [1] * len(codes)
    tapped = browser.get("/ask?say=clinic")
    assert 'value="想请人陪我去看病"' in tapped.content.decode()
    assert 'href="/ask?say=' not in tapped.content.decode()
    assert 'value=""' in browser.get("/ask?say=no-such").content.decode()


def test_every_sentence_to_tap_belongs_to_a_category_and_fits_a_title() -> None:
    skills, limit = catalogue.load("skills"), catalogue.load("limits")["matter"]["title_length"]
    for entry in catalogue.load("texts/examples").values():
        assert entry["category"] in skills
        assert 0 < len(entry["zh"]) <= len(entry["en"]) <= limit
