"""Limits by two workers at once, after a day of being down: each is enforced once."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from tests.cast import booked, build_cast, done, need, recognised, somebody, taken
from tests.racing import race
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.matters import tasks
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.handling import Report, report_done

pytestmark = pytest.mark.race
HERE = "tests.matters.test_race_limits"
LIMIT_CODES = ("matter.listed", "matter.offer-lapsed", "matter.take-lapsed", "matter.closed-unrated")


def enforce(card: object) -> int:
    """Play one round of a worker."""
    return tasks.enforce_limits()


def test_workers_at_once_after_days_of_being_down_enforce_every_limit_once(own_database: str) -> None:
    cast = build_cast()
    more = [recognised(f"先锋{n}", somebody(100 + n), cast.organisation, cast.staff) for n in range(6)]
    with time_machine.travel(clock.now() - timedelta(days=9), tick=False):
        due = {need(cast.resident).id: "matter.listed" for _ in range(20)}
        due |= {booked(cast, pioneer).id: "matter.offer-lapsed" for pioneer in more}
        due |= {taken(cast, pioneer).id: "matter.take-lapsed" for pioneer in more * 2}
        due |= {done(cast, pioneer).id: "matter.closed-unrated" for pioneer in more}
    fresh = need(cast.resident)
    tries = race(f"{HERE}:enforce", [[1]] * 4, processes=2)
    assert {one.outcome for one in tries} == {"won"}
    assert sum(one.answer for one in tries) == len(due)
    told = Entry.objects.filter(code__in=LIMIT_CODES).values_list("subject_id", "code")
    assert Counter(told) == Counter(due.items())
    assert set(Pioneer.objects.values_list("held", flat=True)) == {0}
    assert Matter.objects.get(pk=fresh.pk).record_length == 1
    assert list(verify.chain_findings()) == []
    assert tasks.enforce_limits() == 0


def test_a_pioneer_reporting_while_the_limit_passes_leaves_one_outcome(own_database: str) -> None:
    cast = build_cast()
    more = [recognised(f"先锋{n}", somebody(100 + n), cast.organisation, cast.staff) for n in range(8)]
    with time_machine.travel(clock.now() - timedelta(days=4), tick=False):
        matters = [taken(cast, pioneer) for pioneer in more]
    reports = [
        [(matter.number, pioneer.spokesperson_id)] for matter, pioneer in zip(matters, more, strict=True)
    ]
    tries = race(f"{HERE}:report_or_enforce", [*reports, [("", 0)], [("", 0)]], processes=5)
    reported = {one.of[0] for one in tries if one.of[0] and one.outcome == "won"}
    lapsed = sum(one.answer for one in tries if not one.of[0])
    assert len(reported) + lapsed == 8
    assert {one.outcome for one in tries} <= {"won", "not-found"}
    for matter in Matter.objects.all():
        assert matter.state == ("done" if matter.number in reported else "open")
    assert set(Pioneer.objects.values_list("held", flat=True)) == {0}
    assert list(verify.chain_findings()) == []


def report_or_enforce(card: tuple[str, int]) -> int:
    """Play a report of a matter by a person, or, without a matter, a round of a worker."""
    number, person = card
    if not number:
        return tasks.enforce_limits()
    return report_done(number, Report("好了"), by=Person.objects.get(pk=person)).record_length
