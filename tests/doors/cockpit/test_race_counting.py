"""kill -9 in the midst of counting, and two workers at once: sums stay those of a recount."""

import threading

import pytest
from django.db import connection

from tests.cast import build_cast, closed, need, taken
from tests.doors.cockpit.conftest import delivered, leader
from tests.matters.test_race_kill import Reached
from tests.racing import killed_at
from xianfeng.doors.cockpit import operations, steps
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.models import Fact, Rollup
from xianfeng.doors.cockpit.queries.board import board
from xianfeng.doors.cockpit.scope import scope_for
from xianfeng.foundation.record import dispatch
from xianfeng.foundation.record.models import Delivery
from xianfeng.matters.models import Matter

pytestmark = pytest.mark.race
HERE = "tests.doors.cockpit.test_race_counting"


def count_and_stop_before_commit(reached: Reached) -> None:
    """Carry the outbox, and stop with everything counted and nothing committed."""
    counted = steps.count
    steps.count = lambda *given, **more: reached(counted(*given, **more))  # type: ignore[assignment]
    while dispatch.run_once():
        pass


def test_killed_with_all_counted_and_nothing_committed_counts_once_after_the_restart(
    own_database: str,
) -> None:
    cast = build_cast()
    for _ in range(3):
        need(cast.resident)
    closed(cast)
    with killed_at(f"{HERE}:count_and_stop_before_commit"):
        assert not Fact.objects.exists()
        assert not Rollup.objects.exists()
    delivered()
    assert not Delivery.objects.filter(done_at=None).exists()
    assert operations.check().holds
    told = board(scope_for(leader(961, cast.city)), Filters())
    assert (told.figures["raised"].value, told.figures["closed"].value) == (4, 1)


def test_two_workers_at_once_count_every_event_once(own_database: str) -> None:
    cast = build_cast()
    for _ in range(10):
        need(cast.resident)
    taken(cast)
    while dispatch.spread(100):
        pass

    def carry() -> None:
        try:
            while dispatch.run_once(limit=3):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=carry) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    delivered()
    assert operations.check().holds
    assert Fact.objects.count() == Matter.objects.count() == 11


def test_what_an_event_is_on_its_way_for_is_no_finding(own_database: str) -> None:
    cast = build_cast()
    need(cast.resident)
    found = operations.check()
    assert (found.holds, found.waiting) == (True, 1)
    delivered()
    assert operations.check().waiting == 0
