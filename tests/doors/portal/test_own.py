"""我的数据: all that is kept of the reader and of nobody else, who looked, and erasure."""

import json

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, closed, need, taken
from tests.doors.portal.browsers import signed, text
from tests.matters.watching import watching
from xianfeng.doors.portal.shown import own
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import telling
from xianfeng.foundation.people.sessions import COOKIE
from xianfeng.foundation.record.models import Entry
from xianfeng.matters.operations.staff import show_number
from xianfeng.matters.operations.talking import send_message, show_other_side


def test_the_page_shows_what_is_kept_of_the_reader_alone(cast: Cast) -> None:
    people.change_profile(by=cast.resident, name="王小明")
    need(cast.resident, "我的求助", address="幸福里 7 幢")
    need(cast.stranger, "别人的求助")
    page = text(signed(cast.resident).get("/me/data"))
    for word in ("王小明", "13800000001", "我的求助", "幸福里 7 幢"):
        assert word in page
    assert "别人的求助" not in page


def test_the_file_says_the_same_whole(cast: Cast) -> None:
    for number in range(25):
        need(cast.resident, f"第{number}件")
    browser = signed(cast.resident)
    answer = browser.get("/me/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    told = json.loads(answer.content)
    assert [one["title"] for one in told["needs"]] == [f"第{number}件" for number in range(25)]
    assert told["profile"][0]["mobile"] == "13800000001"
    assert {"consents", "sessions", "messages", "photos", "handlings", "ratings_given", "inbox"} <= set(told)
    assert "还有 5 条，在文件里" in text(browser.get("/me/data"))


def test_a_pioneers_file_has_what_they_did_and_not_the_requesters_door(cast: Cast) -> None:
    matter = closed(cast)
    told = signed(cast.pioneer.spokesperson).get("/me/data.json").content.decode()
    assert matter.number in told
    assert "换了灯泡" in told
    assert "13800000001" not in told


@pytest.mark.parametrize("path", ["/me/data", "/me/data.json", "/me/looks", "/me/erase"])
def test_visitors_are_led_to_sign_in(cast: Cast, path: str) -> None:
    assert signed(None).get(path).headers["Location"].startswith("/sign-in?")


def test_who_looked_is_shown_by_their_post_or_pioneers_name(cast: Cast) -> None:
    matter = taken(cast)
    show_other_side(matter.number, by=cast.pioneer.spokesperson)
    show_number(matter.number, "requester", by=cast.staff)
    page = signed(cast.resident).get("/me/looks")
    assert [(row.who, row.words, row.number) for row in page.context["rows"]] == [
        (f"{cast.organisation.name} 工作人员12", "看了您的手机号", matter.number),
        ("先锋甲", "看了您的手机号", matter.number),
    ]  # fmt: skip
    assert "还没有人看过" in text(signed(cast.stranger).get("/me/looks"))


def test_staff_who_open_a_need_on_the_desk_are_shown_once_an_hour(cast: Cast) -> None:
    matter = taken(cast)
    send_message(matter.number, "在路上", by=cast.pioneer.spokesperson)
    desk = signed(cast.staff)
    with watching() as seen:
        for _ in range(3):
            assert desk.get(f"/desk/matters/{matter.number}").status_code == 200
    told = [entry for entry in seen.entries if entry.code == "person.looked-at"]
    assert [(one.id, one.actor, one.new) for one in told] == [
        (cast.resident.id, ("person", cast.staff.id), {"matter": matter.id, "to": cast.staff.id})
    ]
    rows = signed(cast.resident).get("/me/looks").context["rows"]
    assert [(row.who, row.words) for row in rows] == [
        (f"{cast.organisation.name} 工作人员12", "看了您求助的全部内容")
    ]


def test_a_look_outside_the_scope_is_none(cast: Cast) -> None:
    matter = taken(cast)
    assert signed(cast.other_staff).get(f"/desk/matters/{matter.number}").status_code == 404
    assert not Entry.objects.filter(code="person.looked-at").exists()


@pytest.mark.parametrize("looked", [1, 3])
def test_looks_cost_the_same_at_one_and_at_three(
    cast: Cast, looked: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    matter = taken(cast)
    for _ in range(looked):
        show_other_side(matter.number, by=cast.pioneer.spokesperson)
    browser = signed(cast.resident)
    browser.get("/me/looks")
    with django_assert_num_queries(7):
        browser.get("/me/looks")


def test_erasure_asks_for_the_last_digits_and_says_what_is_wrong(cast: Cast) -> None:
    browser = signed(cast.resident)
    assert "138****0001" in text(browser.get("/me/erase"))
    with watching() as seen:
        page = browser.post("/me/erase", {"tail": "1234"})
    assert page.status_code == 422
    assert "手机号后四位不对" in text(page)
    assert seen.nothing()


def test_erasure_ends_the_session_and_says_so_at_home(cast: Cast) -> None:
    need(cast.resident, "我的求助")
    browser = signed(cast.resident)
    answer = browser.post("/me/erase", {"tail": "0001"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert answer.cookies[COOKIE].value == ""
    assert Person.objects.get(pk=cast.resident.pk).left_at is not None
    home = browser.get("/")
    assert home.status_code == 200
    assert "注销好了" in text(home)


def test_staff_read_why_they_cannot_leave_yet(cast: Cast) -> None:
    assert "您还担任工作人员" in text(signed(cast.staff).get("/me/erase"))
    assert signed(cast.staff).post("/me/erase", {"tail": "0012"}).status_code == 409


def test_a_pioneer_who_holds_a_need_of_who_left_reads_its_page(cast: Cast) -> None:
    matter = closed(cast)
    signed(cast.resident).post("/me/erase", {"tail": "0001"})
    for person in (cast.pioneer.spokesperson, None):
        page = signed(person).get(f"/need/{matter.number}")
        assert page.status_code == 200
        assert "（已删除）" in text(page)
    assert signed(cast.pioneer.spokesperson).get("/me/jobs").status_code == 200
    assert signed(cast.city_staff).get(f"/desk/matters/{matter.number}").status_code == 200


def test_pages_of_a_pioneer_who_left_and_of_needs_they_did_hold(cast: Cast) -> None:
    matter = closed(cast)
    signed(cast.pioneer.spokesperson).post("/me/erase", {"tail": "0003"})
    assert "先锋甲" not in text(signed(cast.resident).get(f"/need/{matter.number}"))
    assert signed(cast.resident).get(f"/pioneer/{cast.pioneer.id}").status_code == 404
    assert signed(cast.city_staff).get(f"/desk/matters/{matter.number}").status_code == 200


def test_the_notice_says_how_long_things_are_kept(cast: Cast) -> None:
    page = text(signed(None).get("/privacy"))
    assert "门牌 90 天删掉，照片、留言 365 天删掉" in page
    assert "注销" in page


def test_values_with_several_parts_are_read_on_one_line(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"skills": ["electric", "farming"], "points": {"Q": 36.5}, "photos": [], "title": "安装包"}]
    monkeypatch.setattr(telling, "own_data", lambda person: {"deeds": rows})
    (section,) = own.sections(cast.resident)
    assert [field.value for field in section.rows[0]] == ["electric、farming", "Q 36.5", "安装包"]
