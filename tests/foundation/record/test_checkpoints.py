"""Checkpoints vouch for all that moved, once, and wait for nobody long."""

import stat
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine

from tests.cast import Cast, build_cast, closed, need
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.record import checkpoints
from xianfeng.foundation.record.models import Entry


def test_the_first_checkpoint_vouches_for_every_subject_and_the_next_for_what_moved(cast: Cast) -> None:
    first = checkpoints.write()
    assert first
    subjects = Entry.objects.values("subject_kind", "subject_id").distinct().count()
    assert len(checkpoints.read(first).lines) == subjects
    matter = need(cast.resident)
    second = checkpoints.write()
    assert second
    one = checkpoints.read(second)
    assert [line.split(" ")[:3] for line in one.lines] == [["matter", str(matter.id), "1"]]
    assert one.previous == checkpoints.read(first).seal
    assert one.holds


def test_nothing_is_written_while_nothing_moved(cast: Cast) -> None:
    checkpoints.write()
    assert checkpoints.write() is None
    assert len(checkpoints.files()) == 1


def test_only_the_last_head_of_a_subject_is_kept(cast: Cast) -> None:
    matter = closed(cast)
    path = checkpoints.write()
    assert path
    mine = [line for line in checkpoints.read(path).lines if line.startswith(f"matter {matter.id} ")]
    last = Entry.objects.get(subject_kind="matter", subject_id=matter.id, position=4)
    assert mine == [f"matter {matter.id} 4 {bytes(last.hash).hex()}"]


def test_rows_with_an_old_time_are_vouched_for_too(cast: Cast) -> None:
    checkpoints.write()
    with time_machine.travel(clock.now() - timedelta(days=200), tick=False):
        need(cast.resident)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        path = checkpoints.write()
    assert path
    assert len(checkpoints.read(path).lines) == 1


def test_a_clock_set_back_breaks_no_chain_of_checkpoints(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        checkpoints.write()
        moment.shift(timedelta(hours=-1))
        need(cast.resident)
        checkpoints.write()
    assert checkpoints.broken_files() == []


def test_after_a_torn_file_the_next_checkpoint_goes_on_and_the_torn_one_stays_named(cast: Cast) -> None:
    first = checkpoints.write()
    assert first
    first.write_bytes(b"torn")
    need(cast.resident)
    second = checkpoints.write()
    assert second
    assert first.name in checkpoints.broken_files()
    assert (
        len(checkpoints.read(second).lines)
        == Entry.objects.values("subject_kind", "subject_id").distinct().count()
    )


def test_no_half_written_file_is_left(cast: Cast, checkpoint_folder: Path) -> None:
    checkpoints.write()
    assert sorted(path.suffix for path in checkpoint_folder.iterdir()) == ["", ".gz"]
    assert stat.S_ISDIR(checkpoint_folder.stat().st_mode)


@pytest.mark.race
def test_a_long_write_is_not_waited_for_and_its_rows_come_with_the_next_round(own_database: str) -> None:
    cast = build_cast()
    with psycopg.connect(own_database) as other:
        other.execute(
            "INSERT INTO record_entry (at, subject_kind, subject_id, position, actor_kind, actor_id, code, old, new, "
            "hash) SELECT now(), 'person', %s, 9, 'system', 0, 'person.changed', '{}', '{}', '\\x00'",
            [cast.resident.id],
        )  # fmt: skip
        before = clock.now()
        assert checkpoints.write() is None
        assert (clock.now() - before).total_seconds() < 2
        other.rollback()
    path = checkpoints.write()
    assert path
    assert checkpoints.read(path).upto == Entry.objects.order_by("-id")[0].id
