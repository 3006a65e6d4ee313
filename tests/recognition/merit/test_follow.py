"""The index follows a rating at once: the outbox wakes it, it starts where it ended, and finds what scratch finds."""

import threading
import time
from collections.abc import Iterator

import pytest

from tests.cast import Cast, somebody
from tests.recognition.merit.test_refresh import again, busy, helped
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.record import dispatch
from xianfeng.recognition.merit import operations, tables, tasks
from xianfeng.recognition.merit.models import Run
from xianfeng.recognition.merit.operations import refreshing


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    tasks.pulse.clear()
    tasks._rest["until"] = 0.0
    yield
    tasks.pulse.clear()
    tasks._rest["until"] = 0.0


def delivered() -> None:
    while dispatch.run_once():
        pass


def test_a_rating_wakes_the_index_and_nothing_else_does(cast: Cast) -> None:
    delivered()
    tasks.pulse.clear()
    assert tasks.follow() == 0
    helped(cast.resident, cast.pioneer, 5)
    assert tasks.follow() == 0  # not told yet
    delivered()
    assert tasks.follow() == 1
    assert again(cast.pioneer).index != 49.0
    assert tasks.follow() == 0


def test_knowledge_told_by_an_upper_room_wakes_it_too(cast: Cast) -> None:
    from tests.recognition.merit.test_inputs import event
    from xianfeng.recognition.merit import events

    tasks.refresh()
    events.take_in([event("achievement.published", 5, pioneer=cast.pioneer.id)])
    assert tasks.follow() == 1
    assert again(cast.pioneer).index_parts["knowledge"] == 0.25


def test_after_a_run_it_rests_as_long_as_that_took(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = {"now": 100.0}
    monkeypatch.setattr(tasks, "monotonic", lambda: moment["now"])

    def slow() -> bool:
        moment["now"] += 7.0
        return True

    monkeypatch.setattr(tasks, "refresh", slow)
    tasks.pulse.set()
    assert tasks.follow() == 1
    tasks.pulse.set()
    moment["now"] += tasks.LONGEST_REST - 0.1
    assert tasks.follow() == 0
    moment["now"] += 0.2
    assert tasks.follow() == 1


def test_step_by_step_is_the_same_as_from_scratch(cast: Cast) -> None:
    busy(cast)
    for turn in range(4):
        helped(somebody(700 + turn % 2), [cast.pioneer, cast.second][turn % 2], 1 + turn)
        operations.refresh()
    assert operations.VERSION in refreshing._solved
    at = clock.now()
    scratch = operations.scored(tables.read(at), at)
    for pioneer, total in zip(scratch.pioneer.tolist(), scratch.total.tolist(), strict=True):
        assert abs((again_by(pioneer) or 0.0) - total) < 1e-6


def again_by(pioneer_id: int) -> float | None:
    from xianfeng.foundation.people.models import Pioneer

    return Pioneer.objects.get(pk=pioneer_id).index


@pytest.mark.slow
def test_a_rating_shows_within_five_seconds(cast: Cast) -> None:
    """The loops of the worker, by hand: outbox and index side by side until the index has moved."""
    delivered()
    tasks.refresh()
    before = Run.objects.count()
    helped(cast.resident, cast.pioneer, 5)
    start = time.monotonic()
    while Run.objects.count() == before and time.monotonic() - start < 10:
        dispatch.run_once()
        tasks.follow()
        threading.Event().wait(0.05)
    assert time.monotonic() - start < 5
    assert (again(cast.pioneer).index or 0) > 49.0
