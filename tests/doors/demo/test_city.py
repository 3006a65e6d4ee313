"""A small city, built whole: numbers, the record, hands, kin, what repeats."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from xianfeng.doors.demo.cast import cast
from xianfeng.doors.demo.city import build
from xianfeng.doors.demo.city.people import Size
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import mobiles, operations, steps
from xianfeng.foundation.people.models import Organisation, Pioneer
from xianfeng.foundation.record import verify
from xianfeng.foundation.record.models import Entry, Outbox
from xianfeng.matters import services
from xianfeng.matters.models import Matter, Offer, Photo

SMALL = Size(
    individuals=460, collectives=110, residents=160, firms=20, members=150, offers=60, past=260, pictures=3
)  # fmt: skip


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


pytestmark = pytest.mark.xdist_group("city")  # one process builds the city for all


@pytest.fixture(scope="module")
def city(
    areas_loaded: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """A small city for all tests of this file; what each of them writes is taken back, at the end the city too."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(DEMO=True, MEDIA_ROOT=media), around_tests():
        services.forget()
        operations.found_organisations()
        services.load_catalogue()
        yield build.build(7, lambda _: None, SMALL)
        transaction.set_rollback(True)
    services.forget()


def around_tests() -> transaction.Atomic:
    """Return a transaction in which operations may open theirs, as in the one of each test."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    return outer


@pytest.fixture(autouse=True)
def _taken_back(city: dict[str, int], db: None) -> None:
    """Begin each test in the city, in a transaction of its own."""


def test_the_city_has_as_many_as_asked_and_its_record_holds(city: dict[str, int]) -> None:
    assert Pioneer.objects.filter(kind="individual").count() == SMALL.individuals
    assert Pioneer.objects.filter(kind="collective").count() == SMALL.collectives
    assert Offer.objects.count() == SMALL.offers
    assert not list(verify.findings())
    assert Entry.objects.count() == Outbox.objects.count()
    assert build.is_loaded(7)
    assert not build.is_loaded(8)


def test_hands_helped_and_places_are_what_operations_would_have_counted(city: dict[str, int]) -> None:
    assert not rows(
        """SELECT p.id FROM people_pioneer p WHERE p.held <> (SELECT count(*) FROM matters_matter m
        WHERE m.taken_by_id = p.id AND m.state = 'taken') OR p.held > 3"""
    )
    assert not rows(
        """SELECT o.id FROM matters_offer o WHERE o.booked <> (SELECT count(*) FROM matters_matter m
        WHERE m.offer_id = o.id AND m.state IN ('offered', 'taken', 'done'))"""
    )


def test_every_tale_runs_forwards_and_no_limit_is_overdue(city: dict[str, int]) -> None:
    assert not rows(
        """SELECT 1 FROM (SELECT at, lag(at) OVER (PARTITION BY subject_kind, subject_id ORDER BY position) AS before
        FROM record_entry) e WHERE at < before OR at > now()"""
    )
    assert not rows("SELECT id FROM matters_matter WHERE due_at < now() - interval '1 minute'")


def test_nobody_took_the_need_of_kin(city: dict[str, int]) -> None:
    assert not rows(
        """SELECT m.id FROM matters_matter m JOIN people_pioneer p ON p.id IN (m.taken_by_id, m.offered_to_id)
        WHERE m.requester_id = ANY (p.kin || p.spokesperson_id)"""
    )
    before = dict(Pioneer.objects.values_list("id", "kin"))
    steps.refresh_kin(None)
    assert dict(Pioneer.objects.values_list("id", "kin")) == before


def test_the_cast_has_every_role_with_hands_free(city: dict[str, int]) -> None:
    people = cast()
    roles = {one.group for one in people}
    assert roles == {"resident", "firm", "pioneer", "stranger", "staff"}
    pioneers = [one for one in people if one.group == "pioneer"]
    assert len(pioneers) >= 60
    assert len({one.role for one in people}) == len({one.person_id for one in people}) == len(people)
    assert all(mobiles.normal(one.mobile).startswith("190") for one in people)
    held = dict(Pioneer.objects.values_list("spokesperson_id", "held"))
    assert {one.role for one in pioneers if held[one.person_id]} == {"pioneer-busy"}


def test_whoever_sits_down_finds_a_need_that_waits_one_in_hand_and_one_to_rate(city: dict[str, int]) -> None:
    for one in cast():
        if one.group in {"resident", "firm"} and one.role != "resident-new":
            states = set(Matter.objects.filter(requester_id=one.person_id).values_list("state", flat=True))
            assert {"open", "taken", "done"} <= states, one.role


def test_needs_wait_near_the_cast_some_with_pictures(city: dict[str, int]) -> None:
    assert Matter.objects.filter(state="open", raised_at__gte=clock.now() - timedelta(hours=6)).count() >= 30
    assert Photo.objects.exclude(matter=None).count() == Matter.objects.filter(photo_count=1).count() >= 3


def test_every_organisation_has_pioneers_or_staff_and_the_city_has_staff(city: dict[str, int]) -> None:
    assert Organisation.objects.filter(post=None).count() == 0
    assert Part.objects.filter(role="staff-city").exists()


def test_the_same_seed_draws_the_same_people_and_needs(city: dict[str, int]) -> None:
    people, members = build.gather(7, clock.now(), SMALL)
    drawn = [row["name"] for row in people.rows[Pioneer]]
    assert drawn == list(Pioneer.objects.order_by("id").values_list("name", flat=True))
    assert [one.role for one in members] == list(
        Part.objects.order_by("position").values_list("role", flat=True)
    )
    other, _ = build.gather(8, clock.now(), SMALL)
    assert [row["name"] for row in other.rows[Pioneer]] != drawn
