"""Counting from the outbox: what a board says equals a recount, whatever comes again."""

from datetime import timedelta

import time_machine

from tests.cast import Cast, closed, done, need, taken
from tests.doors.cockpit.conftest import delivered
from xianfeng.doors.cockpit import operations, steps
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.measures import all_measures
from xianfeng.doors.cockpit.models import Correction, Fact, Rollup, Tally
from xianfeng.doors.cockpit.queries import lists
from xianfeng.doors.cockpit.queries.board import Board, board
from xianfeng.doors.cockpit.scope import scope_for
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person
from xianfeng.matters.models import Rating
from xianfeng.matters.operations.handling import Report
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.rating import verify_benefit
from xianfeng.matters.operations.voiding import void_rating


def _played(cast: Cast) -> None:
    need(cast.resident)
    taken(cast)
    done(cast, cast.second)
    matter = closed(cast, report=Report("省了钱", benefit_yuan=800, jobs=2))
    verify_benefit(matter.number, by=cast.city_staff, verified=True)
    withdraw(need(cast.resident).number, by=cast.resident)


def _of(person: Person) -> Board:
    return board(scope_for(person), Filters())


def test_what_happened_stands_on_the_board_once_it_is_delivered(cast: Cast, city_leader: Person) -> None:
    _played(cast)
    delivered()
    told = _of(city_leader)
    assert {code: told.figures[code].value for code in ("raised", "taken", "done", "closed")} == {
        "raised": 5, "taken": 3, "done": 2, "closed": 1,
    }  # fmt: skip
    assert {code: told.sentence[code].value for code in ("waiting", "late", "in_hand", "unrated", "closed_today")} == {
        "waiting": 1, "late": 0, "in_hand": 1, "unrated": 1, "closed_today": 1,
    }  # fmt: skip
    settled, satisfied = told.figures["settled"], told.figures["satisfied"]
    assert (settled.n, settled.total, settled.percent) == (1, 4, 25.0)
    assert (satisfied.n, satisfied.total) == (1, 1)
    assert (told.figures["benefit_yuan"].value, told.figures["jobs"].value) == (800, 2)


def test_the_rows_behind_every_figure_are_as_many_as_it_says(cast: Cast, city_leader: Person) -> None:
    _played(cast)
    delivered()
    told = _of(city_leader)
    for code, measure in all_measures().items():
        figure = (told.sentence if measure.now else told.figures)[code]
        listed = lists.rows(scope_for(city_leader), Filters(), code)
        assert len(listed.rows) == lists.total(scope_for(city_leader), Filters(), code)
        if measure.kind == "share":
            whole = lists.rows(scope_for(city_leader), Filters(), code, whole=True)
            assert (len(listed.rows), len(whole.rows)) == (figure.n, figure.total), code
        elif measure.kind == "median":
            assert len(listed.rows) == figure.total, code
        elif measure.unit == "yuan":
            assert sum(row.benefit_yuan or 0 for row in listed.rows) == figure.value, code
        elif measure.unit == "matter":
            assert len(listed.rows) == figure.value, code


def test_the_same_delivery_again_counts_nothing_twice(cast: Cast, city_leader: Person) -> None:
    _played(cast)
    delivered()
    before = _of(city_leader).figures
    steps.count(list(Fact.objects.values_list("matter_id", flat=True)), events=0)
    assert _of(city_leader).figures == before
    assert operations.check().holds


def test_a_rebuild_comes_to_the_same_as_counting_event_by_event(cast: Cast, city_leader: Person) -> None:
    _played(cast)
    delivered()
    before = _of(city_leader)
    operations.rebuild()
    after = _of(city_leader)
    assert (after.figures, after.kinds, after.organisations) == (
        before.figures,
        before.kinds,
        before.organisations,
    )
    assert operations.check().holds


def test_a_voided_rating_changes_the_day_it_belonged_to_and_says_so(cast: Cast, city_leader: Person) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        day = steps.today()
        matter = closed(cast)
        delivered()
        moment.shift(timedelta(days=3))
        void_rating(Rating.objects.get(handling__matter=matter).pk, by=cast.city_staff, reason="刷分")
        delivered()
        told = board(scope_for(city_leader), Filters(since=f"{day:%Y-%m}", until=f"{day:%Y-%m}"))
    assert told.figures["satisfied"].total == 0
    correction = Correction.objects.get()
    assert (correction.matter_id, correction.what, correction.day) == (matter.pk, "rating", day)
    assert (told.corrections.total, told.corrections.by_what) == (1, {"rating": 1})
    assert operations.check().holds


def test_a_sum_that_was_tampered_with_is_found_and_put_right(cast: Cast, city_leader: Person) -> None:
    _played(cast)
    delivered()
    before = _of(city_leader).figures
    Rollup.objects.filter(area_id=cast.city.pk).update(raised=77)
    Fact.objects.filter(state="open").delete()
    found = operations.check()
    assert (found.facts, found.holds) == (1, False)
    assert found.rollups > 0
    operations.repair()
    assert operations.check().holds
    assert _of(city_leader).figures == before
    assert Tally.objects.get().sequence > 0
    assert not Correction.objects.exists()
