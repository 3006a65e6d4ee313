"""A need's page: its life, who may read what, and each of its moves."""

import pytest

from tests.cast import Cast, booked, closed, done, need, ordered, recognised, somebody, taken
from tests.doors.portal.browsers import markup, signed, text
from tests.matters.watching import watching
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Handling, Matter, Message, Visit
from xianfeng.matters.operations.handling import Report, call_team
from xianfeng.matters.operations.rating import dispute

REPORT = Report("换了灯泡", benefit_yuan=300, jobs=2)


def test_the_door_and_the_whole_name_open_to_the_taker_alone(cast: Cast) -> None:
    matter = need(cast.resident, address="小区A 3 幢")
    readers = (None, cast.stranger, cast.pioneer.spokesperson)
    assert not any("小区A" in text(signed(reader).get(f"/need/{matter.number}")) for reader in readers)
    signed(cast.pioneer.spokesperson).post(f"/need/{matter.number}/claim")
    held = text(signed(cast.pioneer.spokesperson).get(f"/need/{matter.number}"))
    assert all(words in held for words in ("小区A 3 幢", "居民 提出求助", "您抢单接下", "您在办"))
    others = text(signed(cast.second.spokesperson).get(f"/need/{matter.number}"))
    assert "小区A" not in others
    assert "居** 提出求助" in others


def test_a_number_is_shown_on_tap_to_a_side_and_each_look_is_recorded(cast: Cast) -> None:
    number = taken(cast).number
    browser = signed(cast.pioneer.spokesperson)
    assert "13800000001" not in text(browser.get(f"/need/{number}"))
    with watching() as seen:
        shown = browser.post(f"/need/{number}/contact")
    assert seen.only("person.contact-shown").id == cast.resident.id
    assert "13800000001" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert signed(cast.second.spokesperson).post(f"/need/{number}/contact").status_code == 404
    partial = signed(cast.resident).post(f"/need/{number}/contact", headers={"HX-Request": "true"})
    assert text(partial).strip() == "13800000003"


def test_a_report_that_is_refused_keeps_what_was_typed(cast: Cast) -> None:
    number, browser = taken(cast).number, signed(cast.pioneer.spokesperson)
    with watching() as seen:
        refused = browser.post(
            f"/need/{number}/report", {"report": "换好了", "benefit_yuan": "一千", "jobs": "2"}
        )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#f-benefit_yuan">效益请填合理的数字（元）</a>' in page
    assert ">换好了</textarea>" in page
    assert seen.nothing()
    assert browser.post(f"/need/{number}/report", {"report": ""}).status_code == 422
    assert browser.post(f"/need/{number}/report", {"report": "换好了"}).status_code == 302
    again = browser.post(f"/need/{number}/report", {"report": "换好了"})
    assert (again.status_code, "这件事已经往前走了" in text(again)) == (409, True)


def test_the_rating_keeps_what_was_given_and_asks_for_what_lacks(cast: Cast) -> None:
    number, browser = done(cast, report=REPORT).number, signed(cast.resident)
    refused = browser.post(f"/need/{number}/rate", {"skill": "5", "speed": "9", "text": "谢谢"})
    page = markup(refused)
    assert refused.status_code == 422
    assert 'href="#f-attitude">请打 1 到 5 颗星</a>' in page
    assert ">谢谢</textarea>" in page
    assert 'name="skill" value="5" required checked' in page
    assert Matter.objects.get(number=number).state == "done"


def test_a_benefit_that_was_not_confirmed_can_be_confirmed_later(cast: Cast) -> None:
    number, browser = closed(cast, report=REPORT).number, signed(cast.resident)
    assert "还没核实，不计入" in text(browser.get(f"/need/{number}"))
    browser.post(f"/need/{number}/verify-benefit")
    assert Handling.objects.get().benefit_verified_by_id == cast.resident.id
    assert "核实过了" in text(signed(None).get(f"/need/{number}"))


def test_a_rating_is_changed_from_what_it_was(cast: Cast) -> None:
    number, browser = closed(cast).number, signed(cast.resident)
    page = markup(browser.get(f"/need/{number}/change-rating"))
    assert page.count('value="4" required checked') == 3
    browser.post(
        f"/need/{number}/change-rating", {"skill": "5", "attitude": "5", "speed": "4", "text": "更好"}
    )
    rating = Handling.objects.get().rating
    assert (rating.skill, rating.attitude, rating.speed, rating.text) == (5, 5, 4, "更好")


def test_the_words_of_a_dispute_are_read_by_the_two_sides_alone(cast: Cast) -> None:
    number = done(cast).number
    browser = signed(cast.resident)
    assert browser.post(f"/need/{number}/dispute", {"reason": ""}).status_code == 422
    assert browser.post(f"/need/{number}/dispute", {"reason": "灯还在闪"})["Location"] == f"/need/{number}"
    assert "灯还在闪" in text(signed(cast.pioneer.spokesperson).get(f"/need/{number}"))
    assert "灯还在闪" not in text(signed(cast.second.spokesperson).get(f"/need/{number}"))
    assert "灯还在闪" not in text(signed(None).get(f"/need/{number}"))


def test_the_second_dispute_says_that_staff_will_look(cast: Cast) -> None:
    number, browser = done(cast).number, signed(cast.resident)
    dispute(number, by=cast.resident, reason="灯还在闪")
    signed(cast.pioneer.spokesperson).post(f"/need/{number}/report", {"report": "又换了"})
    assert "交给工作人员" in text(browser.get(f"/need/{number}/dispute"))
    browser.post(f"/need/{number}/dispute", {"reason": "还是闪"})
    assert Matter.objects.get(number=number).state == "raised"
    assert "等工作人员核对" in text(browser.get(f"/need/{number}"))


