"""`xianfeng record verify` finds what was planted, and says so of nothing else."""

import gzip
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command

from tests.cast import Cast, closed
from tests.foundation.record import planting
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.record import checkpoints, digest, subjects
from xianfeng.foundation.record.models import Chained
from xianfeng.foundation.record.verify import Finding
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.rating import reopen


@pytest.fixture
def matter(cast: Cast) -> Matter:
    """A matter that lived to its end: four entries."""
    return closed(cast)


ALTERATIONS: dict[str, str] = {
    "code": "code = 'matter.filed'", "actor": "actor_id = actor_id + 1", "kind of actor": "actor_kind = 'system'",
    "old": "old = '{}'", "new": "new = new || ' '", "time": "at = at + interval '1 microsecond'",
    "hash": "hash = sha256(hash)",
}  # fmt: skip


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_altered_row_is_found_at_its_position(matter: Matter, what: str) -> None:
    planting.run(
        f"UPDATE record_entry SET {ALTERATIONS[what]} "  # noqa: S608 - constants
        "WHERE subject_kind = 'matter' AND subject_id = %s AND position = 2", matter.id,
    )  # fmt: skip
    found = planting.found()
    assert Finding("altered", "matter", matter.id, 2) in found
    assert {(one.kind, one.id) for one in found} == {("matter", matter.id)}


def test_what_nobody_touched_holds(matter: Matter) -> None:
    assert planting.found() == []


def _without(matter: Matter, position: int) -> None:
    planting.run(
        "DELETE FROM record_entry WHERE subject_kind = 'matter' AND subject_id = %s AND position = %s",
        matter.id, position,
    )  # fmt: skip


def test_a_missing_last_row_is_found_by_the_head(matter: Matter) -> None:
    _without(matter, 4)
    assert planting.found() == [Finding("head", "matter", matter.id, 4)]


def test_a_missing_row_in_the_middle_is_found_by_its_follower(matter: Matter) -> None:
    _without(matter, 2)
    assert planting.found() == [Finding("altered", "matter", matter.id, 3)]


def test_a_missing_first_row_is_found(matter: Matter) -> None:
    _without(matter, 1)
    assert planting.found() == [Finding("altered", "matter", matter.id, 2)]


def test_a_subject_without_any_entry_is_found(matter: Matter) -> None:
    planting.run("DELETE FROM record_entry WHERE subject_kind = 'matter' AND subject_id = %s", matter.id)
    assert planting.found() == [Finding("head", "matter", matter.id, 4)]
    planting.set_link("matter", matter.id, b"", 0)
    assert planting.found() == [Finding("head", "matter", matter.id, 0)]


def test_a_missing_subject_is_found(cast: Cast) -> None:
    gone = cast.stranger.id
    planting.run("DELETE FROM people_person WHERE id = %s", gone)
    assert planting.found() == [Finding("subject-missing", "person", gone)]


def test_entries_of_a_kind_nobody_registered_are_found(matter: Matter) -> None:
    planting.run(
        "UPDATE record_entry SET subject_kind = 'ghost', hash = record_digest('', 'ghost', subject_id, position, at, "
        "actor_kind, actor_id, code, old, new) WHERE subject_kind = 'matter' AND position = 1 AND subject_id = %s",
        matter.id,
    )  # fmt: skip
    assert Finding("subject-missing", "ghost", matter.id) in planting.found()


def test_an_entry_forged_onto_the_end_of_a_chain_is_found(matter: Matter) -> None:
    head, length = planting.link("matter", matter.id)
    at, new = clock.now(), '{"benefit_verified":true}'
    hashed = digest.digest(
        head, "matter", matter.id, length + 1, at, "person", 1, "matter.benefit-verified", "{}", new
    )
    planting.run(
        "INSERT INTO record_entry (at, subject_kind, subject_id, position, actor_kind, actor_id, code, old, new, hash) "
        "VALUES (%s, 'matter', %s, %s, 'person', 1, 'matter.benefit-verified', '{}', %s, %s)",
        at, matter.id, length + 1, new, hashed,
    )  # fmt: skip
    assert planting.found() == [Finding("head", "matter", matter.id, 4)]


def test_a_chain_rewritten_without_a_seam_is_found_by_the_checkpoint(matter: Matter) -> None:
    checkpoints.write()
    planting.rewrite("matter", matter.id, 2, '{"state":"taken","taken_by":999}')
    assert planting.found() == [Finding("rewritten", "matter", matter.id, 4)]


