"""Sessions that a process remembers: told of changes by the database, and never used while deaf."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, build_cast, recognised
from xianfeng.config.database import parameters
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Person, Session
from xianfeng.foundation.people.remembered import Sessions
from xianfeng.foundation.people.sessions import token_hash
from xianfeng.foundation.record.models import Chained


@pytest.fixture
def kept() -> Sessions:
    """Sessions that hear, with nothing to be told: what a test changes is not committed."""
    sessions = Sessions()
    sessions._heard_at = float("inf")
    return sessions


@pytest.fixture
def played(own_database: str) -> Cast:
    return build_cast()


@pytest.fixture
def listening(played: Cast) -> Iterator[Sessions]:
    """Sessions that listen, as in a web process."""
    sessions, ended = Sessions(), threading.Event()
    thread = threading.Thread(target=sessions.listen, args=(parameters("test"), ended), daemon=True)
    thread.start()
    _soon(lambda: sessions._heard_at > 0)
    yield sessions
    ended.set()
    _cut()
    thread.join(5)
    assert not thread.is_alive()


def _cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'test' AND datname = current_database()"
        )


def _soon(true: Callable[[], bool]) -> None:
    until = monotonic() + 5
    while not true():
        assert monotonic() < until, "not within five seconds"
        sleep(0.002)


def _token(person: Person, **more: object) -> bytes:
    token = f"token-{person.pk}"
    at = clock.now()
    given = {"created_at": at, "expires_at": at + timedelta(days=1)} | more
    Session.objects.create(token_hash=token_hash(token), person=person, device="", **given)
    return token_hash(token)


def _statements(kept: Sessions, token: bytes) -> int:
    with CaptureQueriesContext(connection) as asked:
        kept.holder(token)
    return len(asked)


def test_who_asks_again_costs_no_statement(kept: Sessions, cast: Cast) -> None:
    token = _token(cast.resident)
    assert [_statements(kept, token) for _ in range(3)] == [1, 0, 0]
    signed = kept.holder(token)
    assert signed is not None
    assert signed == queries.holder_of_session(token)


def test_every_change_of_what_a_session_says_is_heard(listening: Sessions, played: Cast) -> None:
    token, changes = _token(played.resident), listening._changes
    before = listening.holder(token)
    assert before is not None
    assert (before.person.name, before.pioneer_id) == (played.resident.name, None)

    Person.objects.filter(pk=played.resident.pk).update(record_length=1)
    sleep(0.05)
    assert (listening._changes, _statements(listening, token)) == (changes, 0)

    people.change_profile(by=played.resident, name="改过的名字")
    _soon(lambda: (signed := listening.holder(token)) is not None and signed.person.name == "改过的名字")

    pioneer = recognised("新先锋", played.resident, played.organisation, played.staff)
    _soon(lambda: (signed := listening.holder(token)) is not None and signed.pioneer_id == pioneer.id)

    people.sign_out(f"token-{played.resident.pk}")
    _soon(lambda: listening.holder(token) is None)


def test_a_connection_that_was_cut_is_not_trusted_and_comes_back(listening: Sessions, played: Cast) -> None:
    token = _token(played.resident)
    listening.holder(token)
    heard = listening._heard_at
    _cut()
    _soon(lambda: not listening._kept and listening._heard_at < 0)
    assert _statements(listening, token) == 1
    _soon(lambda: listening._heard_at > heard)
    assert [_statements(listening, token) for _ in range(2)] == [1, 0]


def test_an_answer_overtaken_by_a_change_is_not_kept(
    kept: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, ask = _token(cast.resident), queries.session_row

    def overtaken(*given: Any) -> Any:
        found = ask(*given)
        kept.forget()
        return found

    monkeypatch.setattr(queries, "session_row", overtaken)
    assert kept.holder(token)
    assert not kept._kept


def test_an_expired_session_is_not_remembered_beyond_its_end(
    kept: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(cast.resident)
    assert kept.holder(token)
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert kept.holder(token) is None


def test_each_request_has_a_person_of_its_own(kept: Sessions, cast: Cast) -> None:
    token = _token(cast.resident)
    one, other = kept.holder(token), kept.holder(token)
    assert one is not None
    assert other is not None
    one.person.name = "只在这一次"
    assert other.person.name == cast.resident.name


def test_who_does_not_listen_asks_each_time(cast: Cast) -> None:
    token, deaf = _token(cast.resident), Sessions()
    assert [_statements(deaf, token) for _ in range(2)] == [1, 1]
    assert not deaf._kept


def test_every_column_of_a_person_is_watched(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_column FROM information_schema.triggered_update_columns"
            " WHERE trigger_name = 'people_person_changed'"
        )
        watched = {name for (name,) in cursor.fetchall()}
    chain = {field.name for field in Chained._meta.get_fields()}
    columns = {field.column for field in Person._meta.concrete_fields if field.name not in {"id", *chain}}
    assert watched == columns