def test_a_closed_need_is_reopened_once(cast: Cast) -> None:
    number, browser = closed(cast).number, signed(cast.resident)
    assert "重新打开" in text(browser.get(f"/need/{number}"))
    browser.post(f"/need/{number}/reopen", {"reason": "又坏了"})
    assert Matter.objects.get(number=number).state == "taken"
    again = browser.post(f"/need/{number}/reopen", {"reason": "又坏了"})
    assert again.status_code == 409


def test_an_own_need_is_withdrawn_and_then_missing_for_others(cast: Cast) -> None:
    number, browser = need(cast.resident).number, signed(cast.resident)
    assert "不用帮了，收回" in text(browser.get(f"/need/{number}"))
    browser.post(f"/need/{number}/withdraw")
    assert "收回了" in text(browser.get(f"/need/{number}"))
    assert signed(None).get(f"/need/{number}").status_code == 404
    refused = signed(cast.resident).post(f"/need/{taken(cast).number}/withdraw")
    assert (refused.status_code, "已经往前走了" in text(refused)) == (409, True)


@pytest.mark.parametrize("make", [booked, ordered])
def test_a_booking_is_accepted_by_whom_it_waits_for(cast: Cast, make: object) -> None:
    matter: Matter = make(cast)  # type: ignore[operator]
    browser = signed(cast.pioneer.spokesperson)
    assert "答应，我来" in text(browser.get(f"/need/{matter.number}"))
    assert browser.post(f"/need/{matter.number}/accept")["Location"] == f"/need/{matter.number}/got"
    assert "先锋甲 接受预约" in text(signed(cast.resident).get(f"/need/{matter.number}"))


def test_a_booking_turned_down_is_open_to_all(cast: Cast) -> None:
    number = booked(cast).number
    signed(cast.pioneer.spokesperson).post(f"/need/{number}/turn-down", {"reason": "出差"})
    assert Matter.objects.get(number=number).state == "open"
    page = text(signed(cast.second.spokesperson).get(f"/need/{number}"))
    assert all(words in page for words in ("这次来不了，谁都可以接了", "抢单，我来帮"))
    assert "出差" not in page


def test_a_team_is_called_agrees_a_visit_and_the_requester_sees_who_comes(cast: Cast) -> None:
    number, browser = taken(cast).number, signed(cast.pioneer.spokesperson)
    assert "集体" in text(browser.get(f"/need/{number}/team"))
    browser.post(f"/need/{number}/team", {"team": str(cast.collective.id)})
    speaker = signed(cast.speaker)
    assert "想叫集体一起来" in text(speaker.get(f"/need/{number}"))
    visit = str(Visit.objects.get().id)
    for typed, sentence in (
        ({"day": "", "hour": ""}, "请选哪一天、几点到几点"),
        ({"day": "2020-01-01", "hour": "09:00"}, "这个时间已经过去了"),
    ):
        refused = speaker.post(f"/need/{number}/visit", {"visit": visit, "answer": "yes", **typed})
        assert (refused.status_code, sentence in text(refused)) == (422, True)
    agreed = {"visit": visit, "answer": "yes", "day": "2099-01-01", "hour": "09:00"}
    speaker.post(f"/need/{number}/visit", agreed)
    seen = text(signed(cast.resident).get(f"/need/{number}"))
    assert all(words in seen for words in ("集体 团队约好上门时间", "2099 年 1 月 1 日 上门"))
    assert browser.post(f"/need/{number}/team", {"team": "999999"}).status_code == 404


def test_a_team_that_cannot_come_says_so(cast: Cast) -> None:
    number = taken(cast).number
    visit = call_team(number, cast.collective.id, by=cast.pioneer.spokesperson)
    signed(cast.speaker).post(f"/need/{number}/visit", {"visit": str(visit.id), "answer": "no"})
    assert "这次来不了" in text(signed(cast.resident).get(f"/need/{number}"))
    assert signed(cast.stranger).post(f"/need/{number}/visit", {"visit": str(visit.id)}).status_code == 404


def test_a_message_without_words_is_refused_and_one_to_nobody_too(cast: Cast) -> None:
    number, pioneer, resident = (
        need(cast.resident).number,
        signed(cast.pioneer.spokesperson),
        signed(cast.resident),
    )
    with watching() as seen:
        empty = pioneer.post(f"/need/{number}/messages", {"text": " "})
        nobody = resident.post(f"/need/{number}/messages", {"text": "有人吗"})
    assert (empty.status_code, "这里还空着，写一句就行" in text(empty)) == (422, True)
    assert (nobody.status_code, "还没有先锋来问" in text(nobody)) == (409, True)
    assert seen.nothing()
    assert not Message.objects.exists()


def test_who_took_it_is_shown_with_index_before_and_now(cast: Cast) -> None:
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index=61.25)
    number = taken(cast).number
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index=63.5)
    page = text(signed(cast.resident).get(f"/need/{number}"))
    assert "接单时 61.2，现在 63.5" in page
    assert "水电维修" in page


def test_a_new_pioneer_without_an_index_shows_none(cast: Cast) -> None:
    new = recognised("新先锋", somebody(40, "新先锋"), cast.organisation, cast.city_staff)
    page = text(signed(cast.resident).get(f"/need/{taken(cast, new).number}"))
    assert "先锋指数" not in page
    assert "接单时" not in page
