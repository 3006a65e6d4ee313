"""The directory of pioneers and the pioneers of the month."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, need, recognised, somebody
from tests.doors.portal.browsers import signed, text
from xianfeng.doors.portal.queries import pioneers as reads
from xianfeng.doors.portal.views.directory import last_month
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, rate
from xianfeng.recognition.honours.models import Pick
from xianfeng.recognition.honours.operations import monthly
from xianfeng.recognition.honours.operations.monthly import Scope
from xianfeng.recognition.merit import operations as merit


def indexed(pioneer: Pioneer, index: float) -> None:
    Pioneer.objects.filter(pk=pioneer.pk).update(index=index)


def helped(asker: Person, pioneer: Pioneer, stars: int = 5) -> None:
    matter = claim(need(asker).number, by=pioneer.spokesperson, pioneer=pioneer)
    report_done(matter.number, Report("办好了"), by=pioneer.spokesperson)
    rate(matter.number, Stars(stars, stars, stars), by=asker)


def names(page: object) -> list[str]:
    return [card.pioneer.name for card in page.context["cards"]]  # type: ignore[attr-defined]


def test_the_best_index_comes_first_and_those_without_one_last(client: Client, cast: Cast) -> None:
    indexed(cast.second, 70.5)
    indexed(cast.collective, 60.0)
    page = client.get("/pioneers")
    assert names(page) == ["先锋乙", "集体", "先锋甲"]
    assert "70.5" in text(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "锋甲"}, ["先锋甲"]),
        ({"q": "甲"}, ["先锋甲"]),
        ({"q": "水电"}, ["先锋甲", "先锋乙", "集体"]),
        ({"q": "妇联 先锋"}, ["先锋甲"]),
        ({"q": "水锋"}, []),
        ({"skill": "law"}, []),
        ({"kind": "collective"}, ["集体"]),
        ({"organisation": "youth"}, ["先锋乙"]),
        ({"q": "100%"}, []),
    ],
)
def test_words_skill_kind_and_organisation_narrow(
    client: Client, cast: Cast, asked: dict[str, str], found: list[str]
) -> None:
    page = client.get("/pioneers", asked)
    assert sorted(names(page)) == sorted(found)
    assert ("没找到" in text(page)) is not bool(found)


def test_an_area_means_all_that_lies_in_it(client: Client, cast: Cast) -> None:
    assert names(client.get("/pioneers", {"area": cast.there.code})) == ["先锋乙"]
    assert len(names(client.get("/pioneers", {"area": cast.city.code}))) == 3
    assert len(names(client.get("/pioneers", {"area": "nowhere"}))) == 3


def test_a_suspended_pioneer_is_not_in_it(client: Client, cast: Cast) -> None:
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    assert "先锋甲" not in names(client.get("/pioneers"))


def test_pages_go_on_where_the_last_ended_and_show_everybody_once(client: Client, cast: Cast) -> None:
    for number in range(45):
        one = recognised(f"第{number}位", somebody(200 + number), cast.organisation, cast.staff)
        if number % 3:
            indexed(one, 50.0 + number // 5)  # several of the same index, and some without
    seen: list[str] = []
    page = client.get("/pioneers", {"skill": "electric"})
    while True:
        seen += names(page)
        if not page.context["more"]:
            break
        assert "skill=electric" in page.context["more"]
        page = client.get(page.context["more"])
    assert len(seen) == len(set(seen)) == 48
    assert seen == [one.name for one in queries.directory()]


def test_a_forged_cursor_is_refused(client: Client, cast: Cast) -> None:
    assert client.get("/pioneers", {"cursor": "WzEsMl0:x"}).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_asks_three_statements(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hidden = list(Pioneer.objects.order_by("id"))[rows:]
    Pioneer.objects.filter(pk__in=[one.pk for one in hidden]).update(suspended_at=clock.now())
    browser = signed(cast.resident)
    browser.get("/pioneers")
    with django_assert_num_queries(3):  # who asks, their unread lines, the pioneers
        assert len(names(browser.get("/pioneers"))) == rows


def test_the_month_is_the_last_whole_one_of_the_citys_calendar() -> None:
    since, until = last_month(datetime(2026, 2, 28, 16, 30, tzinfo=UTC))  # the first of March in the city
    assert (since.astimezone(UTC), until.astimezone(UTC)) == (
        datetime(2026, 1, 31, 16, tzinfo=UTC),
        datetime(2026, 2, 28, 16, tzinfo=UTC),
    )


def month_ago() -> datetime:
    since, _ = last_month(clock.now())
    return since + timedelta(days=9)


def test_the_month_counts_households_once_and_ranks_by_them_then_by_stars(client: Client, cast: Cast) -> None:
    with time_machine.travel(month_ago(), tick=False):
        for _ in range(3):
            helped(cast.resident, cast.pioneer)
        helped(cast.resident, cast.second, 4)
        helped(cast.stranger, cast.second, 4)
        helped(cast.stranger, cast.collective, 3)  # below four stars on average: not shown
    helped(cast.stranger, cast.pioneer)  # this month: not counted
    page = client.get("/month")
    told = [(one.name, one.households, one.matters, one.stars) for one, _ in page.context["best"]]
    assert told == [("先锋乙", 2, 2, 4.0), ("先锋甲", 1, 3, 5.0)]
    assert "同一户、同一家企业只算一次" in text(page)


def test_equal_households_are_ranked_by_stars(client: Client, cast: Cast) -> None:
    with time_machine.travel(month_ago(), tick=False):
        helped(cast.resident, cast.pioneer, 4)
        helped(cast.resident, cast.second, 5)
    assert [one.name for one, _ in client.get("/month").context["best"]] == ["先锋乙", "先锋甲"]


def test_a_month_without_anybody_says_so(client: Client, cast: Cast) -> None:
    assert "上个月还没有" in text(client.get("/month"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_month_asks_one_statement_of_its_own(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(month_ago(), tick=False):
        for pioneer in (cast.pioneer, cast.second, cast.collective)[:rows]:
            helped(cast.resident, pioneer)
    browser = signed(cast.resident)
    with django_assert_num_queries(4):  # who asks, their unread lines, the month's pioneers, the best
        assert len(browser.get("/month").context["best"]) == rows
    since, until = last_month(clock.now())
    with django_assert_num_queries(1):
        reads.of_the_month(since, until)


def test_words_find_a_pioneer_by_the_county_and_by_english_names_of_places(
    client: Client, cast: Cast
) -> None:
    town = places.towns(cast.there)[0]
    given = people.Recognising(
        kind="individual", name="镇上的人", skills=["law"], area_id=town.pk, lat=30.9, lon=120.1, title="先锋"
    )
    asked = somebody(900)
    people.recognise(given, spokesperson=asked, organisation_id=cast.organisation.id, by=cast.city_staff)
    latin = places.name(cast.there, "en").split()[0]
    for words in (cast.there.name[:2], town.name[:2], latin, f"{cast.there.name[:2]} 法律"):
        assert "镇上的人" in names(client.get("/pioneers", {"q": words})), words


@pytest.fixture
def picked(cast: Cast) -> Iterator[list[Pick]]:
    """Two months of confirmed pioneers: the county's and an organisation's for March, one for April."""
    march, april = date(2027, 3, 1), date(2027, 4, 1)
    with time_machine.travel(datetime(2027, 3, 20, 3, 0, tzinfo=UTC), tick=False) as moment:
        for pioneer in (cast.pioneer, cast.second):
            for number in range(3):
                helped(somebody(500 + number), pioneer)
        moment.move_to(datetime(2027, 4, 20, 3, 0, tzinfo=UTC))
        merit.close_month(march)
        for number in range(3):
            helped(somebody(500 + number), cast.collective)
        mine = Scope(cast.here.pk, cast.organisation.pk)
        rows = [
            monthly.confirm(march, mine, cast.pioneer.pk, by=cast.staff, story="三月里跑了三户人家"),
            monthly.confirm(march, Scope(cast.there.pk), cast.second.pk, by=cast.city_staff),
        ]
        moment.move_to(datetime(2027, 5, 2, 3, 0, tzinfo=UTC))
        merit.close_month(april)
        scope = Scope(cast.collective.organisation.area_id, cast.collective.organisation_id)
        rows.append(monthly.confirm(april, scope, cast.collective.pk, by=cast.city_staff))
        yield rows


def test_the_month_shows_whom_staff_confirmed_with_story_and_portrait_and_leads_to_the_month_before(
    client: Client, cast: Cast, picked: list[Pick]
) -> None:
    page = client.get("/month")
    assert [one.pick.pk for one in page.context["picks"]] == [picked[2].pk]
    assert f"/pioneer/{cast.collective.pk}/portrait" in page.content.decode()
    assert "/month?month=2027-03" in page.content.decode()
    before = client.get("/month?month=2027-03")
    assert {one.pick.pk for one in before.context["picks"]} == {picked[0].pk, picked[1].pk}
    assert "三月里跑了三户人家" in text(before)
    assert before.context["earlier"] is None
    assert client.get("/month?month=2020-01").context["picks"] == []
    assert client.get("/month?month=neulich").status_code == 404


def test_who_is_suspended_is_no_pioneer_of_the_month_on_the_page(
    client: Client, cast: Cast, picked: list[Pick]
) -> None:
    people.suspend(cast.pioneer.pk, by=cast.staff, reason="核实中")
    page = client.get("/month?month=2027-03")
    assert [one.pick.pioneer_id for one in page.context["picks"]] == [cast.second.pk]
