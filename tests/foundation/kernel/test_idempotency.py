"""A key is committed with its effect: again answers the same, another request is refused, a failed one frees it."""

import contextvars

import pytest
from django.db import connection

from tests.cast import Cast, need
from tests.matters.watching import watching
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.models import Idempotency
from xianfeng.foundation.kernel.refusals import Refused, Replayed
from xianfeng.foundation.kernel.transactions import write, write_beside
from xianfeng.foundation.people import operations as people
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.claim import claim

OWNER = "person:1"


def test_the_key_is_kept_with_what_came_of_it(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        matter = need(cast.resident)
    row = Idempotency.objects.get()
    assert (row.owner, row.value, row.fingerprint) == (OWNER, "k", "print")
    assert (row.subject_kind, row.subject_id) == ("matter", matter.id)


def test_the_same_key_again_is_replayed_and_writes_nothing(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        matter = need(cast.resident)
    with watching() as seen, idempotency.scope(OWNER, "k", "print"), pytest.raises(Replayed) as again:
        need(cast.resident)
    assert (again.value.subject_kind, again.value.subject_id) == ("matter", matter.id)
    assert seen.nothing()


def test_the_same_key_for_another_request_is_refused(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        need(cast.resident)
    with (
        watching() as seen,
        idempotency.scope(OWNER, "k", "other"),
        pytest.raises(Refused, match="key-reused") as no,
    ):
        need(cast.resident)
    assert no.value.refusal.field == "Idempotency-Key"
    assert seen.nothing()


def test_the_same_key_of_somebody_else_is_another_key(cast: Cast) -> None:
    for owner in (OWNER, "person:2"):
        with idempotency.scope(owner, "k", "print"):
            need(cast.resident)
    assert Matter.objects.count() == Idempotency.objects.count() == 2


def test_a_refused_request_leaves_its_key_free(cast: Cast) -> None:
    matter = need(cast.pioneer.spokesperson)
    with idempotency.scope(OWNER, "k", "print"):
        with pytest.raises(Refused, match="own-need"):
            claim(matter.number, by=cast.pioneer.spokesperson)
        assert not Idempotency.objects.exists()
    with idempotency.scope(OWNER, "k", "other"):
        assert need(cast.resident)


def test_a_fault_within_leaves_the_key_free_and_may_be_tried_again_in_the_same_request(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        with pytest.raises(ZeroDivisionError), write():
            _ = 1 / 0
        assert not Idempotency.objects.exists()
        matter = need(cast.resident)
    assert Idempotency.objects.get().subject_id == matter.id


def test_two_writes_of_one_request_share_its_key(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        need(cast.resident)
        second = need(cast.resident)
    assert Idempotency.objects.get().subject_id == second.id


def test_what_is_written_beside_carries_no_key(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"), write_beside():
        pass
    assert not Idempotency.objects.exists()


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_key_nothing_is_kept(cast: Cast, value: str | None) -> None:
    with idempotency.scope(OWNER, value, "print"):
        need(cast.resident)
        need(cast.resident)
    assert not Idempotency.objects.exists()


def test_a_key_ends_with_its_request(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        pass
    need(cast.resident)
    assert not Idempotency.objects.exists()


def test_a_key_is_seen_in_its_own_context_alone(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        contextvars.Context().run(need, cast.resident)
    assert not Idempotency.objects.exists()


def test_looking_finds_a_committed_key_and_takes_none(cast: Cast) -> None:
    with idempotency.scope(OWNER, "k", "print"):
        idempotency.look()
        assert not Idempotency.objects.exists()
        people.give_consent("2026-11", by=cast.resident)
    with idempotency.scope(OWNER, "k", "print"), pytest.raises(Replayed):
        idempotency.look()
    with idempotency.scope(OWNER, "k", "other"), pytest.raises(Refused, match="key-reused"):
        idempotency.look()


def test_fingerprints_tell_requests_apart() -> None:
    prints = {
        idempotency.fingerprint("POST", "/a", b"b"), idempotency.fingerprint("POST", "/ab", b""),
        idempotency.fingerprint("POST", "/a", b""), idempotency.fingerprint("POST", "/a"),
    }  # fmt: skip
    assert len(prints) == 4
    assert idempotency.fingerprint("先") == idempotency.fingerprint("先".encode())


def test_what_is_derived_is_the_same_for_the_same_request_alone() -> None:
    def derived(owner: str, value: str, asked: str, purpose: str = "code") -> bytes | None:
        with idempotency.scope(owner, value, asked):
            return idempotency.derived(purpose)

    first = derived(OWNER, "k", "print")
    assert first == derived(OWNER, "k", "print")
    others = [derived("person:2", "k", "print"), derived(OWNER, "l", "print"), derived(OWNER, "k", "p"),
              derived(OWNER, "k", "print", "token")]  # fmt: skip
    assert len({first, *others}) == 5
    assert idempotency.derived("code") is None


def test_an_operation_cannot_be_called_within_another_transaction(own_database: str) -> None:
    from django.db import transaction

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), write():
        pass
    assert connection.in_atomic_block is False
