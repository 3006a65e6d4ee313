"""The monthly close: frozen once, the same again; what is corrected later is another edition beside the first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.cast import Cast, need, somebody
from tests.matters.watching import watching
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.matters.models import Rating
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import Stars, change_rating, rate
from xianfeng.matters.operations.voiding import restore_rating, void_rating
from xianfeng.recognition.merit import months, operations, queries, tasks
from xianfeng.recognition.merit.models import Month, Place

MARCH = date(2027, 3, 1)
APRIL_MORNING = datetime(2027, 3, 31, 16, 5, tzinfo=UTC)  # five past midnight in the city


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2027, 3, 20, 3, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def helped(asker: Person, pioneer: Pioneer, stars: int) -> None:
    matter = claim(need(asker).number, by=pioneer.spokesperson, pioneer=pioneer)
    report_done(matter.number, Report("办好了"), by=pioneer.spokesperson)
    rate(matter.number, Stars(stars, stars, stars), by=asker)


def march(cast: Cast) -> None:
    for at in range(4):
        helped(somebody(100 + at), cast.pioneer, 5)
        helped(somebody(100 + at), cast.second, 1)


def test_a_month_is_closed_from_the_first_of_the_next_where_the_city_is(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    march(cast)
    moment.move_to(APRIL_MORNING - timedelta(minutes=6))
    with watching() as seen, pytest.raises(Refused, match="month-not-over"):
        operations.close_month(MARCH)
    assert seen.nothing()
    moment.move_to(APRIL_MORNING)
    assert months.before(APRIL_MORNING) == MARCH
    closed = operations.close_month(MARCH)
    assert (closed.month, closed.edition, closed.version) == (MARCH, 1, operations.VERSION)
    assert closed.as_of == datetime(2027, 3, 31, 16, 0, tzinfo=UTC)


def test_the_ranking_is_by_the_index_without_honours_and_counts_the_month(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    march(cast)
    moment.move_to(APRIL_MORNING)
    operations.close_month(MARCH)
    rows = list(queries.month_ranking(MARCH))
    assert [row.rank for row in rows] == list(range(1, Pioneer.objects.count() + 1))
    assert rows[0].pioneer == cast.pioneer
    assert rows[-1].pioneer == cast.second
    assert [row.index_without_honours for row in rows] == sorted(
        (row.index_without_honours for row in rows), reverse=True
    )
    assert (rows[0].done, rows[0].orders) == (4, 4)
    assert sum(rows[0].parts.values()) == pytest.approx(rows[0].index, abs=1e-9)


def test_the_ranking_of_an_area_an_organisation_and_a_kind(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    moment.move_to(APRIL_MORNING)
    operations.close_month(MARCH)
    here = queries.month_ranking(MARCH, area_id=cast.here.id)
    assert {row.pioneer_id for row in here} == {cast.pioneer.id, cast.collective.id}
    theirs = queries.month_ranking(MARCH, organisation_id=cast.other_organisation.id)
    assert [row.pioneer_id for row in theirs] == [cast.second.id]
    teams = queries.month_ranking(MARCH, kind="collective")
    assert [row.pioneer_id for row in teams] == [cast.collective.id]


def test_closing_again_and_correcting_without_a_difference_change_nothing(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    march(cast)
    moment.move_to(APRIL_MORNING)
    first = operations.close_month(MARCH)
    moment.shift(timedelta(days=3))
    helped(somebody(200), cast.second, 5)  # April's; March does not know it
    with watching() as seen:
        assert operations.close_month(MARCH) == first
        assert operations.correct_month(MARCH) == first
    assert seen.rows == {"merit_month": {first.id}}  # when it was last looked at
    assert (Month.objects.count(), seen.entries) == (1, [])


def test_a_correction_makes_a_new_edition_and_keeps_the_old(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    march(cast)
    moment.move_to(APRIL_MORNING)
    first = operations.close_month(MARCH)
    before = list(Place.objects.filter(month=first).order_by("rank").values())
    Rating.objects.filter(pioneer=cast.pioneer).update(voided_at=APRIL_MORNING)
    second = operations.correct_month(MARCH)
    assert (second.edition, second.version, second.as_of) == (2, first.version, first.as_of)
    assert list(Place.objects.filter(month=first).order_by("rank").values()) == before
    assert queries.month_ranking(MARCH)[0].month == second
    assert queries.month_ranking(MARCH, edition=1)[0].pioneer == cast.pioneer
    assert queries.month_ranking(MARCH).get(pioneer=cast.pioneer).orders == 0
    assert Month.objects.count() == 2


def test_the_worker_closes_what_is_over_once(cast: Cast, moment: time_machine.Traveller) -> None:
    march(cast)
    moment.move_to(APRIL_MORNING - timedelta(minutes=30))
    assert tasks.close_months() == ["2027-02/1"]
    moment.move_to(APRIL_MORNING)
    assert tasks.close_months() == ["2027-03/1"]
    with watching() as seen:
        assert tasks.close_months() == []
    assert seen.nothing()


def test_the_worker_makes_a_new_edition_where_a_rating_was_changed_or_voided(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    moment.move_to(APRIL_MORNING - timedelta(days=2))
    march(cast)
    moment.move_to(APRIL_MORNING)
    tasks.close_months()
    rating = Rating.objects.filter(pioneer=cast.second).order_by("id")[0]
    moment.shift(timedelta(days=1))
    void_rating(rating.id, by=cast.city_staff, reason="同一个人")
    assert tasks.close_months() == ["2027-03/2"]
    moment.shift(timedelta(hours=1))
    restore_rating(rating.id, by=cast.city_staff, reason="查过了")
    assert tasks.close_months() == ["2027-03/3"]
    moment.shift(timedelta(hours=1))
    change_rating(rating.handling.matter.number, Stars(3, 3, 3), by=somebody(100))
    assert tasks.close_months() == ["2027-03/4"]
    moment.shift(timedelta(hours=1))
    assert tasks.close_months() == []


def test_before_it_is_closed_a_month_has_no_ranking(cast: Cast) -> None:
    assert list(queries.month_ranking(MARCH)) == []
    assert queries.month_edition(MARCH) is None


def test_december_ends_with_the_year() -> None:
    assert months.end(date(2026, 12, 5)) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert months.before(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 12, 1)
