"""Asking, and taking back what was asked."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tests.cast import Cast, booked, need, ordered
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Refused, Replayed
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Offer, Service
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.offers import Serving, publish, take_back
from xianfeng.matters.operations.raising import withdraw


def test_a_need_stands_open_with_its_limit_record_and_outbox(cast: Cast) -> None:
    with time_machine.travel("2026-05-01T17:30:00Z", tick=False), watching() as seen:
        matter = need(cast.resident, "  灯坏了\n帮忙看看 ", text="客厅", address="三单元 201")
        assert matter.due_at == clock.now() + timedelta(minutes=1440)
    told = seen.only("matter.raised")
    assert (told.id, told.actor, told.old) == (matter.id, ("person", cast.resident.id), {})
    assert told.new == {"offered_to": None, "service": "help-open", "state": "open"}
    assert seen.rows == {"matters_matter": {matter.id}}
    assert matter.title == "灯坏了 帮忙看看"
    assert matter.category == "electric"
    assert re.fullmatch(r"260502-\d{6,}", matter.number)  # the day where the city is
    assert matter == Matter.objects.get(number=matter.number)


def test_numbers_go_on_beyond_a_million(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('matters_matter_id_seq', greatest(1234566, nextval('matters_matter_id_seq')))"
        )
    first, second = need(cast.resident), need(cast.resident)
    assert first.number.endswith("-1234567")
    assert second.number.endswith("-1234568")


def test_coordinates_of_a_map_are_kept_in_wgs84(cast: Cast) -> None:
    exact = need(cast.resident)
    from_map = need(cast.resident, datum="gcj02")
    assert 0.001 < abs(exact.lon - from_map.lon) < 0.01


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"title": " \n "}, "text-missing", "title"),
        ({"title": "长" * 61}, "text-too-long", "title"),
        ({"text": "长" * 4001}, "text-too-long", "text"),
        ({"address": "长" * 81}, "text-too-long", "address"),
        ({"service": "no-such"}, "service-unknown", "service"),
        ({"category": "no-such"}, "category-unknown", "category"),
        ({"wanted": "never"}, "wanted-unknown", "wanted"),
        ({"datum": "mars"}, "datum-unknown", "datum"),
        ({"north": 90.0}, "coordinates-invalid", None),
        ({"north": float("nan")}, "coordinates-invalid", None),
        ({"photos": ("none-such",)}, "photo-unknown", "photos"),
        ({"photos": tuple("abcdefg")}, "too-many-photos", "photos"),
        ({"service": "help-booking"}, "booking-needs-pioneer", "pioneer"),
    ],
)
def test_a_faulty_need_is_refused_naming_the_field(
    cast: Cast, more: dict[str, object], code: str, field: str | None
) -> None:
    with refused(code, field):
        need(cast.resident, **more)  # type: ignore[arg-type]


def test_only_the_responsible_person_asks_for_a_firm(cast: Cast) -> None:
    assert need(cast.responsible, firm_id=cast.firm.id).firm_id == cast.firm.id
    with refused("firm-not-yours", "firm"):
        need(cast.stranger, firm_id=cast.firm.id)


def test_a_need_outside_the_city_is_said_to_be_outside(cast: Cast) -> None:
    assert need(cast.resident, north=5.0).outside


def test_a_service_that_asks_for_filing_begins_raised(cast: Cast) -> None:
    data = {**services.current("help-open").data, "code": "help-filed", "filing": True}
    Service.objects.create(code="help-filed", version=1, definition=data)
    matter = need(cast.resident, service="help-filed")
    assert (matter.state, matter.due_at) == ("raised", matter.raised_at + timedelta(minutes=480))


def test_a_changed_service_is_a_new_version_and_a_matter_keeps_its_own(cast: Cast) -> None:
    old = need(cast.resident)
    Service.objects.filter(code="help-open").update(definition={"changed": True})
    assert services.load_catalogue() == 1
    assert services.load_catalogue() == 0
    new = need(cast.resident)
    assert (old.service_version, new.service_version) == (1, 2)


def test_a_booking_waits_for_the_pioneer_asked(cast: Cast) -> None:
    with watching() as seen:
        matter = booked(cast)
    assert seen.rows == {"matters_matter": {matter.id}}
    assert seen.only("matter.raised").new["offered_to"] == cast.pioneer.id
    assert (matter.state, matter.offered_to_id) == ("offered", cast.pioneer.id)


def test_an_order_takes_one_place_of_the_offer_and_a_full_offer_refuses(cast: Cast) -> None:
    matter = ordered(cast)
    assert Offer.objects.get().booked == 1
    with refused("offer-full", "offer"):
        need(cast.stranger, service="help-booking", offer_id=matter.offer_id)


def test_an_offer_taken_back_or_never_made_is_not_found(cast: Cast) -> None:
    offer = publish(
        Serving("修灯", "electric", "周末", 2), by=cast.pioneer.spokesperson, pioneer=cast.pioneer
    )
    take_back(offer.id, by=cast.pioneer.spokesperson)
    for offer_id in (offer.id, 999_999):
        with refused("not-found"):
            need(cast.resident, service="help-booking", offer_id=offer_id)


def test_nobody_books_oneself_or_the_own_collective(cast: Cast) -> None:
    with refused("own-need"):
        need(cast.pioneer.spokesperson, service="help-booking", pioneer_id=cast.pioneer.id)
    with refused("kin-need"):
        need(cast.member, service="help-booking", pioneer_id=cast.collective.id)


def test_withdraw_ends_a_need_and_again_answers_the_same(cast: Cast) -> None:
    matter = need(cast.resident)
    with watching() as seen:
        gone = withdraw(matter.number, by=cast.resident)
    told = seen.only("matter.withdrawn")
    assert (told.old["state"], told.new["state"]) == ("open", "withdrawn")
    assert seen.rows == {"matters_matter": {matter.id}}
    assert (gone.state, gone.due_at, gone.listed) == ("withdrawn", None, False)
    with watching() as seen:
        assert withdraw(matter.number, by=cast.resident).state == "withdrawn"
    assert seen.nothing()


def test_withdraw_of_an_order_gives_its_place_back(cast: Cast) -> None:
    matter = ordered(cast)
    withdraw(matter.number, by=cast.resident)
    assert Offer.objects.get().booked == 0


def test_withdraw_by_another_or_after_it_was_taken_is_refused(cast: Cast) -> None:
    matter = need(cast.resident)
    with refused("not-found"):
        withdraw(matter.number, by=cast.stranger)
    claim(matter.number, by=cast.pioneer.spokesperson)
    with refused("wrong-state"):
        withdraw(matter.number, by=cast.resident)


def test_the_same_key_raises_once_and_says_what_came_of_it(cast: Cast) -> None:
    with idempotency.scope("person:1", "key-1", "print"):
        matter = need(cast.resident)
    with idempotency.scope("person:1", "key-1", "print"), watching() as seen:
        with pytest.raises(Replayed) as replayed:
            need(cast.resident)
    assert seen.nothing()
    assert (replayed.value.subject_kind, replayed.value.subject_id) == ("matter", matter.id)
    with idempotency.scope("person:1", "key-1", "another"), refused("key-reused", "Idempotency-Key"):
        need(cast.resident)


def test_a_refused_request_does_not_use_up_its_key(cast: Cast) -> None:
    with idempotency.scope("person:1", "key-1", "print"):
        with pytest.raises(Refused):
            need(cast.resident, service="help-booking")
        assert need(cast.resident).state == "open"
    with idempotency.scope("person:1", "key-1", "print"), pytest.raises(Replayed):
        need(cast.resident)
