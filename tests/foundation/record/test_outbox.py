"""The outbox reaches every consumer at least once, each on its own, later and later when it fails."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, build_cast
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import announcements, consumers, dispatch, steps, subjects
from xianfeng.foundation.record.announcements import Note
from xianfeng.foundation.record.consumers import Event
from xianfeng.foundation.record.models import Announcement, Delivery, Outbox

CODE = "person.changed"


class Ear:
    """A consumer that remembers what it heard, and may fail."""

    def __init__(self, fault: Callable[[Event], bool] = lambda _: False) -> None:
        self.heard: list[int] = []
        self.fault = fault

    def __call__(self, events: list[Event]) -> None:
        for event in events:
            announcements.announce([Note("ear", event.code, {"id": event.id})])
            if self.fault(event):
                raise ValueError("a secret of somebody")
        self.heard += [event.id for event in events]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty list of consumers for one test."""
    monkeypatch.setattr(consumers, "_consumers", {})


@pytest.fixture
def quiet(cast: Cast, registry: None) -> Cast:
    """The cast, and an outbox with nothing that waits."""
    Outbox.objects.update(dispatched=True)
    return cast


def _happens(person: Person, times: int = 1) -> list[int]:
    for number in range(times):
        steps.append("person", person.id, CODE, actor=subjects.SYSTEM, at=clock.now(), new={"n": number})
    return list(Outbox.objects.order_by("-id").values_list("id", flat=True)[:times])[::-1]


def test_each_consumer_gets_each_event_of_its_codes_once_in_order(quiet: Cast) -> None:
    one, two, deaf = Ear(), Ear(), Ear()
    consumers.register("one", one, {CODE})
    consumers.register("two", two, {CODE, "person.joined"})
    consumers.register("deaf", deaf, {"matter.raised"})
    ids = _happens(quiet.resident, 5)
    while dispatch.run_once():
        pass
    assert one.heard == two.heard == ids
    assert deaf.heard == []
    assert Delivery.objects.filter(done_at=None).count() == 0
    assert Delivery.objects.count() == 10
    assert dispatch.run_once() == 0


def test_events_come_in_their_order_whatever_the_order_of_their_deliveries(quiet: Cast) -> None:
    ear, at = Ear(), clock.now()
    consumers.register("one", ear, {CODE})
    ids = _happens(quiet.resident, 5)
    Outbox.objects.update(dispatched=True)
    for row in reversed(ids):  # a join gives no order
        Delivery.objects.create(outbox_id=row, consumer="one", next_try_at=at)
    dispatch.run_once()
    assert ear.heard == ids


def test_an_event_carries_what_the_entry_says(quiet: Cast) -> None:
    heard: list[Event] = []
    consumers.register("one", heard.extend, {CODE})
    (row,) = _happens(quiet.resident)
    dispatch.run_once()
    (event,) = heard
    told = Outbox.objects.get(pk=row)
    assert (event.id, event.at, event.code, event.subject_kind, event.subject_id, event.position) == (
        row, told.at, CODE, "person", quiet.resident.id, told.position,
    )  # fmt: skip
    assert (event.actor_kind, event.actor_id, event.old, event.new) == ("system", 0, {}, {"n": 0})


def test_one_consumers_fault_stops_neither_the_others_nor_its_own_other_events(quiet: Cast) -> None:
    ids = _happens(quiet.resident, 5)
    bad, good = Ear(lambda event: event.id == ids[2]), Ear()
    consumers.register("a bad one", bad, {CODE})
    consumers.register("good", good, {CODE})
    dispatch.run_once()
    assert good.heard == ids
    assert bad.heard == [one for one in ids if one != ids[2]]
    left = Delivery.objects.get(done_at=None)
    assert (left.outbox_id, left.consumer, left.attempts, left.error) == (
        ids[2],
        "a bad one",
        1,
        "ValueError",
    )


