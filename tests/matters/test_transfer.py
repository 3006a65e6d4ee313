"""A matter is handed over to another organisation: who has it in charge afterwards, who is told, who may not."""

import pytest

from tests.cast import Cast, closed, need, taken
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.record import verify
from xianfeng.matters import queries, rules
from xianfeng.matters.models import Matter, Remark
from xianfeng.matters.operations import staff


def hand_over(cast: Cast, matter: Matter, by: Person | None = None) -> Matter:
    """Hand a matter of this county over to the organisation of the other."""
    return staff.transfer(
        matter.number, cast.other_organisation.pk, by=by or cast.staff, reason="那边的人更懂"
    )


def test_who_got_it_sees_it_and_acts_and_nothing_else_moved(cast: Cast) -> None:
    matter = need(cast.resident)
    with pytest.raises(Missing):
        queries.matter_for(cast.other_staff, decline_first(matter).number)
    with watching() as seen:
        after = hand_over(cast, matter)
    told = seen.only("matter.transferred")
    assert (told.id, told.old, told.new) == (
        matter.id, {"charge": None}, {"charge": cast.other_organisation.pk},
    )  # fmt: skip
    assert seen.tables == {"matters_matter", "matters_remark"}
    assert Remark.objects.get().text == "那边的人更懂"
    assert (after.charge, after.state, after.due_at) == (cast.other_organisation, matter.state, matter.due_at)
    assert rules.is_staff_of(cast.other_staff, after)
    assert staff.extend(matter.number, by=cast.other_staff, reason="等材料").extended_count == 1
    assert list(verify.chain_findings()) == []


def decline_first(matter: Matter) -> Matter:
    """Make a matter one that only staff in charge see."""
    Matter.objects.filter(pk=matter.pk).update(hidden=True)
    return matter


def test_who_gave_it_away_still_reads_it_and_may_take_it_back(cast: Cast) -> None:
    matter = hand_over(cast, decline_first(need(cast.resident)))
    assert queries.matter_for(cast.staff, matter.number).charge == cast.other_organisation
    with refused("in-charge-already", "organisation"):
        hand_over(cast, matter)
    back = staff.transfer(matter.number, cast.organisation.pk, by=cast.other_staff, reason="是你们那里的")
    assert back.charge == cast.organisation
    with pytest.raises(Missing):
        queries.matter_for(cast.other_staff, matter.number)


def test_the_requester_and_those_who_got_it_are_told(cast: Cast) -> None:
    matter = hand_over(cast, need(cast.resident))
    deliver()
    told = {
        (one.person_id, one.code): one.params
        for one in Notice.objects.filter(code__startswith="matter.transferred")
    }
    assert set(told) == {
        (cast.resident.pk, "matter.transferred.requester"),
        (cast.other_staff.pk, "matter.transferred.charge"),
    }
    assert {one["organisation"] for one in told.values()} == {cast.other_organisation.name}
    assert {one["title"] for one in told.values()} == {matter.title}


def test_what_is_in_hand_stays_in_hand(cast: Cast) -> None:
    after = hand_over(cast, taken(cast))
    assert (after.state, after.taken_by) == ("taken", cast.pioneer)


def test_what_has_ended_is_not_handed_over(cast: Cast) -> None:
    matter = closed(cast)
    assert rules.may_transfer(matter) is not None
    with refused("wrong-state"):
        hand_over(cast, matter)


def test_nothing_is_handed_to_where_nobody_looks(cast: Cast) -> None:
    matter = need(cast.resident)
    Post.objects.filter(person=cast.other_staff).update(until=clock.now())
    with refused("organisation-unstaffed", "organisation"):
        hand_over(cast, matter)
    with refused("organisation-unknown", "organisation"):
        staff.transfer(matter.number, 0, by=cast.staff, reason="x")


def test_a_reason_is_asked(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("text-missing", "reason"):
        staff.transfer(matter.number, cast.other_organisation.pk, by=cast.staff, reason=" ")


@pytest.mark.parametrize("who", ["other_staff", "resident", "stranger"])
def test_only_who_has_it_in_charge_hands_it_over(cast: Cast, who: str) -> None:
    matter = need(cast.resident)
    with watching() as seen, pytest.raises(Missing):
        hand_over(cast, matter, by=getattr(cast, who))
    assert seen.nothing()
