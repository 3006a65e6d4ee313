"""The brief of a week or a month: sentences by rules, each with its figure; told to leaders once."""

from datetime import date, timedelta

import pytest

from tests.calling import Caller, served
from tests.cast import Cast, closed, need
from tests.doors.cockpit.conftest import delivered, leader
from xianfeng.doors.cockpit import steps
from xianfeng.doors.cockpit.briefs import operations, paper, writing
from xianfeng.doors.cockpit.filters import month_after
from xianfeng.doors.cockpit.models import Fact
from xianfeng.doors.cockpit.operations import repair
from xianfeng.doors.cockpit.scope import scope_for
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person
from xianfeng.matters.models import Matter

__all__ = ["served"]


def _last_month() -> date:
    return month_after(steps.today(), -1)


def _happened(first: date) -> None:
    """Let all needs have been raised in the middle of a month, and count them there."""
    moved = timedelta(days=(steps.today() - (first + timedelta(days=14))).days)
    for matter in Matter.objects.all():
        Matter.objects.filter(pk=matter.pk).update(raised_at=matter.raised_at - moved)
    repair()


def test_a_month_with_more_needs_says_how_many_more(cast: Cast, city_leader: Person) -> None:
    for _ in range(6):
        need(cast.resident)
    delivered()
    _happened(_last_month())
    told = writing.brief(scope_for(city_leader), "month", _last_month())
    raised = next(one for one in told.sentences if one.measure == "raised")
    assert (raised.moved, raised.figure.value, raised.before.value) == ("rose", 6, 0)
    assert raised.zh == "新提出 6 件，比上月多 6"
    assert raised.en == "6 matters were raised, 6 more than the month before"
    assert raised.figure.link["from"] == raised.figure.link["until"] == f"{_last_month():%Y-%m}"
    assert told.broken.zh == "没有一件超时"


def test_little_changes_of_little_are_none(cast: Cast, city_leader: Person) -> None:
    for _ in range(2):
        need(cast.resident)
    delivered()
    _happened(_last_month())
    told = writing.brief(scope_for(city_leader), "month", _last_month())
    assert next(one for one in told.sentences if one.measure == "raised").moved == "same"


def test_a_time_that_is_not_over_or_long_past_has_no_brief(cast: Cast, city_leader: Person) -> None:
    scope, today = scope_for(city_leader), steps.today()
    week = writing.begin("week", today)
    for kind, first in (
        ("month", today.replace(day=1)), ("week", week), ("week", week - timedelta(days=6)), ("year", today),
        ("month", month_after(today, -12)),
    ):  # fmt: skip
        with pytest.raises(Missing):
            writing.brief(scope, kind, first)


def test_leaders_are_told_once_however_often_the_worker_tries(cast: Cast, city_leader: Person) -> None:
    second = leader(941, cast.here)
    assert operations.write_due() == 4
    assert operations.write_due() == 0
    codes = {"cockpit.brief-week", "cockpit.brief-month"}
    for person in (city_leader, second):
        assert set(Notice.objects.filter(person=person).values_list("code", flat=True)) == codes
    assert not Notice.objects.filter(code__in=codes).exclude(person__in=(city_leader, second)).exists()


def test_the_three_matters_worth_reading_say_why(cast: Cast, city_leader: Person) -> None:
    matter = closed(cast)
    delivered()
    day = _last_month() + timedelta(days=3)
    Fact.objects.filter(matter_id=matter.pk).update(rated_on=day, stars=15, done_minutes=95)
    (one,) = writing.brief(scope_for(city_leader), "month", _last_month()).readings
    assert (one.why, one.number, one.zh) == ("quick", matter.number, "十五颗星里办得最快：1.6 小时")


@pytest.mark.usefixtures("served")
def test_a_brief_is_read_and_printed_by_whose_board_it_is(cast: Cast, city_leader: Person) -> None:
    county = leader(942, cast.here)
    path = f"/cockpit/area/{cast.city.code}/brief/month/{_last_month().isoformat()}"
    told = Caller(city_leader).get(path)
    assert (told["kind"], len(told["sentences"])) == ("month", 7)
    assert Caller(county).get(path).status == 404
    made = paper.pdf(
        writing.brief(scope_for(city_leader), "month", _last_month()), origin="https://example.org"
    )
    assert made.startswith(b"%PDF")
