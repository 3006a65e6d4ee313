"""How a need's page speaks: whole days, no blank after 您, teams that fit first, and a way back to one's own."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.cast import Cast, booked, closed, done, need, recognised, somebody, taken
from tests.doors.portal.browsers import markup, signed, text
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.operations.handling import call_team


def test_the_timeline_speaks_to_its_reader_without_a_blank(cast: Cast) -> None:
    number = taken(cast).number
    page = text(signed(cast.resident).get(f"/need/{number}"))
    assert "您提出求助" in page
    assert "先锋甲 抢单接下" in page
    assert "您抢单接下" in text(signed(cast.pioneer.spokesperson).get(f"/need/{number}"))
    english = text(signed(cast.resident, "en").get(f"/need/{number}"))
    assert "You asked for help" in english


def test_a_booking_of_today_names_the_day(cast: Cast) -> None:
    with time_machine.travel("2026-03-02 07:00:00+08:00", tick=False):
        now = timezone.now()
        number = booked(
            cast, wanted="date", wanted_from=now + timedelta(hours=1), wanted_until=now + timedelta(hours=5)
        ).number
        assert "今天 08:00 到 12:00" in text(signed(cast.resident).get(f"/need/{number}"))
        assert "today 08:00 to 12:00" in text(signed(cast.resident, "en").get(f"/need/{number}"))
    with time_machine.travel("2026-03-01 22:00:00+08:00", tick=False):
        assert "明天 08:00 到 12:00" in text(signed(cast.resident).get(f"/need/{number}"))


def test_a_team_that_did_not_answer_is_not_waited_for_once_it_is_done(cast: Cast) -> None:
    number = taken(cast).number
    call_team(number, cast.collective.id, by=cast.pioneer.spokesperson)
    assert "等团队回话" in text(signed(cast.resident).get(f"/need/{number}"))
    signed(cast.pioneer.spokesperson).post(f"/need/{number}/report", {"report": "修好了"})
    page = text(signed(cast.resident).get(f"/need/{number}"))
    assert "等团队回话" not in page
    assert "团队没回话" in page


def test_teams_that_can_do_it_stand_first(cast: Cast) -> None:
    able = recognised(
        "电工队", somebody(77, "队长"), cast.collective.organisation, cast.staff, kind="collective"
    )
    Pioneer.objects.filter(pk=able.pk).update(skills=["electric"], index=10)
    Pioneer.objects.filter(pk=cast.collective.pk).update(skills=["arts"], index=90)
    number = taken(cast, category="electric").number
    browser = signed(cast.pioneer.spokesperson)
    page = text(browser.get(f"/need/{number}/team"))
    assert page.index("电工队") < page.index("集体")
    assert page.count("叫上：电工队") == 1
    assert "叫上：集体" in page


@pytest.mark.parametrize(
    ("reader", "back"),
    [("resident", "/me/needs"), ("pioneer", "/me/jobs"), ("stranger", "/needs"), ("visitor", "/needs")],
)
def test_the_way_back_leads_where_the_reader_keeps_it(cast: Cast, reader: str, back: str) -> None:
    number = done(cast).number
    people = {
        "resident": cast.resident, "pioneer": cast.pioneer.spokesperson, "stranger": cast.stranger, "visitor": None,
    }  # fmt: skip
    page = markup(signed(people[reader]).get(f"/need/{number}"))
    assert f'<a class="xf-ib" href="{back}"' in page


def test_a_single_talk_needs_no_heading_and_a_first_reply_is_a_quotation(cast: Cast) -> None:
    number = need(cast.resident).number
    signed(cast.pioneer.spokesperson).post(f"/need/{number}/messages", {"text": "几楼？"})
    alone = markup(signed(cast.resident).get(f"/need/{number}"))
    assert '<h3 class="xf-hint">' not in alone
    signed(cast.second.spokesperson).post(f"/need/{number}/messages", {"text": "有电梯吗？"})
    both = markup(signed(cast.resident).get(f"/need/{number}"))
    assert both.count('<h3 class="xf-hint">') == 2
    signed(cast.second.spokesperson).post(f"/need/{number}/claim", {"first_reply": "马上到"})
    assert "“马上到”" in text(signed(cast.resident).get(f"/need/{number}"))


def test_the_stars_are_explained_once(cast: Cast) -> None:
    number = done(cast).number
    assert text(signed(cast.resident).get(f"/need/{number}/rate")).count("1 星很不好，5 星很好") == 1
    number = closed(cast).number
    assert text(signed(cast.resident).get(f"/need/{number}/change-rating")).count("1 星很不好，5 星很好") == 1
