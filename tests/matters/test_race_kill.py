"""kill -9 at the worst moments: nothing is ever half done, and what is asked again answers the same."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.cast import Cast, build_cast, need, taken
from tests.racing import killed_at, slowest_allowed
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Refused, Replayed
from xianfeng.foundation.notices import steps as notices
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import dispatch, verify
from xianfeng.foundation.record.models import Announcement, Delivery, Entry, Outbox
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.raising import Need, raise_matter

pytestmark = pytest.mark.race
HERE = "tests.matters.test_race_kill"
Reached = Callable[..., None]


def claim_and_stop_before_commit(reached: Reached, number: str, person_id: int) -> None:
    """Claim under a key (without one the statement is its own commit), and stop with all written, nothing committed."""
    idempotency.note = reached
    with idempotency.scope(f"person:{person_id}", "key-0", "claim"):
        claim(number, by=Person.objects.get(pk=person_id))


def claim_and_stop_before_answering(reached: Reached, number: str, person_id: int, key: str) -> None:
    """Claim under a key, commit, and stop before anybody hears of it."""
    with idempotency.scope(f"person:{person_id}", key, "claim"):
        claim(number, by=Person.objects.get(pk=person_id))
    reached()


def post_and_stop_before_answering(
    reached: Reached, person_id: int, lat: float, lon: float, key: str
) -> None:
    """Post under a key, commit, and stop before anybody hears of it."""
    with idempotency.scope(f"person:{person_id}", key, "post"):
        raise_matter(Need("灯坏了", lat, lon, "wgs84"), by=Person.objects.get(pk=person_id))
    reached()


def deliver_and_stop_within_a_batch(reached: Reached) -> None:
    """Carry the outbox, and stop with notices written and the batch not yet done."""
    tell = notices.tell
    notices.tell = lambda tellings: reached(tell(tellings))  # type: ignore[assignment,return-value]
    while dispatch.run_once():
        pass


def _sound() -> None:
    assert list(verify.chain_findings()) == []
    for pioneer in Pioneer.objects.all():
        assert pioneer.held == Matter.objects.filter(taken_by=pioneer, state="taken").count()
    live = dict(Handling.objects.filter(ended_at=None).values_list("matter_id", "pioneer_id"))
    assert live == dict(Matter.objects.filter(state__in=["taken", "done"]).values_list("id", "taken_by_id"))
    assert Outbox.objects.count() == Entry.objects.count()


def test_killed_before_the_commit_leaves_nothing_and_the_next_who_waits_wins(own_database: str) -> None:
    cast = build_cast()
    matter = need(cast.resident)
    entries = Entry.objects.count()
    answers: list[tuple[int | None, float]] = []

    def second() -> None:
        won = claim(matter.number, by=cast.second.spokesperson)
        answers.append((won.taken_by_id, time.monotonic()))
        connection.close()

    waiting = threading.Thread(target=second)
    with killed_at(f"{HERE}:claim_and_stop_before_commit", matter.number, cast.pioneer.spokesperson_id):
        assert Matter.objects.get().state == "open"
        waiting.start()
        time.sleep(0.5)
        assert answers == []
        killed = time.monotonic()
    waiting.join(10)
    ((winner, at),) = answers
    assert winner == cast.second.id
    assert at - killed < slowest_allowed()
    assert Entry.objects.count() == entries + 1
    assert (Handling.objects.count(), Pioneer.objects.get(pk=cast.pioneer.pk).held) == (1, 0)
    _sound()


def test_killed_after_the_commit_the_same_key_answers_the_same(own_database: str) -> None:
    cast = build_cast()
    matter, by = need(cast.resident), cast.pioneer.spokesperson
    with killed_at(f"{HERE}:claim_and_stop_before_answering", matter.number, by.id, "k-1"):
        pass
    entries = Entry.objects.count()
    with pytest.raises(Replayed) as again, idempotency.scope(f"person:{by.id}", "k-1", "claim"):
        claim(matter.number, by=by)
    assert (again.value.subject_kind, again.value.subject_id) == ("matter", matter.id)
    assert claim(matter.number, by=by).taken_by_id == cast.pioneer.id
    with pytest.raises(Refused, match="already-taken"):
        claim(matter.number, by=cast.second.spokesperson)
    assert (Entry.objects.count(), Handling.objects.count()) == (entries, 1)
    _sound()


def test_a_need_posted_again_under_its_key_after_a_kill_stands_once(own_database: str) -> None:
    cast = build_cast()
    place, by = need(cast.resident), cast.resident
    with killed_at(f"{HERE}:post_and_stop_before_answering", by.id, place.lat, place.lon, "k-2"):
        pass
    posted = Matter.objects.exclude(pk=place.pk).get()
    with pytest.raises(Replayed) as again, idempotency.scope(f"person:{by.id}", "k-2", "post"):
        raise_matter(Need("灯坏了", place.lat, place.lon, "wgs84"), by=by)
    assert again.value.subject_id == posted.id
    assert Matter.objects.count() == 2
    _sound()


def _inboxes() -> list[tuple[int, str, str, int]]:
    return sorted(Notice.objects.values_list("person_id", "code", "about", "event_id"))


def _busy(cast: Cast) -> None:
    for _ in range(3):
        taken(cast)
        need(cast.resident)


def test_killed_within_a_batch_everything_is_delivered_once_after_the_restart(own_database: str) -> None:
    cast = build_cast()
    _busy(cast)
    with killed_at(f"{HERE}:deliver_and_stop_within_a_batch"):
        assert not Notice.objects.exists()
    while dispatch.run_once():
        pass
    assert not Delivery.objects.filter(done_at=None).exists()
    once = _inboxes()
    assert len(once) == len(set(once))
    assert [row[1] for row in once].count("matter.claimed.requester") == 3
    Delivery.objects.update(done_at=None)
    while dispatch.run_once():
        pass
    assert _inboxes() == once
    _sound()


def _worker(log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "xianfeng", "worker"], stdout=output, stderr=output, start_new_session=True,
            env=os.environ | {"XIANFENG_VAR": str(log.parent), "XIANFENG_SECRET": "only for this test"},
        )  # fmt: skip


def _until(condition: Callable[[], bool], log: Path, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)


def _finish_all(cast: Cast) -> None:
    for matter in Matter.objects.filter(state="taken"):
        report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)


def _delivered() -> int:
    return Delivery.objects.filter(done_at__isnull=False).count()


def test_a_worker_killed_again_and_again_tells_everybody_everything_once(
    own_database: str, tmp_path: Path
) -> None:
    cast, log = build_cast(), tmp_path / "worker.log"
    for _ in range(3):
        before, worker, rounds = _delivered(), _worker(log), 0
        while _delivered() == before or rounds < 12:  # killed in the middle of a busy hour
            _busy(cast)
            _finish_all(cast)
            rounds += 1
            assert worker.poll() is None, log.read_text()
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert _waits()
    worker = _worker(log)
    _until(lambda: not _waits(), log)
    time.sleep(0.5)  # its signal handlers stand
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    told = _inboxes()
    assert len(told) == len(set(told))
    codes, taken_count = Counter(row[1] for row in told), Handling.objects.count()
    assert codes["matter.claimed.requester"] == codes["matter.reported.requester"] == taken_count > 100
    feed = Announcement.objects.filter(topic="feed", code="matter.opened").values_list("payload", flat=True)
    assert {row["number"] for row in feed} == set(Matter.objects.values_list("number", flat=True))
    _sound()


def _waits() -> bool:
    spread = Outbox.objects.filter(dispatched=False).exists()
    return spread or Delivery.objects.filter(done_at=None).exists()
