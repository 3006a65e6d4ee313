"""Who stands too near keeps out: found by the house with the reason, and replaced at once."""

import pytest

from tests.cast import Cast, somebody
from tests.matters.watching import refused
from tests.services.mediation.playing import MOBILE, mediator, opened, talking
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Firm, Person
from xianfeng.foundation.places import city
from xianfeng.foundation.places.models import Area
from xianfeng.services.mediation import queries
from xianfeng.services.mediation.models import Case, Recusal
from xianfeng.services.mediation.operations import leading, opening
from xianfeng.services.mediation.operations.opening import Named

METRE = 1 / 111_195  # degrees of latitude


def _why(case: Case) -> list[tuple[str, str]]:
    return [(one.person.name, one.reason) for one in queries.recusals(case)]


def _lives(person: Person, *, north: float = 0.0, area: Area | None = None) -> None:
    middle = city.served()
    Person.objects.filter(pk=person.pk).update(
        lat=middle.lat + north * METRE, lon=middle.lon, area=area
    )  # fmt: skip


def _village() -> Area:
    return Area.objects.filter(level="village").order_by("code")[0]


def test_a_mediator_who_is_a_party_is_passed_by(cast: Cast) -> None:
    near, other = mediator(cast, 9, "当事人"), mediator(cast, 42, "调解员乙")
    assert near == cast.stranger
    case = opened(cast)
    assert (case.mediator, _why(case)) == (other, [("当事人", "party")])


def test_a_mediator_who_is_responsible_for_a_firm_that_is_a_party_is_passed_by(cast: Cast) -> None:
    near, other = mediator(cast, 41, "厂长"), mediator(cast, 42, "调解员乙")
    Firm.objects.filter(pk=cast.firm.pk).update(responsible=near)
    case = opened(cast, respondents=[Named("", firm_id=cast.firm.pk)])
    assert (case.mediator, _why(case)) == (other, [("厂长", "party")])


def test_a_mediator_in_a_collective_with_a_party_is_passed_by(cast: Cast) -> None:
    near, other = mediator(cast, 41, "同队的"), mediator(cast, 42, "调解员乙")
    for person in (near, cast.stranger):
        people.add_member(cast.collective.id, person=person, by=cast.speaker)
    case = opened(cast)
    assert (case.mediator, _why(case)) == (other, [("同队的", "collective")])


@pytest.mark.parametrize(("metres", "keeps_out"), [(299, True), (301, False)])
def test_a_neighbour_within_the_metres_of_the_catalogue_is_passed_by(
    cast: Cast, metres: int, keeps_out: bool
) -> None:
    near = mediator(cast, 41, "邻居")
    _lives(near, north=metres)
    case = opened(cast)
    assert (case.mediator is None) is keeps_out
    assert _why(case) == ([("邻居", "neighbour")] if keeps_out else [])


def test_who_lives_in_the_village_of_a_party_is_passed_by_and_in_its_town_is_not(cast: Cast) -> None:
    village = _village()
    near, other = mediator(cast, 41, "同村的"), mediator(cast, 42, "同镇的")
    Person.objects.filter(pk__in=[near.pk, cast.stranger.pk]).update(area=village)
    Person.objects.filter(pk=other.pk).update(area=village.parent)
    case = opened(cast)
    assert (case.mediator, _why(case)) == (other, [("同村的", "same-area")])


def test_a_party_who_comes_later_and_is_near_brings_another_mediator(cast: Cast) -> None:
    first, second = mediator(cast, 41, "甲"), mediator(cast, 42, "乙")
    case = talking(cast)
    assert case.mediator == first
    people.add_member(cast.collective.id, person=first, by=cast.speaker)
    case = opening.add_party(
        case.matter.number, "respondent", Named("发言人", MOBILE.format(5)), by=first
    )  # fmt: skip
    assert (case.mediator, case.state) == (second, "talking")
    assert _why(case) == [("甲", "collective")]
    with refused("not-found"):
        queries.case_for(first, case.matter.number)


def test_a_mediator_says_that_they_keep_out_and_without_another_the_case_waits_again(cast: Cast) -> None:
    leader = mediator(cast)
    case = leading.recuse(opened(cast).matter.number, "和一方做过生意", by=leader)
    assert (case.state, case.mediator, _why(case)) == ("opened", None, [("调解员甲", "declared")])
    assert "生意" not in str(list(Recusal.objects.values_list()))
    with refused("mediator-unknown", "mediator"):
        leading.appoint(case.matter.number, leader.pk, by=cast.staff)


def test_each_side_gets_another_mediator_once_by_asking(cast: Cast) -> None:
    for digits, name in ((41, "甲"), (42, "乙"), (43, "丙")):
        mediator(cast, digits, name)
    number = talking(cast).matter.number
    assert leading.object_to(number, "和对方熟", by=cast.stranger).mediator.name == "乙"  # type: ignore[union-attr]
    with refused("objected-before"):
        leading.object_to(number, "再换一个", by=cast.stranger)
    assert leading.object_to(number, "我也想换", by=cast.resident).mediator.name == "丙"  # type: ignore[union-attr]


def test_staff_cannot_appoint_who_stands_too_near(cast: Cast) -> None:
    case = opened(cast)
    near = mediator(cast, 41, "邻居")
    _lives(near, north=10)
    with refused("mediator-too-near", "mediator"):
        leading.appoint(case.matter.number, near.pk, by=cast.staff)


def test_staff_who_are_a_party_do_not_choose_their_mediator(cast: Cast) -> None:
    leader = mediator(cast)
    case = opened(cast, by=cast.staff)
    with refused("not-found"):
        leading.appoint(case.matter.number, leader.pk, by=cast.staff)


def test_a_party_who_left_keeps_nobody_out(cast: Cast) -> None:
    leader, other = mediator(cast), somebody(51, "乙")
    people.add_member(cast.collective.id, person=leader, by=cast.speaker)
    people.add_member(cast.collective.id, person=other, by=cast.speaker)
    second = mediator(cast, 42, "调解员乙")
    respondents = [Named("甲", MOBILE.format(9)), Named("乙", MOBILE.format(51))]
    case = opened(cast, respondents=respondents)
    assert case.mediator == second
    case = opening.leave(case.matter.number, by=other)
    Recusal.objects.all().delete()
    assert leading.appoint(case.matter.number, leader.pk, by=cast.staff).mediator == leader
