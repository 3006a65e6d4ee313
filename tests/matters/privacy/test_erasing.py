"""Erasure: the record stays and holds, the person cannot be read in anything any more."""

import pytest
from django.core.files.storage import default_storage

from tests.cast import Cast, booked, ordered
from tests.foundation.people.conftest import Carrier
from tests.matters.privacy import planting
from tests.matters.privacy.planting import MOBILE, NAME, WORDS, Planted, files, holding
from tests.matters.test_telling import deliver
from tests.matters.watching import refused, watching
from xianfeng.doors.desk import tasks as desk
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.mobiles import found_by
from xianfeng.foundation.people.models import Firm, Person, Pioneer, Post, Session
from xianfeng.foundation.people.privacy.erasing import erase
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry
from xianfeng.matters.models import Matter, Photo, Rating


@pytest.fixture
def planted(cast: Cast, carrier: Carrier) -> Planted:
    """Somebody with planted words everywhere."""
    return planting.plant(cast, carrier)


def test_every_planted_word_is_found_before_and_none_after(planted: Planted) -> None:
    desk.index_titles(everything=True)
    sealed = {MOBILE, "植门牌"}
    missing = {word for word in WORDS if not holding(word)}
    assert missing == sealed  # these two stand sealed
    entries = Entry.objects.count()
    erase("5678", by=planted.person)
    deliver()
    desk.index_titles(everything=True)
    assert {word: found for word in WORDS if (found := holding(word))} == {}
    assert holding(found_by(MOBILE).hex()) == []
    assert Entry.objects.count() > entries
    assert list(verify.chain_findings()) == []


def test_search_keys_of_titles_go_too(planted: Planted) -> None:
    desk.index_titles(everything=True)
    assert ("desk_title", "keys") in holding("植题")
    erase("5678", by=planted.person)
    assert holding("植题") == []


def test_photographs_go_from_the_store_also_those_others_took_of_it(planted: Planted) -> None:
    assert len(files()) == 5 * 3
    erase("5678", by=planted.person)
    assert files() == set()
    assert not Photo.objects.exists()


def test_what_is_open_ends_and_what_is_in_hand_goes_back(planted: Planted, cast: Cast) -> None:
    erase("5678", by=planted.person)
    states = {
        name: Matter.objects.get(pk=getattr(planted, name).pk).state
        for name in ("closed", "taken", "open", "done", "held")
    }
    assert states == {
        "closed": "closed",
        "taken": "withdrawn",
        "open": "withdrawn",
        "done": "closed",
        "held": "open",
    }
    assert {one.held for one in Pioneer.objects.filter(pk__in=[cast.pioneer.pk, planted.pioneer.pk])} == {0}
    assert not Matter.objects.filter(requester=planted.person, due_at__isnull=False).exists()


def test_stars_and_facts_of_what_was_done_stay(planted: Planted) -> None:
    before = list(Rating.objects.order_by("id").values_list("skill", "attitude", "speed", "pioneer"))
    erase("5678", by=planted.person)
    assert list(Rating.objects.order_by("id").values_list("skill", "attitude", "speed", "pioneer")) == before
    matter = Matter.objects.get(pk=planted.closed.pk)
    assert (matter.number, matter.area_id, matter.raised_at) == (
        planted.closed.number, planted.closed.area_id, planted.closed.raised_at,
    )  # fmt: skip
    assert (matter.lat, matter.lon) != (planted.closed.lat, planted.closed.lon)
    assert matter.cell == planted.closed.cell


def test_nobody_is_signed_in_any_more_and_the_number_joins_anew(planted: Planted, carrier: Carrier) -> None:
    erase("5678", by=planted.person)
    assert not Session.objects.filter(person=planted.person, revoked_at=None).exists()
    person = Person.objects.get(pk=planted.person.pk)
    assert (person.name, person.left_at is not None) == ("", True)
    again = people.sign_in(MOBILE, people.ask_code(MOBILE, address="203.0.113.78"))
    assert again.person.pk != planted.person.pk
    assert queries.pioneers_of(again.person) == []


def test_the_pioneer_is_in_no_directory_and_takes_nothing(planted: Planted) -> None:
    erase("5678", by=planted.person)
    pioneer = Pioneer.objects.get(pk=planted.pioneer.pk)
    assert (pioneer.name, pioneer.suspended_at is not None, pioneer.search) == ("已注销", True, [])
    assert pioneer.pk not in {one.pk for one in queries.directory()}


def test_others_inboxes_keep_their_notices_without_the_words(planted: Planted, cast: Cast) -> None:
    taker = Notice.objects.filter(person=cast.pioneer.spokesperson, about=planted.open.number)
    count = taker.count()
    assert count
    erase("5678", by=planted.person)
    assert taker.count() == count
    assert {notice.params["title"] for notice in taker} == {"…"}
    assert not Notice.objects.filter(person=planted.person).exists()


def test_the_wrong_last_digits_change_nothing(planted: Planted) -> None:
    for tail in ("5679", "", "678", "15678", "５６７８x", MOBILE):
        with refused("tail-wrong", "tail"):
            erase(tail, by=planted.person)
    assert holding(NAME)


def test_erased_again_is_the_same(cast: Cast) -> None:
    erase("0009", by=cast.stranger)
    with watching() as seen:
        erase("0009", by=cast.stranger)
    assert seen.nothing()


def test_who_holds_a_post_gives_it_back_first(cast: Cast) -> None:
    with refused("erase-holds-post"):
        erase("0012", by=cast.staff)
    Post.objects.filter(person=cast.staff).update(until=cast.staff.joined_at)
    erase("0012", by=cast.staff)
    assert Person.objects.get(pk=cast.staff.pk).left_at


def test_a_file_that_cannot_be_deleted_stops_all_of_it(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(default_storage, "delete", fail)
    with watching() as seen, pytest.raises(OSError, match="jpg"):
        erase("5678", by=planted.person)
    assert seen.nothing()


def test_a_booking_that_waits_goes_to_all_and_an_order_gives_its_place_back(cast: Cast) -> None:
    waiting, order = booked(cast), ordered(cast)
    erase("0003", by=cast.pioneer.spokesperson)
    for matter in (waiting, order):
        now = Matter.objects.get(pk=matter.pk)
        assert (now.state, now.offered_to, now.offer) == ("open", None, None)
    offer = cast.pioneer.offers.get()
    assert (offer.booked, offer.title, offer.withdrawn_at is not None) == (0, "（已删除）", True)


def test_a_collective_keeps_its_name_and_waits_for_another_spokesperson(cast: Cast) -> None:
    erase("0005", by=cast.speaker)
    collective = Pioneer.objects.get(pk=cast.collective.pk)
    assert (collective.name, collective.suspended_at is not None) == ("集体", True)


def test_a_firm_is_to_be_verified_again(cast: Cast) -> None:
    erase("0002", by=cast.responsible)
    assert Firm.objects.get(pk=cast.firm.pk).verified_at is None


def test_others_words_and_needs_stay_as_they_were(planted: Planted, cast: Cast) -> None:
    before = {one.pk: (one.title, one.state) for one in Matter.objects.exclude(requester=planted.person)}
    erase("5678", by=planted.person)
    after = {one.pk: (one.title, one.state) for one in Matter.objects.exclude(requester=planted.person)}
    assert after == before | {planted.held.pk: ("别人的三", "open")}
