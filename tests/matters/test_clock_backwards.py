"""A clock that is set back loses nothing: what was promised holds, nothing is done twice, no wait is negative."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from tests.calling import token_of
from tests.cast import Cast, done, need, taken
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries, sessions
from xianfeng.foundation.record import checkpoints, verify
from xianfeng.matters import tasks
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, release, report_done
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.rating import Stars, rate

BACK = timedelta(hours=3)
NUMBER = "13900000001"


@pytest.fixture
def moment(cast: Cast) -> Iterator[time_machine.Traveller]:
    """The clock, standing still until it is moved."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def test_limits_pass_once_however_often_the_clock_is_set_back(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    matter = need(cast.resident)
    moment.shift(timedelta(minutes=1441))
    assert tasks.enforce_limits() == 1
    moment.shift(-BACK)
    with watching() as seen:
        assert tasks.enforce_limits() == 0
    assert seen.nothing()
    moment.shift(BACK)
    with watching() as seen:
        assert tasks.enforce_limits() == 0
    assert seen.nothing()
    assert Matter.objects.get(pk=matter.pk).listed


def test_who_comes_too_late_is_never_told_a_negative_wait(cast: Cast, moment: time_machine.Traveller) -> None:
    matter = taken(cast)
    moment.shift(-BACK)
    with pytest.raises(Refused, match="already-taken") as caught:
        claim(matter.number, by=cast.second.spokesperson, pioneer=cast.second)
    assert caught.value.refusal.params["late_seconds"] == 0


def test_the_whole_loop_goes_on_when_the_clock_is_set_back_between_its_steps(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    matter = need(cast.resident)
    moment.shift(-BACK)
    claim(matter.number, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    moment.shift(-BACK)
    report_done(matter.number, Report("换了灯泡"), by=cast.pioneer.spokesperson)
    moment.shift(-BACK)
    assert rate(matter.number, Stars(5, 5, 5), by=cast.resident).state == "closed"
    assert not list(verify.chain_findings())
    handling = Handling.objects.get()
    assert handling.ended_at
    assert handling.ended_at < matter.raised_at  # as it was seen; the record tells the order


def test_a_claim_can_be_given_back_and_a_need_withdrawn(cast: Cast, moment: time_machine.Traveller) -> None:
    matter = taken(cast)
    moment.shift(-BACK)
    assert release(matter.number, by=cast.pioneer.spokesperson, reason="有事").state == "open"
    moment.shift(-BACK)
    assert withdraw(matter.number, by=cast.resident).state == "withdrawn"


def test_a_rating_given_before_the_report_can_still_be_read(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    matter = done(cast)
    moment.shift(-BACK)
    assert rate(matter.number, Stars(1, 1, 1), by=cast.resident).state == "closed"


def test_a_code_that_was_sent_still_opens_the_door(cast: Cast, moment: time_machine.Traveller) -> None:
    code = people.ask_code(NUMBER, address="192.0.2.1")
    moment.shift(-BACK)
    assert people.sign_in(NUMBER, code).token


def test_the_code_asked_for_last_counts_whatever_the_clock_says(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    first = people.ask_code(NUMBER, address="192.0.2.1")
    moment.shift(-BACK)
    second = people.ask_code(NUMBER, address="192.0.2.1")
    assert first != second
    assert people.sign_in(NUMBER, second).token


def test_who_asked_for_too_many_codes_waits_no_longer_for_a_clock_set_back(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    for _ in range(5):
        people.ask_code(NUMBER, address="192.0.2.1")
    moment.shift(-BACK)
    with pytest.raises(Refused, match="too-many-codes") as caught:
        people.ask_code(NUMBER, address="192.0.2.1")
    assert 0 < caught.value.refusal.params["retry_seconds"] <= 3600


def test_a_session_outlives_a_clock_set_back_and_ends_on_time(
    cast: Cast, moment: time_machine.Traveller
) -> None:
    token = sessions.token_hash(token_of(cast.resident))
    moment.shift(-BACK)
    assert queries.holder_of_session(token)
    moment.shift(timedelta(days=3650))
    assert queries.holder_of_session(token) is None


def test_checkpoints_stay_in_the_order_they_were_written(
    cast: Cast, moment: time_machine.Traveller, settings: Settings, tmp_path: Path
) -> None:
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    written = []
    for _ in range(3):
        need(cast.resident)
        written.append(checkpoints.write())
        moment.shift(-BACK)
    assert written == checkpoints.files()
    assert not list(verify.findings())