def test_what_a_failing_consumer_wrote_is_taken_back(quiet: Cast) -> None:
    consumers.register("bad", Ear(lambda _: True), {CODE})
    _happens(quiet.resident, 3)
    dispatch.run_once()
    assert not Announcement.objects.exists()


def test_a_failing_delivery_waits_longer_and_longer_and_is_done_once_it_can_be(quiet: Cast) -> None:
    broken = True
    ear = Ear(lambda _: broken)
    consumers.register("one", ear, {CODE})
    with time_machine.travel(clock.now(), tick=False) as moment:
        (row,) = _happens(quiet.resident)
        for attempt, seconds in enumerate((1, 5, 30, 120, 600, 3600, 3600), start=1):
            dispatch.run_once()
            left = Delivery.objects.get()
            assert (left.attempts, left.next_try_at) == (attempt, clock.now() + timedelta(seconds=seconds))
            moment.shift(timedelta(seconds=seconds) - timedelta(milliseconds=1))
            assert dispatch.run_once() == 0
            moment.shift(timedelta(milliseconds=1))
        broken = False
        dispatch.run_once()
    assert ear.heard == [row]
    assert Delivery.objects.get().done_at


def test_many_poisoned_events_do_not_keep_sound_ones_waiting_for_ever(quiet: Cast) -> None:
    ids = _happens(quiet.resident, 130)
    poisoned = set(ids[:120])
    ear = Ear(lambda event: event.id in poisoned)
    consumers.register("one", ear, {CODE})
    for _ in range(5):
        dispatch.run_once()
    assert ear.heard == ids[120:]


def test_the_error_kept_of_a_delivery_carries_no_words(quiet: Cast) -> None:
    consumers.register("bad", Ear(lambda _: True), {CODE})
    _happens(quiet.resident)
    dispatch.run_once()
    assert "secret" not in Delivery.objects.get().error


def test_more_than_a_batch_is_carried_in_several_rounds(quiet: Cast) -> None:
    ear = Ear()
    consumers.register("one", ear, {CODE})
    ids = _happens(quiet.resident, 7)
    assert [dispatch.run_once(limit=3) for _ in range(4)] == [6, 6, 2, 0]
    assert ear.heard == ids


def test_a_round_costs_the_same_at_one_event_and_at_three(
    quiet: Cast, django_assert_num_queries: object
) -> None:
    consumers.register("one", lambda events: None, {CODE})
    for times in (1, 3):
        _happens(quiet.resident, times)
        with CaptureQueriesContext(connection) as asked:
            dispatch.run_once()
        assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 3


@pytest.mark.race
def test_what_commits_late_with_an_early_number_is_not_skipped(own_database: str, registry: None) -> None:
    cast = build_cast()
    Outbox.objects.update(dispatched=True)
    ear = Ear()
    consumers.register("one", ear, {CODE})
    with psycopg.connect(own_database) as slow:
        slow.execute(
            "INSERT INTO record_outbox (at, code, subject_kind, subject_id, position, actor_kind, actor_id, old, new, "
            "dispatched) VALUES (now(), %s, 'person', %s, 99, 'system', 0, '{}', '{}', false)",
            [CODE, cast.stranger.id],
        )  # fmt: skip
        (later,) = _happens(cast.resident)
        dispatch.run_once()
        assert ear.heard == [later]
        slow.commit()
    dispatch.run_once()
    assert len(ear.heard) == 2
    assert ear.heard[1] < ear.heard[0]


@pytest.mark.race
def test_two_workers_at_once_hand_over_every_event_once(own_database: str, registry: None) -> None:
    cast = build_cast()
    Outbox.objects.update(dispatched=True)
    ear = Ear()
    consumers.register("one", ear, {CODE})
    ids = _happens(cast.resident, 400)
    start = threading.Barrier(4)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            start.wait()
            while dispatch.run_once(limit=10):
                pass
        except BaseException as error:  # noqa: BLE001 - told to the test
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while dispatch.run_once():
        pass
    assert faults == []
    assert Counter(ear.heard) == Counter(ids)
    assert Announcement.objects.filter(topic="ear").count() == 400
