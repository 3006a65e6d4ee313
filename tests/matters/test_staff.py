"""What staff do: file, decline, merge, assign, extend; and only within their scope."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, booked, closed, done, need, ordered, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.matters import tasks
from xianfeng.matters.models import Handling, Matter, Offer, Remark
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.rating import dispute
from xianfeng.matters.operations.staff import assign, decline, extend, file_matter, merge


def raised(cast: Cast) -> Matter:
    """Return a need that two disputes have brought before staff."""
    matter = done(cast)
    dispute(matter.number, by=cast.resident, reason="没好")
    report_done(matter.number, Report("又修了"), by=cast.pioneer.spokesperson)
    return dispute(matter.number, by=cast.resident, reason="还没好")


def test_filing_opens_a_raised_need(cast: Cast) -> None:
    matter = raised(cast)
    with watching() as seen:
        opened = file_matter(matter.number, by=cast.staff)
    told = seen.only("matter.filed")
    assert (told.actor, told.old["state"], told.new["state"]) == (("person", cast.staff.id), "raised", "open")
    assert seen.rows == {"matters_matter": {matter.id}}
    assert claim(opened.number, by=cast.second.spokesperson).state == "taken"


def test_declining_ends_a_need_with_a_reason_beside_the_record(cast: Cast) -> None:
    matter = ordered(cast)
    with watching() as seen:
        ended = decline(matter.number, by=cast.staff, reason="不属于服务范围")
    assert seen.only("matter.declined").new == {"state": "declined", "taken_by": None}
    assert seen.tables == {"matters_matter", "matters_remark", "matters_offer"}
    assert (ended.state, ended.due_at, ended.offered_to_id) == ("declined", None, None)
    assert Remark.objects.get().text == "不属于服务范围"
    assert Offer.objects.get().booked == 0


def test_merging_names_the_survivor(cast: Cast) -> None:
    matter, survivor = need(cast.resident), taken(cast)
    with watching() as seen:
        gone = merge(matter.number, survivor.number, by=cast.staff)
    assert seen.only("matter.merged").new["survivor"] == survivor.number
    assert seen.rows == {"matters_matter": {matter.id}}
    assert (gone.state, gone.merged_into_id, gone.due_at) == ("merged", survivor.id, None)


def test_a_need_is_merged_only_into_another_that_lives_on(cast: Cast) -> None:
    matter, ended, gone = need(cast.resident), closed(cast), need(cast.resident)
    decline(gone.number, by=cast.staff, reason="重复")
    for survivor in (matter, ended, gone):
        with refused("merge-invalid", "survivor"):
            merge(matter.number, survivor.number, by=cast.staff)
    with refused("not-found"):
        merge(matter.number, "260101-999999", by=cast.staff)
    held = taken(cast)
    with refused("wrong-state"):
        merge(held.number, matter.number, by=cast.staff)


def test_assigning_puts_a_need_into_a_pioneers_hands(cast: Cast) -> None:
    matter = need(cast.resident)
    with watching() as seen:
        given = assign(matter.number, cast.second.id, by=cast.staff)
    told = seen.only("matter.assigned")
    assert (told.actor, told.new) == (
        ("person", cast.staff.id),
        {"state": "taken", "taken_by": cast.second.id},
    )
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {Handling.objects.get().id},
        "people_pioneer": {cast.second.id},
    }
    assert given.due_at == given.taken_at + timedelta(minutes=4320)  # type: ignore[operator]


def test_what_came_before_staff_can_be_assigned(cast: Cast) -> None:
    assert assign(raised(cast).number, cast.second.id, by=cast.staff).taken_by_id == cast.second.id


def test_assigning_follows_the_rules_of_a_claim(cast: Cast) -> None:
    own, of_member = need(cast.pioneer.spokesperson), need(cast.member)
    with refused("own-need"):
        assign(own.number, cast.pioneer.id, by=cast.staff)
    with refused("kin-need"):
        assign(of_member.number, cast.collective.id, by=cast.staff)
    for _ in range(3):
        taken(cast)
    with refused("hands-full"):
        assign(of_member.number, cast.pioneer.id, by=cast.staff)
    people.suspend(cast.second.id, by=cast.city_staff, reason="核实中")
    with refused("suspended"):
        assign(of_member.number, cast.second.id, by=cast.staff)
    with refused("not-found"):
        assign(of_member.number, 999_999, by=cast.staff)


def test_what_is_taken_or_booked_is_not_assigned(cast: Cast) -> None:
    for matter in (taken(cast), booked(cast)):
        with refused("wrong-state"):
            assign(matter.number, cast.second.id, by=cast.staff)


def test_a_running_limit_is_extended_once_with_a_reason(cast: Cast) -> None:
    matter = taken(cast)
    due = matter.due_at
    assert due is not None
    with watching() as seen:
        longer = extend(matter.number, by=cast.staff, reason="等零件")
    told = seen.only("matter.extended")
    assert told.new == {"due_at": (due + timedelta(minutes=2880)).isoformat()}
    assert told.old == {"due_at": due.isoformat()}
    assert seen.tables == {"matters_matter", "matters_remark"}
    assert longer.due_at == due + timedelta(minutes=2880)
    with refused("extended-before"):
        extend(matter.number, by=cast.staff, reason="还要等")


def test_an_extension_while_open_leaves_one_for_the_time_in_hand(cast: Cast) -> None:
    matter = need(cast.resident)
    extend(matter.number, by=cast.staff, reason="节假日")
    claim(matter.number, by=cast.pioneer.spokesperson)
    assert extend(matter.number, by=cast.staff, reason="等零件").extended_count == 1


def test_where_no_limit_runs_none_is_extended(cast: Cast) -> None:
    matter = closed(cast)
    with refused("wrong-state"):
        extend(matter.number, by=cast.staff, reason="没有时限")


ACTS: dict[str, Callable[[Matter, Matter, Person], object]] = {
    "file": lambda matter, _, by: file_matter(matter.number, by=by),
    "decline": lambda matter, _, by: decline(matter.number, by=by, reason="重复"),
    "merge": lambda matter, other, by: merge(matter.number, other.number, by=by),
    "assign": lambda matter, _, by: assign(matter.number, Pioneer.objects.order_by("id")[0].id, by=by),
    "extend": lambda matter, _, by: extend(matter.number, by=by, reason="等"),
}


@pytest.mark.parametrize("act", ACTS)
def test_staff_of_another_place_and_people_without_a_post_find_nothing(cast: Cast, act: str) -> None:
    matter, other = raised(cast), need(cast.resident)
    for person in (cast.other_staff, cast.resident, cast.pioneer.spokesperson, cast.stranger):
        with refused("not-found"):
            ACTS[act](matter, other, person)


@pytest.mark.parametrize("act", ["file", "decline", "assign"])
def test_what_is_closed_stays_out_of_staffs_reach(cast: Cast, act: str) -> None:
    matter = closed(cast)
    with refused("wrong-state"):
        ACTS[act](matter, matter, cast.staff)


def test_a_post_that_ended_gives_no_scope(cast: Cast) -> None:
    matter = need(cast.resident)
    cast.staff.posts.update(until=clock.now())
    with refused("not-found"):
        decline(matter.number, by=cast.staff, reason="重复")


def test_what_waits_before_staff_and_is_listed_is_not_listed_again(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = raised(cast)
        moment.shift(timedelta(days=3))
        assert tasks.enforce_limits() == 0
        assert Matter.objects.get(pk=matter.pk).listed
