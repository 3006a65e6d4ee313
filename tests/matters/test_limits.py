"""Every limit is enforced once, by the worker's round, also after a day of being down."""

from datetime import timedelta

import time_machine

from tests.cast import Cast, booked, closed, done, need, ordered, taken
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters import services, tasks
from xianfeng.matters.models import Handling, Matter, Offer, Rating, Service
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.limits import enforce

LIMITS = {"raised": 480, "offered": 1440, "open": 1440, "taken": 4320, "done": 10080}


def _in_every_state(cast: Cast) -> dict[str, Matter]:
    data = {**services.current("help-open").data, "code": "help-filed", "filing": True}
    Service.objects.create(code="help-filed", version=1, definition=data)
    return {
        "raised": need(cast.resident, service="help-filed"), "offered": booked(cast, cast.collective),
        "open": need(cast.resident), "taken": taken(cast), "done": done(cast, cast.second), "closed": closed(cast),
    }  # fmt: skip


def test_each_state_has_its_own_limit_and_ends_have_none(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for state, matter in _in_every_state(cast).items():
            assert matter.state == state
            due = clock.now() + timedelta(minutes=LIMITS[state]) if state in LIMITS else None
            assert matter.due_at == due


def test_no_limit_is_enforced_before_its_time(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = need(cast.resident)
        moment.shift(timedelta(minutes=1440) - timedelta(microseconds=1))
        with watching() as seen:
            assert tasks.enforce_limits() == 0
            assert enforce(matter.number) is False
        assert seen.nothing()
        moment.shift(timedelta(microseconds=1))
        assert tasks.enforce_limits() == 1


def test_after_eight_days_of_being_down_every_limit_is_enforced_once(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matters = _in_every_state(cast)
        moment.shift(timedelta(days=8))
        with watching() as seen:
            assert tasks.enforce_limits() == 5
        told = {entry.id: entry.code for entry in seen.entries}
        assert told == {
            matters["raised"].id: "matter.listed", matters["offered"].id: "matter.offer-lapsed",
            matters["open"].id: "matter.listed", matters["taken"].id: "matter.take-lapsed",
            matters["done"].id: "matter.closed-unrated",
        }  # fmt: skip
        assert all(entry.actor == ("system", 0) for entry in seen.entries)
        assert seen.outbox == seen.entries
        with watching() as seen:
            assert tasks.enforce_limits() == 0
        assert seen.nothing()


def test_what_waits_too_long_is_listed_and_can_still_be_grabbed(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = need(cast.resident)
        moment.shift(timedelta(days=1))
        tasks.enforce_limits()
    listed = Matter.objects.get(pk=matter.pk)
    assert (listed.state, listed.listed, listed.due_at) == ("open", True, None)
    assert claim(matter.number, by=cast.pioneer.spokesperson).taken_by_id == cast.pioneer.id


def test_what_is_not_done_in_time_is_released_and_counted(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        moment.shift(timedelta(days=3))
        tasks.enforce_limits()
        lapsed = Matter.objects.get(pk=matter.pk)
        assert lapsed.due_at == clock.now() + timedelta(days=1)
    assert (lapsed.state, lapsed.released_count, lapsed.taken_by_id) == ("open", 1, None)
    assert Handling.objects.get().outcome == "lapsed"
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_a_listed_need_that_comes_back_stays_listed_and_is_not_listed_again(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = need(cast.resident)
        moment.shift(timedelta(days=1))
        tasks.enforce_limits()
        claim(matter.number, by=cast.pioneer.spokesperson)
        moment.shift(timedelta(days=3))
        assert tasks.enforce_limits() == 1
        back = Matter.objects.get(pk=matter.pk)
        assert (back.state, back.listed, back.due_at) == ("open", True, None)
        moment.shift(timedelta(days=3))
        assert tasks.enforce_limits() == 0


def test_what_nobody_rates_is_closed_unrated_and_frees_its_place(cast: Cast) -> None:
    from xianfeng.matters.operations.claim import accept
    from xianfeng.matters.operations.handling import Report, report_done

    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = ordered(cast)
        accept(matter.number, by=cast.pioneer.spokesperson)
        report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
        moment.shift(timedelta(days=7))
        tasks.enforce_limits()
        ended = Matter.objects.get(pk=matter.pk)
        assert (ended.state, ended.closed_at, ended.due_at) == ("closed", clock.now(), None)
    assert not Rating.objects.exists()
    assert (Handling.objects.get().outcome, Offer.objects.get().booked) == ("done", 0)


def test_one_matter_that_cannot_be_moved_does_not_stop_the_others(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        broken, sound = need(cast.resident), need(cast.resident)
        Matter.objects.filter(pk=broken.pk).update(state="taken")  # taken, and nobody handles it
        moment.shift(timedelta(days=1))
        assert tasks.enforce_limits() == 1
    assert Matter.objects.get(pk=sound.pk).listed


def test_a_batch_full_of_what_cannot_be_moved_does_not_hide_the_rest(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        stuck = [done(cast), done(cast, cast.second)]
        Handling.objects.filter(matter__in=stuck).update(ended_at=clock.now())  # nothing of ours leaves it so
        moment.shift(timedelta(minutes=1))
        waits = need(cast.resident)
        moment.shift(timedelta(days=8))
        assert tasks.enforce_limits(batch=1) == 1
    waits.refresh_from_db()
    assert waits.listed
