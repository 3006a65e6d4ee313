"""The requester's word: stars, disputes, reopening, and the benefit that counts."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, closed, done, need, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Handling, Rating, Remark
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import (
    Stars,
    change_rating,
    dispute,
    rate,
    reopen,
    verify_benefit,
)  # fmt: skip

FIVE = Stars(5, 4, 3, "修得好")


def test_rating_closes_the_need_and_keeps_the_words_out_of_the_record(cast: Cast) -> None:
    matter = done(cast)
    with watching() as seen:
        ended = rate(matter.number, FIVE, by=cast.resident)
    told = seen.only("matter.rated")
    handling, rating = Handling.objects.get(), Rating.objects.get()
    assert told.actor == ("person", cast.resident.id)
    assert told.new == {
        "state": "closed", "taken_by": cast.pioneer.id, "handling": handling.id, "pioneer": cast.pioneer.id,
        "benefit_verified": False,
    }  # fmt: skip
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {handling.id},
        "matters_rating": {rating.id},
    }
    assert (rating.skill, rating.attitude, rating.speed, rating.text) == (5, 4, 3, "修得好")
    assert (ended.state, ended.due_at, ended.closed_at is None) == ("closed", None, False)
    assert (handling.outcome, handling.ended_at) == ("done", ended.closed_at)


def test_the_same_rating_again_answers_the_same_and_another_is_refused(cast: Cast) -> None:
    matter = done(cast)
    rate(matter.number, FIVE, by=cast.resident)
    with watching() as seen:
        assert rate(matter.number, FIVE, by=cast.resident).state == "closed"
    assert seen.nothing()
    with refused("wrong-state"):
        rate(matter.number, Stars(1, 1, 1), by=cast.resident)


def test_nobody_but_the_requester_rates_disputes_or_reopens(cast: Cast) -> None:
    finished, rated = done(cast), closed(cast, cast.second)
    others = (cast.pioneer.spokesperson, cast.stranger, cast.city_staff, cast.staff)
    for person in others:
        with refused("not-found"):
            rate(finished.number, FIVE, by=person)
        with refused("not-found"):
            dispute(finished.number, by=person, reason="没好")
        with refused("not-found"):
            reopen(rated.number, by=person, reason="又坏了")
        with refused("not-found"):
            change_rating(rated.number, FIVE, by=person)


def test_the_responsible_person_rates_once_for_the_firm(cast: Cast) -> None:
    matter = need(cast.responsible, firm_id=cast.firm.id)
    claim(matter.number, by=cast.pioneer.spokesperson)
    report_done(matter.number, Report("好了"), by=cast.pioneer.spokesperson)
    assert rate(matter.number, FIVE, by=cast.responsible).state == "closed"


@pytest.mark.parametrize("stars", [Stars(0, 5, 5), Stars(5, 6, 5), Stars(5, 5, -1)])
def test_stars_are_one_to_five(cast: Cast, stars: Stars) -> None:
    matter = done(cast)
    with refused("stars-invalid"):
        rate(matter.number, stars, by=cast.resident)


def test_what_is_not_done_is_not_rated(cast: Cast) -> None:
    matter = taken(cast)
    with refused("wrong-state"):
        rate(matter.number, FIVE, by=cast.resident)


def test_a_rating_is_changed_within_seven_days_and_not_after(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = closed(cast)
        moment.shift(timedelta(days=7))
        with watching() as seen:
            changed = change_rating(matter.number, Stars(1, 2, 3, "想了想"), by=cast.resident)
        told = seen.only("matter.rating-changed")
        assert (told.old, told.new) == (
            {"stars": [4, 4, 4]},
            {"stars": [1, 2, 3], "handling": changed.handling_id},
        )
        assert seen.rows == {"matters_rating": {changed.id}, "matters_matter": {matter.id}}
        moment.shift(timedelta(seconds=1))
        with refused("rating-too-late"):
            change_rating(matter.number, FIVE, by=cast.resident)


def test_what_was_never_rated_cannot_be_changed(cast: Cast) -> None:
    matter = done(cast)
    with refused("rating-missing"):
        change_rating(matter.number, FIVE, by=cast.resident)


def test_a_first_dispute_goes_back_to_the_pioneer(cast: Cast) -> None:
    matter = done(cast)
    with watching() as seen:
        again = dispute(matter.number, by=cast.resident, reason="还在漏")
    told = seen.only("matter.disputed")
    assert (told.old["state"], told.new) == ("done", {"state": "taken", "taken_by": cast.pioneer.id})
    assert seen.tables == {"matters_matter", "matters_remark", "people_pioneer"}
    assert Remark.objects.get().text == "还在漏"
    assert (again.state, again.taken_by_id, again.disputed_count) == ("taken", cast.pioneer.id, 1)
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 1


def test_a_dispute_fills_a_hand_also_beyond_three(cast: Cast) -> None:
    matter = done(cast)
    for _ in range(3):
        taken(cast)
    dispute(matter.number, by=cast.resident, reason="还在漏")
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 4


def test_a_second_dispute_goes_to_staff_and_is_listed(cast: Cast) -> None:
    matter = done(cast)
    dispute(matter.number, by=cast.resident, reason="还在漏")
    report_done(matter.number, Report("又修了"), by=cast.pioneer.spokesperson)
    with watching() as seen:
        staffs = dispute(matter.number, by=cast.resident, reason="还是漏")
    assert seen.only("matter.disputed-to-staff").new["state"] == "raised"
    assert (staffs.state, staffs.listed, staffs.taken_by_id, staffs.due_at) == ("raised", True, None, None)
    assert Handling.objects.get().outcome == "disputed"
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_only_what_is_done_is_disputed_and_only_with_a_reason(cast: Cast) -> None:
    matter = taken(cast)
    with refused("wrong-state"):
        dispute(matter.number, by=cast.resident, reason="没好")
    with refused("text-missing", "reason"):
        dispute(matter.number, by=cast.resident, reason="")


def test_a_closed_need_is_reopened_once_by_the_same_pioneer(cast: Cast) -> None:
    matter = closed(cast)
    with watching() as seen:
        again = reopen(matter.number, by=cast.resident, reason="又坏了")
    told = seen.only("matter.reopened")
    assert (told.old["state"], told.new) == ("closed", {"state": "taken", "taken_by": cast.pioneer.id})
    assert seen.tables == {"matters_matter", "matters_remark", "matters_handling", "people_pioneer"}
    assert (again.state, again.taken_by_id, again.reopened_count, again.closed_at) == (
        "taken", cast.pioneer.id, 1, None,
    )  # fmt: skip
    assert Handling.objects.filter(ended_at=None).count() == 1
    report_done(matter.number, Report("又修好了"), by=cast.pioneer.spokesperson)
    rate(matter.number, Stars(2, 2, 2), by=cast.resident)
    assert Rating.objects.count() == 2
    with refused("reopened-before"):
        reopen(matter.number, by=cast.resident, reason="第三回")


def test_a_need_closed_thirty_days_ago_is_not_reopened(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        late, in_time = closed(cast), closed(cast)
        moment.shift(timedelta(days=30))
        assert reopen(in_time.number, by=cast.resident, reason="又坏了").state == "taken"
        moment.shift(timedelta(seconds=1))
        with refused("reopen-too-late"):
            reopen(late.number, by=cast.resident, reason="又坏了")


def test_a_need_reopened_with_a_suspended_pioneer_is_open_to_all(cast: Cast) -> None:
    matter = closed(cast)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    opened = reopen(matter.number, by=cast.resident, reason="又坏了")
    assert (opened.state, opened.taken_by_id) == ("open", None)
    assert not Handling.objects.filter(ended_at=None).exists()
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0


def test_a_benefit_counts_only_when_the_requester_or_staff_verify_it(cast: Cast) -> None:
    report = Report("好了", benefit_yuan=5000)
    unsaid, said, checked = (done(cast, report=report) for _ in range(3))
    rate(unsaid.number, FIVE, by=cast.resident)
    rate(said.number, Stars(5, 5, 5, benefit_confirmed=True), by=cast.resident)
    rate(checked.number, FIVE, by=cast.resident)
    with watching() as seen:
        verify_benefit(checked.number, by=cast.staff, verified=True)
    assert seen.only("matter.benefit-verified").new["verified"] is True
    counted = Handling.objects.exclude(benefit_verified_at=None).order_by("id")
    assert [(row.matter_id, row.benefit_verified_by_id) for row in counted] == [
        (said.id, cast.resident.id),
        (checked.id, cast.staff.id),
    ]


def test_staff_take_a_verified_benefit_back_with_a_reason(cast: Cast) -> None:
    matter = closed(cast, report=Report("好了", benefit_yuan=5000))
    verify_benefit(matter.number, by=cast.resident, verified=True)
    with refused("text-missing", "reason"):
        verify_benefit(matter.number, by=cast.staff, verified=False)
    assert (
        verify_benefit(matter.number, by=cast.staff, verified=False, reason="查无此数").benefit_verified_by
        is None
    )


def test_others_do_not_verify_and_what_was_not_claimed_cannot_be(cast: Cast) -> None:
    matter = closed(cast)
    for person in (cast.pioneer.spokesperson, cast.stranger, cast.other_staff):
        with refused("not-found"):
            verify_benefit(matter.number, by=person, verified=True)
    with refused("benefit-missing"):
        verify_benefit(matter.number, by=cast.staff, verified=True)
