"""Grades are looked at once a year, from December's ranking, and stand for the year."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.cast import Cast, somebody
from tests.matters.watching import watching
from tests.recognition.merit.test_months import helped
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.honours import queries, tasks
from xianfeng.recognition.honours.models import Grade, GradeReview
from xianfeng.recognition.honours.operations import grading
from xianfeng.recognition.merit import operations as merit
from xianfeng.recognition.merit.models import Place

DECEMBER = date(2026, 12, 1)
NEW_YEAR = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in the city


@pytest.fixture
def december() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 12, 20, 3, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def closed_december(cast: Cast, moment: time_machine.Traveller, **indexes: float) -> None:
    """Close December with the indexes given to pioneers of the cast."""
    helped(somebody(100), cast.pioneer, 5)
    moment.move_to(NEW_YEAR)
    merit.close_month(DECEMBER)
    for name, index in indexes.items():
        Place.objects.filter(pioneer=getattr(cast, name)).update(index=index)


def held(pioneer: Pioneer) -> tuple[str, int] | None:
    found = queries.grade_of(pioneer)
    return (found.grade.code, found.year) if found else None


def test_everybody_is_graded_by_the_bands_once_december_is_closed(
    december: time_machine.Traveller, cast: Cast
) -> None:
    assert grading.review() is None  # last December was never closed
    closed_december(cast, december, pioneer=85.0, second=84.9, collective=59.9)
    with watching() as seen:
        row = grading.review()
    assert row is not None
    told = seen.only("grades.reviewed")
    assert told.new == {"year": 2027, "edition": 1, "counts": row.counts}
    assert set(seen.rows) == {"honours_grade_review", "honours_grade"}
    assert [held(one) for one in (cast.pioneer, cast.second, cast.collective)] == [
        ("five", 2027), ("four", 2027), None,
    ]  # fmt: skip
    assert sum(row.counts.values()) == Grade.objects.count() == Pioneer.objects.count()


def test_the_review_again_changes_nothing_and_a_later_edition_waits_for_next_year(
    december: time_machine.Traveller, cast: Cast
) -> None:
    closed_december(cast, december, pioneer=85.0)
    first = grading.review()
    Place.objects.filter(pioneer=cast.pioneer).update(index=20.0)
    merit.correct_month(DECEMBER)
    with watching() as seen:
        assert grading.review() == first
    assert seen.nothing()
    december.move_to(datetime(2027, 7, 1, tzinfo=UTC))
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index=99.0)
    assert held(Pioneer.objects.get(pk=cast.pioneer.pk)) == ("five", 2027)


def test_before_the_first_review_the_index_of_now_is_shown_as_not_reviewed(cast: Cast) -> None:
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index=76.0)
    assert held(Pioneer.objects.get(pk=cast.pioneer.pk)) == ("four", 0)
    assert held(cast.second) is None


def test_who_is_suspended_holds_no_grade_and_who_came_later_waits(
    december: time_machine.Traveller, cast: Cast
) -> None:
    closed_december(cast, december, pioneer=85.0, second=90.0)
    people.suspend(cast.second.pk, by=cast.city_staff, reason="核实中")
    Place.objects.filter(pioneer=cast.collective).delete()
    grading.review()
    assert [held(one) for one in (cast.pioneer, cast.second, cast.collective)] == [("five", 2027), None, None]


def test_the_worker_reviews_once_and_says_how_many(december: time_machine.Traveller, cast: Cast) -> None:
    closed_december(cast, december)
    assert tasks.hourly() == (0, Pioneer.objects.count())
    assert tasks.hourly() == (0, 0)
    assert GradeReview.objects.count() == 1


def test_a_grade_takes_one_statement(cast: Cast, django_assert_num_queries: "pytest.FixtureRequest") -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.grade_of(cast.pioneer)
