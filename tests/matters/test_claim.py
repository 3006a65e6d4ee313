"""Grabbing an open need."""

from datetime import timedelta

import time_machine

from tests.cast import Cast, closed, done, need, recognised, somebody, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters import tasks
from xianfeng.matters.models import Handling
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.raising import withdraw


def test_claim_moves_matter_hands_handling_record_and_outbox_and_nothing_else(cast: Cast) -> None:
    matter = need(cast.resident)
    with time_machine.travel(clock.now(), tick=False), watching() as seen:
        won = claim(matter.number, by=cast.pioneer.spokesperson, first_reply="马上到")
        assert won.due_at == clock.now() + timedelta(minutes=4320)
    told = seen.only("matter.claimed")
    assert (told.kind, told.id, told.actor) == ("matter", matter.id, ("person", cast.pioneer.spokesperson_id))
    assert told.old == {"state": "open", "taken_by": None}
    assert told.new == {"state": "taken", "taken_by": cast.pioneer.id}
    assert (won.state, won.taken_by_id, won.taken_at) == ("taken", cast.pioneer.id, won.entered_at)
    handling = Handling.objects.get(matter=matter)
    assert (handling.first_reply, handling.ended_at, handling.outcome) == ("马上到", None, "")
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {handling.id},
        "people_pioneer": {cast.pioneer.id},
    }
    assert Pioneer.objects.get(pk=cast.pioneer.id).held == 1


def test_the_same_claim_again_answers_the_same_and_writes_nothing(cast: Cast) -> None:
    matter = taken(cast)
    with watching() as seen:
        again = claim(matter.number, by=cast.pioneer.spokesperson)
    assert seen.nothing()
    assert (again.number, again.taken_by_id, again.taken_at, again.due_at) == (
        matter.number,
        matter.taken_by_id,
        matter.taken_at,
        matter.due_at,
    )


def test_who_comes_second_reads_who_won_and_by_how_much(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = taken(cast)
        moment.shift(1.5)
        with refused("already-taken") as params:
            claim(matter.number, by=cast.second.spokesperson)
    assert (params["winner"], params["late_seconds"], params["number"]) == ("先锋甲", 1.5, matter.number)


def test_claim_of_the_own_need_is_refused(cast: Cast) -> None:
    matter = need(cast.pioneer.spokesperson)
    with refused("own-need"):
        claim(matter.number, by=cast.pioneer.spokesperson)


def test_claim_of_the_own_firms_need_is_refused(cast: Cast) -> None:
    as_pioneer = recognised("企业里的先锋", cast.responsible, cast.organisation, cast.city_staff)
    matter = need(cast.responsible, firm_id=cast.firm.id)
    with refused("own-need"):
        claim(matter.number, by=cast.responsible, pioneer=as_pioneer)


def test_claim_of_the_firms_need_by_kin_of_its_responsible_person_is_refused(cast: Cast) -> None:
    people.add_member(cast.collective.id, person=cast.responsible, by=cast.speaker)
    matter = need(cast.responsible, firm_id=cast.firm.id)
    with refused("kin-need"):
        claim(matter.number, by=cast.speaker)


def test_claim_of_a_members_need_by_the_collective_is_refused(cast: Cast) -> None:
    matter = need(cast.member)
    with refused("kin-need"):
        claim(matter.number, by=cast.speaker)


def test_claim_of_a_fellow_members_need_by_an_individual_is_refused(cast: Cast) -> None:
    people.add_member(cast.collective.id, person=cast.pioneer.spokesperson, by=cast.speaker)
    for asker in (cast.member, cast.speaker):
        matter = need(asker)
        with refused("kin-need"):
            claim(matter.number, by=cast.pioneer.spokesperson)


def test_claim_of_a_members_need_by_the_spokesperson_alone_is_refused(cast: Cast) -> None:
    alone = recognised("发言人自己", cast.speaker, cast.organisation, cast.city_staff)
    matter = need(cast.member)
    with refused("kin-need"):
        claim(matter.number, by=cast.speaker, pioneer=alone)


def test_claim_of_the_own_need_is_refused_even_where_kin_was_never_written(cast: Cast) -> None:
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(kin=[])
    matter = need(cast.pioneer.spokesperson)
    with refused("own-need"):
        claim(matter.number, by=cast.pioneer.spokesperson)


def test_claim_by_a_suspended_pioneer_is_refused(cast: Cast) -> None:
    matter = need(cast.resident)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="投诉核实中")
    with refused("suspended"):
        claim(matter.number, by=cast.pioneer.spokesperson)


def test_claim_of_a_fourth_need_is_refused(cast: Cast) -> None:
    for _ in range(3):
        taken(cast)
    matter = need(cast.resident)
    with refused("hands-full") as params:
        claim(matter.number, by=cast.pioneer.spokesperson)
    assert params["held"] == 3


def test_what_is_reported_done_leaves_a_hand_free(cast: Cast) -> None:
    taken(cast)
    taken(cast)
    done(cast)
    assert taken(cast).state == "taken"


def test_claim_by_somebody_who_is_no_pioneer_is_refused(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("not-a-pioneer"):
        claim(matter.number, by=cast.stranger)


def test_a_member_cannot_claim_for_the_collective(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("not-the-spokesperson"):
        claim(matter.number, by=cast.member, pioneer=cast.collective)


def test_a_member_does_not_get_the_spokespersons_answer_to_a_repeated_claim(cast: Cast) -> None:
    matter = taken(cast, cast.collective)
    with refused("not-the-spokesperson"):
        claim(matter.number, by=cast.member, pioneer=cast.collective)


def test_the_spokesperson_claims_for_the_collective(cast: Cast) -> None:
    matter = claim(need(cast.resident).number, by=cast.speaker)
    assert matter.taken_by_id == cast.collective.id


def test_claim_of_what_is_not_there_and_of_what_is_not_shown_look_alike(cast: Cast) -> None:
    hidden = need(cast.resident)
    withdraw(hidden.number, by=cast.resident)
    for number in (hidden.number, "260101-999999"):
        with refused("not-found"):
            claim(number, by=cast.pioneer.spokesperson)


def test_claim_of_what_another_finished_names_the_winner(cast: Cast) -> None:
    matter = closed(cast)
    with refused("already-taken"):
        claim(matter.number, by=cast.second.spokesperson)


def test_a_listed_need_can_still_be_grabbed_and_gets_a_limit_again(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = need(cast.resident)
        moment.shift(timedelta(days=1))
        assert tasks.enforce_limits() == 1
        won = claim(matter.number, by=cast.pioneer.spokesperson)
        assert won.listed
        assert won.due_at == clock.now() + timedelta(minutes=4320)


def test_somebody_new_who_was_just_recognised_can_claim(cast: Cast) -> None:
    fresh = recognised("新先锋", somebody(77), cast.organisation, cast.staff)
    assert claim(need(cast.resident).number, by=fresh.spokesperson).taken_by_id == fresh.id
