"""我要服务: the menu, and bookings accepted, turned down or left without an answer."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast, booked, closed, need, ordered, taken
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters import tasks
from xianfeng.matters.models import Handling, Matter, Offer, Remark
from xianfeng.matters.operations.claim import accept, claim, turn_down
from xianfeng.matters.operations.handling import Report, release, report_done
from xianfeng.matters.operations.offers import Serving, menu, publish, take_back
from xianfeng.matters.operations.rating import Stars, dispute, rate, reopen


def test_accept_puts_the_booking_in_hand(cast: Cast) -> None:
    matter = booked(cast)
    with watching() as seen:
        mine = accept(matter.number, by=cast.pioneer.spokesperson)
    told = seen.only("matter.accepted")
    assert (told.old["state"], told.new["state"]) == ("offered", "taken")
    assert told.new["taken_by"] == cast.pioneer.id
    assert told.actor == ("person", cast.pioneer.spokesperson_id)
    assert seen.rows == {
        "matters_matter": {matter.id},
        "matters_handling": {Handling.objects.get().id},
        "people_pioneer": {cast.pioneer.id},
    }
    assert (mine.state, mine.taken_by_id, mine.offered_to_id) == ("taken", cast.pioneer.id, None)


def test_accept_again_answers_the_same(cast: Cast) -> None:
    matter = booked(cast)
    accept(matter.number, by=cast.pioneer.spokesperson)
    with watching() as seen:
        assert accept(matter.number, by=cast.pioneer.spokesperson).state == "taken"
    assert seen.nothing()


def test_accept_by_anybody_but_the_pioneer_asked_is_not_found(cast: Cast) -> None:
    matter = booked(cast)
    for person in (cast.second.spokesperson, cast.stranger, cast.resident, cast.city_staff):
        with refused("not-found"):
            accept(matter.number, by=person)


def test_accept_with_full_hands_or_while_suspended_is_refused(cast: Cast) -> None:
    matter = booked(cast)
    for _ in range(3):
        taken(cast)
    with refused("hands-full"):
        accept(matter.number, by=cast.pioneer.spokesperson)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    with refused("suspended"):
        accept(matter.number, by=cast.pioneer.spokesperson)


def test_turn_down_opens_the_booking_to_all_and_keeps_the_words_beside_the_record(cast: Cast) -> None:
    matter = ordered(cast)
    with watching() as seen:
        opened = turn_down(matter.number, by=cast.pioneer.spokesperson, reason="这周不在")
    assert seen.only("matter.turned-down").new == {
        "state": "open",
        "taken_by": None,
        "pioneer": cast.pioneer.id,
    }
    assert seen.tables == {"matters_matter", "matters_offer", "matters_remark"}
    assert (opened.state, opened.offered_to_id, opened.offer_id) == ("open", None, None)
    assert Offer.objects.get().booked == 0
    assert Remark.objects.get().text == "这周不在"
    assert claim(matter.number, by=cast.second.spokesperson).taken_by_id == cast.second.id


def test_turn_down_by_others_is_not_found(cast: Cast) -> None:
    matter = booked(cast)
    for person in (cast.second.spokesperson, cast.resident):
        with refused("not-found"):
            turn_down(matter.number, by=person)


def test_a_booking_without_an_answer_opens_when_its_limit_passes(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        matter = ordered(cast)
        moment.shift(timedelta(minutes=1440))
        with watching() as seen:
            assert tasks.enforce_limits() == 1
        assert seen.only("matter.offer-lapsed").actor == ("system", 0)
        lapsed = Matter.objects.get(pk=matter.pk)
        assert (lapsed.state, lapsed.offered_to_id) == ("open", None)
        assert lapsed.due_at == clock.now() + timedelta(minutes=1440)
    assert Offer.objects.get().booked == 0
    with refused("wrong-state"):
        accept(matter.number, by=cast.pioneer.spokesperson)


def test_an_open_need_cannot_be_accepted(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("wrong-state"):
        accept(matter.number, by=cast.pioneer.spokesperson)


def _booked_places() -> int:
    return Offer.objects.get().booked


def test_a_place_is_given_back_once_however_the_order_ends_and_opens_again(cast: Cast) -> None:
    matter = ordered(cast, capacity=2)
    second = need(cast.stranger, service="help-booking", offer_id=matter.offer_id)
    me = cast.pioneer.spokesperson
    accept(matter.number, by=me)
    report_done(matter.number, Report("修好了"), by=me)
    assert _booked_places() == 2
    rate(matter.number, Stars(5, 5, 5), by=cast.resident)
    assert _booked_places() == 1
    reopen(matter.number, by=cast.resident, reason="又坏了")
    assert _booked_places() == 2
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        release(matter.number, by=me, reason="来不了")
    assert _booked_places() == 1
    assert second.state == "offered"


def test_a_place_is_given_back_when_a_second_dispute_goes_to_staff(cast: Cast) -> None:
    matter = ordered(cast)
    me = cast.pioneer.spokesperson
    accept(matter.number, by=me)
    for _ in range(2):
        report_done(matter.number, Report("修好了"), by=me)
        after = dispute(matter.number, by=cast.resident, reason="没修好")
    assert (after.state, after.offer_id, _booked_places()) == ("raised", None, 0)


def test_publish_puts_an_offer_on_the_menu(cast: Cast) -> None:
    with watching() as seen:
        offer = publish(
            Serving("修灯", "electric", "周末", 2), by=cast.pioneer.spokesperson, pioneer=cast.pioneer
        )
    told = seen.only("offer.published")
    assert (told.kind, told.id, told.new) == ("pioneer", cast.pioneer.id, {"offer": offer.id})
    assert seen.rows == {"matters_offer": {offer.id}, "people_pioneer": {cast.pioneer.id}}
    assert list(menu(skill="electric", area_id=cast.city.id)) == [offer]
    assert not menu(skill="law")


def test_take_back_removes_an_offer_and_what_was_ordered_goes_on(cast: Cast) -> None:
    matter = ordered(cast)
    offer = Offer.objects.get()
    with watching() as seen:
        take_back(offer.id, by=cast.pioneer.spokesperson)
    seen.only("offer.withdrawn")
    assert seen.rows == {"matters_offer": {offer.id}, "people_pioneer": {cast.pioneer.id}}
    with watching() as seen:
        take_back(offer.id, by=cast.pioneer.spokesperson)
    assert seen.nothing()
    assert not menu()
    assert accept(matter.number, by=cast.pioneer.spokesperson).state == "taken"


@pytest.mark.parametrize(
    ("serving", "code", "field"),
    [
        (Serving("修灯", "electric", "周末", 0), "capacity-invalid", "capacity"),
        (Serving("修灯", "electric", "周末", 51), "capacity-invalid", "capacity"),
        (Serving("修灯", "", "周末", 1), "category-unknown", "skill"),
        (Serving("修灯", "no-such", "周末", 1), "category-unknown", "skill"),
        (Serving("", "electric", "周末", 1), "text-missing", "title"),
    ],
)
def test_a_faulty_offer_is_refused(cast: Cast, serving: Serving, code: str, field: str) -> None:
    with refused(code, field):
        publish(serving, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)


def test_offers_of_others_are_nobodys_to_make_or_take_back(cast: Cast) -> None:
    with refused("not-found"):
        publish(Serving("修灯", "electric", "周末", 2), by=cast.stranger, pioneer=cast.pioneer)
    ordered(cast)
    with refused("not-found"):
        take_back(Offer.objects.get().id, by=cast.second.spokesperson)


def test_the_offers_of_a_suspended_pioneer_are_not_on_the_menu(cast: Cast) -> None:
    ordered(cast)
    people.suspend(cast.pioneer.id, by=cast.staff, reason="核实中")
    assert not menu()
    with refused("booking-needs-pioneer"):
        booked(cast)


def test_a_finished_need_leaves_the_hand_free(cast: Cast) -> None:
    closed(cast)
    assert Pioneer.objects.get(pk=cast.pioneer.pk).held == 0
