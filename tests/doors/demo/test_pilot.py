"""The pilot year of Deqing, replayed through the operations: the figures are exactly those the newspaper told."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from tests.doors.demo.test_city import around_tests
from xianfeng.doors.demo.pilot.plan import Plan, default_year, drawn
from xianfeng.doors.demo.pilot.play import play
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import operations
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.matters import services
from xianfeng.matters.models import Matter
from xianfeng.recognition.merit.models import Activity
from xianfeng.recognition.showcase.models import Achievement, Live
from xianfeng.recognition.showcase.queries.achievements import chain_of
from xianfeng.recognition.showcase.queries.figures import LISTS, Asked, figures

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pilot")]  # one process plays the year for all
YEAR, COUNTY = 2025, "330521"
TOLD = {
    "solved": 31, "benefit_yuan": 1_434_000, "benefits": 31, "achievements": 364, "bookings": 56, "lives": 11,
    "views": 52_000, "feedback": 157, "problems": 77, "settled": 77, "satisfied": 77,
}  # fmt: skip


@pytest.fixture(scope="module")
def pilot(areas_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plan]:
    """The year, played once for all tests of this file, and taken back at the end."""
    plan = drawn(7, YEAR)
    with django_db_blocker.unblock(), around_tests():
        services.forget()
        operations.found_organisations()
        services.load_catalogue()
        play(plan)
        yield plan
        transaction.set_rollback(True)
    services.forget()


@pytest.fixture(autouse=True)
def _taken_back(pilot: Plan, db: None) -> None:
    """Begin each test in the year as it was played."""


def test_the_figures_are_exactly_those_the_newspaper_told() -> None:
    assert asdict(figures(Asked(places.by_code(COUNTY), YEAR))) == TOLD
    assert asdict(figures(Asked())) == TOLD


def test_each_figure_leads_to_exactly_its_rows() -> None:
    asked = Asked(places.by_code(COUNTY), YEAR)
    for name, rows in LISTS.items():
        assert rows(asked).count() == TOLD["benefits" if name == "benefit" else name], name
    assert LISTS["benefit"](asked).aggregate(sum=Sum("yuan"))["sum"] == 1_434_000
    assert LISTS["lives"](asked).aggregate(sum=Sum("viewers"))["sum"] == 52_000


def test_other_counties_and_years_show_none_of_it() -> None:
    elsewhere = places.by_code("330523")
    for asked in (Asked(elsewhere, YEAR), Asked(places.by_code(COUNTY), YEAR - 1), Asked(None, YEAR + 1)):
        assert set(asdict(figures(asked)).values()) == {0}


def test_the_problems_were_those_of_rice_fluoroplastic_and_stamping_dies() -> None:
    titles = list(LISTS["solved"](Asked()).values_list("title", flat=True))
    kinds = {word: sum(word in title for title in titles) for word in ("水稻", "氟塑料", "模具")}
    assert sum(kinds.values()) == 31
    assert min(kinds.values()) == 10


def test_the_record_holds_and_every_chain_is_whole() -> None:
    assert not list(verify.chain_findings())
    assert Entry.objects.filter(code="achievement.published").count() == 364
    grown = Achievement.objects.filter(grew_from__isnull=False)
    assert grown.count() > 10
    assert all(len(chain_of(row)) > 1 for row in grown[:5])


def test_everything_lies_within_the_year_and_nothing_is_left_open() -> None:
    begin, end = datetime(YEAR - 1, 12, 31, 16, tzinfo=UTC), datetime(YEAR, 12, 31, 16, tzinfo=UTC)
    assert not Matter.objects.exclude(raised_at__gte=begin, closed_at__lt=end).exists()
    assert not Achievement.objects.exclude(state="published").exists()
    assert not Live.objects.exclude(state="ended").exists()


def test_the_index_hears_of_every_achievement_and_broadcast() -> None:
    kinds = {kind: Activity.objects.filter(kind=kind).count() for kind in ("achievement", "livestream")}
    assert kinds == {"achievement": 364, "livestream": 11}


def test_the_same_seed_draws_the_same_year_and_another_seed_another() -> None:
    same, other = drawn(7, YEAR), drawn(8, YEAR)
    days = drawn(7, YEAR).moments(20)
    assert same.moments(20) == days
    assert other.moments(20) != days
    for plan in (drawn(7, YEAR), drawn(8, YEAR)):
        shares = plan.shares(1_434_000, 31, 100)
        assert (sum(shares), len(shares), min(shares) > 0) == (1_434_000, 31, True)


@pytest.mark.parametrize(("now", "year"), [("2026-11-24", 2025), ("2027-03-01", 2025), ("2027-08-01", 2026)])
def test_it_plays_a_year_that_the_demo_citys_history_does_not_reach(now: str, year: int) -> None:
    assert default_year(datetime.fromisoformat(f"{now}T00:00:00+00:00")) == year


def test_the_clock_goes_on_after_the_play() -> None:
    assert clock.now().year >= YEAR
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 1
    assert catalogue.load("demo/pilot")["figures"]["views"] == TOLD["views"]
