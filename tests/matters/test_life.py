"""Any life of any matter, by the real operations, keeps what must always hold."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.cast import Cast, need
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record import dispatch, verify
from xianfeng.foundation.record.models import Entry
from xianfeng.matters import queries, services, tasks
from xianfeng.matters.models import Handling, Matter, Offer, Service
from xianfeng.matters.operations import claim, handling, offers, raising, rating, staff
from xianfeng.matters.states import ENDS, LIMITS, MOVES, State

BUSY = {State.TAKEN, State.DONE}
FILED = "help-filed"  # a service of the play that asks for filing
FIRST = (State.RAISED, State.OFFERED, State.OPEN)
WAYS = {(move.code, source, move.target) for move in MOVES.values() for source in move.source}
USES_A_PLACE = {State.OFFERED, State.TAKEN, State.DONE}
ACTS: dict[str, Callable[[Cast, Matter, Pioneer, Matter], Any]] = {
    "claim": lambda _, m, p, __: claim.claim(m.number, by=p.spokesperson, pioneer=p),
    "accept": lambda _, m, p, __: claim.accept(m.number, by=p.spokesperson),
    "turn down": lambda _, m, p, __: claim.turn_down(m.number, by=p.spokesperson),
    "release": lambda _, m, p, __: handling.release(m.number, by=p.spokesperson, reason="不行"),
    "report": lambda _, m, p, __: handling.report_done(m.number, handling.Report("好"), by=p.spokesperson),
    "rate": lambda _, m, __, ___: rating.rate(m.number, rating.Stars(5, 5, 5), by=m.requester),
    "dispute": lambda _, m, __, ___: rating.dispute(m.number, by=m.requester, reason="没好"),
    "reopen": lambda _, m, __, ___: rating.reopen(m.number, by=m.requester, reason="又坏"),
    "withdraw": lambda _, m, __, ___: raising.withdraw(m.number, by=m.requester),
    "file": lambda c, m, _, __: staff.file_matter(m.number, by=c.staff),
    "decline": lambda c, m, _, __: staff.decline(m.number, by=c.staff, reason="不收"),
    "merge": lambda c, m, _, other: staff.merge(m.number, other.number, by=c.staff),
    "assign": lambda c, m, p, _: staff.assign(m.number, p.id, by=c.staff),
    "extend": lambda c, m, _, __: staff.extend(m.number, by=c.staff, reason="等"),
    "suspend": lambda c, _, p, __: people.suspend(p.id, by=c.city_staff, reason="查"),
    "reinstate": lambda c, _, p, __: people.reinstate(p.id, by=c.city_staff),
}
# what most often follows in each state; who does it is who may
NEXT = {
    State.RAISED: ["file", "file", "assign", "extend", "decline"],
    State.OFFERED: ["accept", "accept", "accept", "turn down", "turn down", "withdraw"],
    State.OPEN: ["claim", "claim", "claim", "assign", "extend", "merge"],
    State.TAKEN: ["report", "report", "report", "release", "extend", "suspend"],
    State.DONE: ["rate", "dispute", "dispute"],
    State.CLOSED: ["reopen"],
}


class Life(RuleBasedStateMachine):
    """Needs, orders and bookings of a resident and a firm among three pioneers, with time passing."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(clock.now(), tick=False)
        self.moment = self.clock.start()
        self.outer = transaction.atomic()
        self.outer._from_testcase = True  # type: ignore[attr-defined]
        self.outer.__enter__()
        self.matters: list[Matter] = [need(self.cast.resident)]
        serving = offers.Serving("修灯", "electric", "周末", 3)
        self.offer = offers.publish(serving, by=self.cast.pioneer.spokesperson, pioneer=self.cast.pioneer)

    def teardown(self) -> None:
        self._end()
        assert self.wrong == []

    def _end(self) -> None:
        self.wrong = list(
            verify.chain_findings()
        )  # nothing can be taken from a chain: once, at the end, is enough
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)
        self.clock.stop()

    @rule(kind=st.sampled_from(["open", "filed", "firm", "booked", "ordered"]))
    def raise_one(self, kind: str) -> None:
        more: dict[str, dict[str, object]] = {
            "open": {}, "filed": {"service": FILED}, "firm": {"firm_id": self.cast.firm.id},
            "booked": {"service": "help-booking", "pioneer_id": self.cast.collective.id},
            "ordered": {"service": "help-booking", "offer_id": self.offer.id},
        }  # fmt: skip
        by = self.cast.responsible if kind == "firm" else self.cast.resident
        with suppress(Refused):
            self.matters.append(need(by, **more[kind]))  # type: ignore[arg-type]

    @rule(
        turns=st.lists(st.integers(0, 5), min_size=1, max_size=7),
        which=st.integers(0, 7),
        who=st.integers(0, 2),
    )
    def goes_on(self, turns: list[int], which: int, who: int) -> None:
        for turn in turns:
            matter = queries.whole().get(pk=self.matters[which % len(self.matters)].pk)
            if acts := NEXT.get(State(matter.state)):
                pioneer = matter.taken_by or matter.offered_to or self._pioneer(who)
                self._try(acts[turn % len(acts)], matter, pioneer, self.matters[-1])

    goes_further = goes_on  # drawn twice as often as anything else

    @rule(
        act=st.sampled_from(list(ACTS)),
        which=st.integers(0, 7),
        other=st.integers(0, 7),
        who=st.integers(0, 2),
    )
    def anybody_tries_anything(self, act: str, which: int, other: int, who: int) -> None:
        matter = self.matters[which % len(self.matters)]
        self._try(act, matter, self._pioneer(who), self.matters[other % len(self.matters)])

    def _pioneer(self, who: int) -> Pioneer:
        return (self.cast.pioneer, self.cast.second, self.cast.collective)[who]

    def _try(self, act: str, matter: Matter, pioneer: Pioneer, other: Matter) -> None:
        before = Matter.objects.get(pk=matter.pk)
        try:
            ACTS[act](self.cast, matter, pioneer, other)
        except Refused:
            assert Matter.objects.get(pk=matter.pk).record_length == before.record_length

    @rule(hours=st.sampled_from([1, 25, 80, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.moment.shift(timedelta(hours=hours))
        tasks.enforce_limits()

    @rule()
    def worker_comes_round(self) -> None:
        while dispatch.run_once():
            pass

    @invariant()
    def hands_count_what_is_taken(self) -> None:
        for pioneer in Pioneer.objects.all():
            assert pioneer.held == Matter.objects.filter(taken_by=pioneer, state=State.TAKEN).count()

    @invariant()
    def one_live_handling_exactly_where_a_matter_is_taken_or_done(self) -> None:
        live = dict(Handling.objects.filter(ended_at=None).values_list("matter_id", "pioneer_id"))
        busy = Matter.objects.filter(state__in=BUSY)
        assert live == dict(busy.values_list("id", "taken_by_id"))

    @invariant()
    def a_limit_runs_exactly_where_one_must(self) -> None:
        for matter in Matter.objects.all():
            waits = matter.listed and LIMITS.get(State(matter.state)) == "list"
            assert (matter.due_at is not None) == (matter.state not in ENDS and not waits), matter.state

    @invariant()
    def an_offer_counts_the_orders_that_use_a_place(self) -> None:
        for offer in Offer.objects.all():
            assert offer.booked == Matter.objects.filter(offer=offer, state__in=USES_A_PLACE).count()

    @invariant()
    def what_is_offered_has_somebody_it_is_offered_to(self) -> None:
        assert not Matter.objects.filter(state=State.OFFERED, offered_to=None).exists()
        assert not Matter.objects.filter(state__in=[State.OPEN, *BUSY]).exclude(offered_to=None).exists()

    @invariant()
    def the_record_alone_replays_every_life_along_the_table(self) -> None:
        for matter in Matter.objects.all():
            state, taker = None, None
            for entry in Entry.objects.filter(subject_kind="matter", subject_id=matter.id).order_by(
                "position"
            ):
                old, new = json.loads(entry.old), json.loads(entry.new)
                if "state" in old:
                    assert (old["state"], old["taken_by"]) == (state, taker), entry.code
                    assert (entry.code, old["state"], new["state"]) in WAYS
                    assert new["state"] != State.CLOSED or not self._acts_for(entry, taker)
                    state, taker = new["state"], new["taken_by"]
                elif state is None:
                    assert (entry.code, new["state"]) in {("matter.raised", first) for first in FIRST}
                    state = new["state"]
            assert (state, taker) == (matter.state, matter.taken_by_id)

    def _acts_for(self, entry: Entry, taker: int | None) -> bool:
        """Tell whether who handled the matter is who made this entry."""
        speakers = Pioneer.objects.filter(pk=taker or 0).values_list("spokesperson_id", flat=True)
        return entry.actor_kind == "person" and entry.actor_id in speakers


@pytest.mark.slow
def test_no_life_of_a_matter_breaks_what_must_hold(cast: Cast) -> None:
    Life.cast = cast
    data = {**services.current("help-open").data, "code": FILED, "filing": True}
    Service.objects.create(code=FILED, version=1, definition=data)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8, stateful_step_count=20, deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