def test_a_chain_rewritten_and_continued_is_found_by_the_checkpoint(cast: Cast, matter: Matter) -> None:
    checkpoints.write()
    planting.rewrite("matter", matter.id, 2, "{}")
    reopen(matter.number, by=cast.resident, reason="又坏了")
    checkpoints.write()
    assert planting.found() == [Finding("rewritten", "matter", matter.id, 4)]


def test_subject_and_chain_taken_away_together_are_found_by_the_checkpoint(cast: Cast) -> None:
    checkpoints.write()
    gone = cast.stranger.id
    planting.run("DELETE FROM record_entry WHERE subject_kind = 'person' AND subject_id = %s", gone)
    planting.run("DELETE FROM people_person WHERE id = %s", gone)
    assert planting.found() == [Finding("rewritten", "person", gone, 1)]


def _three(cast: Cast) -> list[Path]:
    """Return three checkpoint files, a minute apart, each with something that moved."""
    made = []
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(3):
            closed(cast)
            made.append(checkpoints.write())
            moment.shift(timedelta(minutes=1))
    return [path for path in made if path]


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _changed(path: Path) -> None:
    one = checkpoints.read(path)
    text = [f"previous {one.previous}", f"upto {one.upto}", *one.lines[1:], one.seal]
    path.write_bytes(gzip.compress(("\n".join(text) + "\n").encode()))


DAMAGES: dict[str, tuple[Callable[[list[Path]], object], int]] = {
    "first file gone": (lambda files: files[0].unlink(), 1),
    "middle file gone": (lambda files: files[1].unlink(), 2),
    "last file gone": (lambda files: files[2].unlink(), 2),
    "middle file altered": (lambda files: _changed(files[1]), 1),
    "last file altered": (lambda files: _changed(files[2]), 2),
    "last file torn": (lambda files: _torn(files[2]), 2),
    "empty file": (lambda files: files[2].write_bytes(b""), 2),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_missing_or_altered_checkpoint_is_named(cast: Cast, damage: str) -> None:
    files = _three(cast)
    act, named = DAMAGES[damage]
    assert planting.found() == []
    act(files)
    assert Finding("checkpoint", files[named].name, 0) in planting.found()


def test_a_missing_or_forged_pointer_to_the_last_checkpoint_is_named(cast: Cast) -> None:
    files = _three(cast)
    pointer = files[0].parent / "latest"
    pointer.write_text(f"{files[1].name} {'0' * 64}\n")
    assert planting.found() == [Finding("checkpoint", "latest", 0)]
    pointer.unlink()
    assert planting.found() == [Finding("checkpoint", "latest", 0)]


@pytest.mark.parametrize("which", [slice(2, 3), slice(1, 3), slice(0, 3)])
def test_a_checkpoint_taken_away_stays_missed_after_the_next_one_is_written(cast: Cast, which: slice) -> None:
    files = _three(cast)
    for path in files[which]:
        path.unlink()
    closed(cast)
    assert checkpoints.write()
    assert [one.what for one in planting.found()] == ["checkpoint"]
    closed(cast)
    assert checkpoints.write()
    assert [one.what for one in planting.found()] == ["checkpoint"]


def test_a_process_ended_before_the_first_pointer_was_written_is_no_finding_later(cast: Cast) -> None:
    first = checkpoints.write()
    assert first
    (first.parent / "latest").unlink()
    closed(cast)
    checkpoints.write()
    assert planting.found() == []


def test_all_checkpoints_taken_away_but_the_pointer_are_missed(cast: Cast) -> None:
    files = _three(cast)
    for path in files:
        path.unlink()
    assert planting.found() == [Finding("checkpoint", files[2].name, 0)]


def test_the_command_names_each_finding_and_fails(matter: Matter) -> None:
    _without(matter, 4)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("record", "verify", stdout=out)
    assert out.getvalue() == f"head: matter {matter.id}, entry 4\n"


def test_the_command_says_how_many_checkpoints_vouch(matter: Matter) -> None:
    out = io.StringIO()
    call_command("record", "verify", stdout=out)
    assert "no checkpoint yet" in out.getvalue()
    call_command("record", "checkpoint", stdout=io.StringIO())
    out = io.StringIO()
    call_command("record", "verify", stdout=out)
    assert "the record holds" in out.getvalue()
    assert "1 checkpoint" in out.getvalue()


def test_every_kind_that_is_recorded_has_its_own_table_with_a_head() -> None:
    models = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, Chained)}
    assert set(subjects.tables().values()) == set(models)
    assert set(subjects.tables()) >= {"person", "organisation", "firm", "pioneer", "matter"}
