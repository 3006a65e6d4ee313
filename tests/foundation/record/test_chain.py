"""Each subject's chain: head and length on its own row, moved in the same statement as the entry."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.foundation.record import planting
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import digest, steps, subjects
from xianfeng.foundation.record.models import Entry, Outbox

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def _change(person: Person, **more: Any) -> bool:
    return steps.change(
        "person", person.id, "person.changed", actor=subjects.person(person.id), at=clock.now(), **more
    )


def test_change_moves_column_chain_entry_and_outbox_together(cast: Cast) -> None:
    head, length = planting.link("person", cast.resident.id)
    with watching() as seen:
        assert _change(cast.resident, sets={"name": "新名"}, old={"a": 1}, new={"b": "二"})
    told = seen.only("person.changed")
    assert (told.kind, told.id, told.old, told.new) == ("person", cast.resident.id, {"a": 1}, {"b": "二"})
    assert seen.rows == {"people_person": {cast.resident.id}}
    last = planting.chain("person", cast.resident.id)[-1]
    assert planting.link("person", cast.resident.id) == (bytes(last.hash), length + 1)
    assert last.position == length + 1
    facts = (last.position, last.at, last.actor_kind, last.actor_id, last.code, last.old, last.new)
    assert bytes(last.hash) == digest.digest(head, "person", cast.resident.id, *facts)
    assert Person.objects.get(pk=cast.resident.pk).name == "新名"


def test_change_whose_condition_fails_writes_nothing(cast: Cast) -> None:
    with watching() as seen:
        assert not _change(
            cast.resident, sets={"name": "新名"}, where="s.name = %(is)s", values={"is": "别人"}
        )
    assert seen.nothing()


def test_append_to_what_is_not_there_raises_and_writes_nothing(cast: Cast) -> None:
    with watching() as seen, pytest.raises(LookupError):
        steps.append("person", 10**9, "person.changed", actor=subjects.SYSTEM, at=clock.now())
    assert seen.nothing()


def test_kind_nobody_registered_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        steps.append("ghost", 1, "ghost.seen", actor=subjects.SYSTEM, at=clock.now())


def test_chains_of_different_subjects_do_not_touch(cast: Cast) -> None:
    before = planting.link("person", cast.stranger.id)
    _change(cast.resident)
    assert planting.link("person", cast.stranger.id) == before


def test_outbox_row_repeats_the_entry(cast: Cast) -> None:
    _change(cast.resident, new={"n": 1})
    fields = ("at", "code", "subject_kind", "subject_id", "position", "actor_kind", "actor_id", "old", "new")
    entry, row = (
        Entry.objects.order_by("-id").values(*fields)[0],
        Outbox.objects.order_by("-id").values(*fields)[0],
    )
    assert entry == row
    assert Outbox.objects.order_by("-id")[0].dispatched is False


def test_facts_are_one_text_whatever_the_order_of_keys() -> None:
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert digest.facts({"b": 1, "a": "二", "t": at}) == '{"a":"二","b":1,"t":"2026-05-01T08:00:00+00:00"}'
    assert digest.facts({"t": at, "a": "二", "b": 1}) == digest.facts({"b": 1, "a": "二", "t": at})
    assert digest.facts(None) == "{}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.binary(min_size=0, max_size=32), kind=st.text("abc-", max_size=20), subject=st.integers(1, 2**62),
    position=st.integers(1, 2**31 - 1), micros=st.integers(-(2**50), 2**51), hours=st.integers(-12, 14),
    actor=st.integers(0, 2**62), old=STORABLE, new=STORABLE,
)  # fmt: skip
def test_digest_is_the_same_in_python_and_in_the_database(
    db: None, head: bytes, kind: str, subject: int, position: int, micros: int, hours: int, actor: int, old: str,
    new: str,
) -> None:  # fmt: skip
    at = datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=hours))) + timedelta(microseconds=micros)
    given_: list[Any] = [head, kind, subject, position, at, "person", actor, "matter.raised", old, new]
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_digest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", given_)
        assert bytes(cursor.fetchone()[0]) == digest.digest(*given_)


def test_a_hundred_changes_make_a_chain_of_a_hundred_that_holds(cast: Cast) -> None:
    _, before = planting.link("person", cast.resident.id)
    for number in range(100):
        _change(cast.resident, new={"n": number})
    assert [entry.position for entry in planting.chain("person", cast.resident.id)] == list(
        range(1, before + 101)
    )
    assert planting.found() == []
