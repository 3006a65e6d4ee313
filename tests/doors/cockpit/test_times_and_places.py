"""Bad input of the world: clocks in the future, months without data, areas merged, moved, or without a boundary."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import time_machine

from tests.cast import Cast, need
from tests.doors.cockpit.conftest import delivered, leader
from xianfeng.doors.cockpit import operations, steps, tasks
from xianfeng.doors.cockpit.filters import Filters, month_after
from xianfeng.doors.cockpit.models import Correction, Fact, Tally
from xianfeng.doors.cockpit.queries import lists
from xianfeng.doors.cockpit.queries.board import board
from xianfeng.doors.cockpit.scope import leads, scope_for
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area, AreaVersion
from xianfeng.matters.models import Matter


def _raised(person: Person, filters: Filters | None = None, area: str = "") -> float | None:
    return board(scope_for(person, area=area), filters or Filters()).figures["raised"].value


def test_what_is_dated_in_the_future_counts_when_that_day_has_come(cast: Cast, city_leader: Person) -> None:
    later = month_after(steps.today(), 2)
    matter = need(cast.resident)
    Matter.objects.filter(pk=matter.pk).update(
        raised_at=matter.raised_at + timedelta(days=(later - steps.today()).days)
    )
    delivered()
    assert _raised(city_leader) == 0
    assert board(scope_for(city_leader), Filters()).trend[-1].figures["raised"].value == 0
    with time_machine.travel(matter.raised_at + timedelta(days=(later - steps.today()).days), tick=False):
        assert _raised(city_leader) == 1
    assert operations.check().holds


def test_a_month_without_data_reads_nil_and_says_no_rate(cast: Cast, city_leader: Person) -> None:
    told = board(scope_for(city_leader), Filters(since="2011-02", until="2011-02"))
    assert (told.figures["raised"].value, told.figures["settled"].value, told.figures["settled"].total) == (
        0,
        None,
        0,
    )
    assert len(told.trend) == 24
    assert {line.figures["raised"].value for line in told.trend} == {0}
    assert told.trend[-1].code == "2011-02"


def test_an_area_without_a_boundary_has_its_board(cast: Cast, city_leader: Person) -> None:
    town = next(area for area in places.children(cast.here) if area.boundary is None)
    assert _raised(city_leader, area=town.code) == 0


def _merged(monkeypatch: pytest.MonkeyPatch, was: Area, now: Area) -> None:
    whole = catalogue.load
    told = {"successor": [{"was": was.code, "now": now.code}]}
    monkeypatch.setattr(catalogue, "load", lambda name: told if name == "areas/successors" else whole(name))


def test_an_area_merged_in_the_middle_of_a_year_counts_for_its_successor_of_all_years(
    cast: Cast, city_leader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = need(cast.resident)
    was = tree.find(matter.area_id)
    now = next(one for one in places.children(cast.there) if one.pk != was.pk)
    delivered()
    operations.rebuild()
    assert tasks.keep() == 0
    before = _raised(city_leader)
    _merged(monkeypatch, was, now)
    assert tasks.keep() == 1
    assert _raised(city_leader) == before
    assert (_raised(city_leader, area=now.code), _raised(city_leader, area=was.code)) == (1, 1)
    assert _raised(city_leader, area=cast.here.code) == 0
    assert [
        row.number for row in lists.rows(scope_for(city_leader, area=now.code), Filters(), "raised").rows
    ] == [matter.number]
    assert operations.check().holds
    assert tasks.keep() == 0


def test_a_town_that_moves_to_another_county_takes_its_history_along(cast: Cast, city_leader: Person) -> None:
    matter = need(cast.resident)
    delivered()
    operations.rebuild()
    tasks.keep()
    area = Area.objects.get(pk=matter.area_id)
    Area.objects.filter(pk=area.pk).update(parent=cast.there, path=[*cast.there.path, area.pk])
    AreaVersion.objects.update_or_create(id=1, defaults={"version": tree.current().version + 1})
    tree.forget()
    try:
        assert tasks.keep() == 1
        assert (_raised(city_leader, area=cast.there.code), _raised(city_leader, area=cast.here.code)) == (
            1,
            0,
        )
        assert operations.check().holds
        assert not Correction.objects.exists(), "today is not over yet"
    finally:
        tree.forget()


def test_a_house_that_never_counted_is_counted_by_the_worker(cast: Cast, city_leader: Person) -> None:
    need(cast.resident)
    delivered()
    Fact.objects.all().delete()
    Tally.objects.all().delete()
    assert tasks.keep() == 1
    assert _raised(city_leader) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-13"}, {"from": "yesterday"}, {"from": "2026-05-01", "until": "2026-04-30"}, {"from": "0001-01"},
        {"from": "2026-05", "until": "2026-05-03"}, {"from": "2020-01-01", "until": "2026-01-01"},
    ],
)  # fmt: skip
def test_a_time_that_makes_no_sense_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        Filters.parsed(asked)
    assert caught.value.refusal.code == "cockpit-time-invalid"


def test_filters_read_the_same_after_they_stood_in_an_address() -> None:
    asked = {
        "from": "2026-01",
        "until": "2026-03",
        "area": "330521",
        "service": "help-open",
        "category": "electric",
    }
    filters = Filters.parsed(asked)
    assert dict(parse_qsl(filters.query())) == asked
    assert Filters.parsed(dict(parse_qsl(filters.query()))) == filters


def test_a_board_takes_at_most_ten_statements_at_one_and_at_three_rows(
    cast: Cast, city_leader: Person, django_assert_num_queries: object
) -> None:
    for count in (1, 2):
        for _ in range(count):
            need(cast.resident)
        delivered()
        board(scope_for(city_leader), Filters())
        with django_assert_num_queries(8):  # type: ignore[operator]
            board(scope_for(city_leader), Filters())


def test_only_who_leads_now_is_a_leader(cast: Cast) -> None:
    assert leads(leader(951, cast.here))
    assert not leads(cast.resident)
    assert not leads(None)
