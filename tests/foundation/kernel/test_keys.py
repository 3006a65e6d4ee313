"""Keys, seals and tickets."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.foundation.kernel import clock, keyring, signing

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(WORDS)
def test_what_is_sealed_is_read_again_by_the_same_purpose_alone(text: str) -> None:
    sealed = keyring.seal("mobile", text)
    assert keyring.unseal("mobile", sealed) == keyring.unseal("mobile", memoryview(sealed)) == text  # type: ignore[arg-type]  # as psycopg gives it
    with pytest.raises(ValueError, match="sealed text of address"):
        keyring.unseal("address", sealed)


def test_each_purpose_has_a_key_of_its_own_made_from_the_secret() -> None:
    keys = {keyring.key(purpose) for purpose in ("mobile", "address", "code", "checkpoint")}
    assert len(keys) == 4
    assert all(len(key) == 32 and settings.SECRET_KEY.encode() not in key for key in keys)


def test_a_keyed_hash_depends_on_purpose_and_text() -> None:
    first = keyring.keyed_hash("mobile", "1")
    assert first == keyring.keyed_hash("mobile", "1")
    assert len({first, keyring.keyed_hash("mobile", "2"), keyring.keyed_hash("code", "1")}) == 3


@pytest.mark.parametrize("torn", [b"", b"x", "先锋".encode(), b"gAAAA" * 9])
def test_what_was_never_sealed_is_not_read(torn: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        keyring.unseal("mobile", torn)


def test_a_ticket_opens_for_its_purpose_within_its_seconds() -> None:
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as moment:
        ticket = signing.ticket("stream", {"person": 7})
        assert signing.read_ticket("stream", ticket, seconds=60) == {"person": 7}
        assert signing.read_ticket("link", ticket, seconds=60) is None
        moment.shift(timedelta(seconds=60))
        assert signing.read_ticket("stream", ticket, seconds=60)
        moment.shift(timedelta(seconds=1))
        assert signing.read_ticket("stream", ticket, seconds=60) is None


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "先锋", "\0", ":" * 500])
def test_a_forged_ticket_opens_nothing(forged: str) -> None:
    assert signing.read_ticket("stream", forged, seconds=60) is None


def test_a_changed_ticket_opens_nothing() -> None:
    ticket = signing.ticket("stream", {"person": 7})
    changed = ("A" if ticket[0] != "A" else "B") + ticket[1:]
    assert signing.read_ticket("stream", changed, seconds=60) is None


def test_the_clock_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
