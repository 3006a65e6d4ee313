"""The mass organisations, firms and staff posts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Firm, Organisation, Post
from xianfeng.foundation.people.queries import Scope
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Entry


def test_fourteen_organisations_at_the_city_and_in_every_county_are_eighty_four(
    areas_loaded: None, db: None
) -> None:
    assert len(catalogue.load("organisations")["kind"]) == 14
    assert people.found_organisations() == 84
    for area in Area.objects.filter(level__in=["city", "county"]):
        assert Organisation.objects.filter(area=area).count() == 14
    assert Organisation.objects.values("name").distinct().count() == 84
    assert Organisation.objects.values("name_en").distinct().count() == 84
    assert not Organisation.objects.filter(seal="").exists()
    assert Entry.objects.filter(code="organisation.founded", actor_kind="system").count() == 84


def test_founding_again_changes_nothing(areas_loaded: None, db: None) -> None:
    people.found_organisations()
    with watching() as seen:
        assert people.found_organisations() == 0
    assert seen.nothing()


def test_verified_firm_has_its_responsible_person_and_its_record(cast: Cast) -> None:
    with watching() as seen:
        firm = people.verify_firm(
            " 一家 厂 ", area_id=cast.there.id, responsible=cast.stranger, by=cast.city_staff
        )
    assert (firm.name, firm.responsible, firm.area_id) == ("一家 厂", cast.stranger, cast.there.id)
    assert firm.verified_at
    assert seen.only("firm.verified").actor == ("person", cast.city_staff.id)
    assert seen.rows == {"people_firm": {firm.id}}


@pytest.mark.parametrize("part", ["staff", "resident", "responsible"])
def test_only_city_staff_verify_firms(cast: Cast, part: str) -> None:
    with refused("not-found"):
        people.verify_firm("一家厂", area_id=cast.here.id, responsible=cast.stranger, by=getattr(cast, part))


def test_a_firm_needs_a_name(cast: Cast) -> None:
    with refused("text-missing", "name"):
        people.verify_firm(" \u200b ", area_id=cast.here.id, responsible=cast.stranger, by=cast.city_staff)
    assert Firm.objects.count() == 1


def test_scopes_are_those_of_the_posts_held_now(cast: Cast) -> None:
    assert queries.scopes(None) == queries.scopes(cast.resident) == []
    assert queries.scopes(cast.city_staff) == [Scope(cast.city.id, None)]
    assert queries.scopes(cast.staff) == [Scope(cast.here.id, cast.organisation.id)]
    assert queries.is_staff(cast.staff)
    assert not queries.is_staff(cast.resident)


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [(-2, None, True), (-2, 1, True), (-2, -1, False), (1, None, False), (1, 2, False)],
)  # fmt: skip
def test_a_post_counts_from_its_first_to_its_last_day(
    cast: Cast, since: int, until: int | None, held: bool
) -> None:
    at = clock.now()
    Post.objects.create(
        person=cast.stranger, role="organisation-staff", organisation=cast.organisation, area=cast.here,
        since=at + timedelta(days=since), until=None if until is None else at + timedelta(days=until),
    )  # fmt: skip
    assert bool(queries.scopes(cast.stranger)) is held


def test_a_post_of_another_role_gives_no_scope(cast: Cast) -> None:
    Post.objects.create(person=cast.stranger, role="grid-leader", area=cast.here, since=clock.now())
    assert queries.scopes(cast.stranger) == []


def test_staff_of_an_organisation_that_is_not_named_are_not_city_staff(cast: Cast) -> None:
    Post.objects.create(person=cast.stranger, role="organisation-staff", area=cast.here, since=clock.now())
    with refused("not-found"):
        people.verify_firm("一家厂", area_id=cast.here.id, responsible=cast.resident, by=cast.stranger)
    with refused("not-found"):
        people.suspend(cast.pioneer.id, by=cast.stranger, reason="不该")


def test_scopes_cost_one_statement_at_one_post_and_at_three(cast: Cast) -> None:
    for area in (cast.there, cast.city):
        with CaptureQueriesContext(connection) as asked:
            queries.scopes(cast.staff)
        assert len(asked) == 1
        Post.objects.create(
            person=cast.staff, role="organisation-staff", organisation=cast.organisation, area=area, since=clock.now()
        )  # fmt: skip
    assert len(queries.scopes(cast.staff)) == 3
