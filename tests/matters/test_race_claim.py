"""One winner: many connections of several processes, released together, on a real database."""

from collections import Counter
from typing import Any

import pytest

from tests.cast import Cast, build_cast, done, need, ordered, recognised, somebody
from tests.racing import Try, race, slowest_allowed
from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry, Outbox
from xianfeng.matters.models import Handling, Matter, Offer, Rating
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.raising import Need, raise_matter
from xianfeng.matters.operations.rating import Stars, rate

pytestmark = pytest.mark.race
HERE = "tests.matters.test_race_claim"


def grab(card: tuple[str, int]) -> tuple[str, int | None, str]:
    """Play one claim: number of the matter, id of the pioneer."""
    number, pioneer_id = card
    pioneer = Pioneer.objects.select_related("spokesperson").get(pk=pioneer_id)
    won = claim(number, by=pioneer.spokesperson, pioneer=pioneer)
    return won.number, won.taken_by_id, str(won.taken_at)


def order(card: tuple[int, int, float, float]) -> str:
    """Play one order from the menu: person, offer, place."""
    person, offer, lat, lon = card
    asked = Need("照菜单点", lat, lon, "wgs84", service="help-booking", offer_id=offer)
    return raise_matter(asked, by=Person.objects.get(pk=person)).number


def stars(card: tuple[str, int, int]) -> str:
    """Play one rating: number, person, stars."""
    number, person, count = card
    return rate(number, Stars(count, count, count), by=Person.objects.get(pk=person)).state


def post_with_key(card: tuple[int, float, float]) -> str:
    """Play one posting under a key that all share."""
    person, lat, lon = card
    with idempotency.scope("person:1", "the-same-key", "print"):
        return raise_matter(Need("灯坏了", lat, lon, "wgs84"), by=Person.objects.get(pk=person)).number


def _sound() -> None:
    """Hold that nothing half done is anywhere."""
    assert list(verify.chain_findings()) == []
    for pioneer in Pioneer.objects.all():
        assert pioneer.held == Matter.objects.filter(taken_by=pioneer, state="taken").count()
    live = dict(Handling.objects.filter(ended_at=None).values_list("matter_id", "pioneer_id"))
    assert live == dict(Matter.objects.filter(state__in=["taken", "done"]).values_list("id", "taken_by_id"))
    assert Outbox.objects.count() == Entry.objects.count()


def _pioneers(cast: Cast, count: int) -> list[Pioneer]:
    return [
        recognised(f"先锋{number}", somebody(1000 + number), cast.organisation, cast.city_staff)
        for number in range(count)
    ]


def test_a_thousand_attempts_on_a_hundred_needs_have_a_hundred_winners(own_database: str) -> None:
    cast = build_cast()
    numbers = [need(cast.resident).number for _ in range(100)]
    pioneers = [one.id for one in _pioneers(cast, 340)]
    # ten connections; each pioneer tries three needs, as many as hands hold, so that no need stays without a winner
    hands = [
        [(number, pioneers[at // 3 * 10 + hand]) for at, number in enumerate(numbers)] for hand in range(10)
    ]
    tries = race(f"{HERE}:grab", hands)
    assert len(tries) == 1000
    winners = [one.answer[:2] for one in tries if one.outcome == "won"]
    assert Counter(number for number, _ in winners) == Counter(numbers)
    assert {one.outcome for one in tries} == {"won", "already-taken"}
    losers = [one for one in tries if one.outcome == "already-taken"]
    assert all(one.answer["winner"] and one.answer["late_seconds"] >= 0 for one in losers)
    assert max(one.seconds for one in losers) < slowest_allowed()
    assert dict(winners) == dict(Matter.objects.filter(state="taken").values_list("number", "taken_by_id"))
    assert Entry.objects.filter(code="matter.claimed").count() == 100
    _sound()


def test_ten_claims_of_one_pioneer_from_ten_connections_leave_exactly_three(own_database: str) -> None:
    cast = build_cast()
    pioneers = [one.id for one in _pioneers(cast, 20)]
    rounds = [(pioneer, [need(cast.resident).number for _ in range(10)]) for pioneer in pioneers]
    hands = [[(numbers[hand], pioneer) for pioneer, numbers in rounds] for hand in range(10)]
    tries = race(f"{HERE}:grab", hands)
    assert {one.outcome for one in tries} == {"won", "hands-full"}
    assert Counter(one.of[1] for one in tries if one.outcome == "won") == dict.fromkeys(pioneers, 3)
    assert {Pioneer.objects.get(pk=pioneer).held for pioneer in pioneers} == {3}
    assert max(one.seconds for one in tries) < slowest_allowed()
    _sound()


def test_the_same_claim_from_ten_connections_answers_the_same_ten_times(own_database: str) -> None:
    cast = build_cast()
    numbers = [need(cast.resident).number for _ in range(3)]
    tries = race(f"{HERE}:grab", [[(number, cast.pioneer.id) for number in numbers]] * 10)
    assert {one.outcome for one in tries} == {"won"}
    for number in numbers:
        assert len({one.answer for one in tries if one.of[0] == number}) == 1
    assert Handling.objects.count() == 3
    assert Entry.objects.filter(code="matter.claimed").count() == 3
    _sound()


def test_orders_from_ten_connections_never_book_an_offer_beyond_its_capacity(own_database: str) -> None:
    cast = build_cast()
    first = ordered(cast, capacity=4)
    place = (first.lat, first.lon)
    tries = race(f"{HERE}:order", [[(cast.resident.id, first.offer_id, *place)] for _ in range(10)])
    assert Counter(one.outcome for one in tries) == {"won": 3, "offer-full": 7}
    assert Offer.objects.get().booked == 4
    _sound()


def test_ratings_from_ten_connections_leave_one(own_database: str) -> None:
    cast = build_cast()
    matter = done(cast)
    tries = race(f"{HERE}:stars", [[(matter.number, cast.resident.id, hand % 5 + 1)] for hand in range(10)])
    kept = Rating.objects.get()
    assert {one.of[2] for one in tries if one.outcome == "won"} == {kept.skill}
    assert {one.outcome for one in tries} == {"won", "wrong-state"}
    assert Entry.objects.filter(code="matter.rated").count() == 1
    _sound()


def _told(tries: list[Try], outcome: str) -> list[Any]:
    return [one.answer for one in tries if one.outcome == outcome]


def test_one_key_from_ten_connections_posts_one_need(own_database: str) -> None:
    cast = build_cast()
    place = need(cast.resident)
    tries = race(f"{HERE}:post_with_key", [[(cast.resident.id, place.lat, place.lon)] for _ in range(10)])
    (number,) = _told(tries, "won")
    posted = Matter.objects.get(number=number)
    assert _told(tries, "replayed") == [("matter", posted.id)] * 9
    assert Matter.objects.count() == 2
    _sound()
