"""Posts: who may appoint, one holder at a time, deputies, terms, and who is asked where nobody holds a post."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, somebody
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import posts, roles
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.people.operations import Appointment
from xianfeng.foundation.people.posts import Seat
from xianfeng.foundation.people.privacy import erasing
from xianfeng.foundation.people.privacy.telling import own_data
from xianfeng.foundation.places.models import Area


@pytest.fixture
def community(cast: Cast) -> Area:
    """A community of the county here."""
    return Area.objects.filter(level="village", path__contains=[cast.here.id]).order_by("code")[0]


def named(cast: Cast, person: Person, role: str, area: Area, **more: object) -> Post:
    return people.appoint(Appointment(role, area.pk, **more), person, by=cast.city_staff)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", sorted(catalogue.load("roles")))
def test_a_role_has_names_levels_and_a_line_that_ends(code: str, db: None) -> None:
    role = roles.find(code)
    assert role.zh.strip()
    assert role.en.strip()
    assert set(role.levels) <= set(dict(Area._meta.get_field("level").choices or []))
    assert roles.upwards(code)[-1].above == ""


def test_roles_that_go_round_in_a_circle_are_refused() -> None:
    entry = {"zh": "甲", "en": "A", "levels": ["grid"], "may": []}
    round_ = {"a": {**entry, "above": "b"}, "b": {**entry, "above": "a"}}
    with pytest.raises(ValueError, match=r"roles\.a\.above: goes round in a circle"):
        roles.ordered(round_)


def test_an_appointment_is_a_row_and_an_entry_on_the_record(cast: Cast, community: Area) -> None:
    with watching() as seen:
        post = named(cast, cast.stranger, "community-secretary", community)
    assert (post.person, post.role, post.area_id, post.until) == (
        cast.stranger, "community-secretary", community.pk, None,
    )  # fmt: skip
    entry = seen.only("person.appointed")
    assert entry.actor == ("person", cast.city_staff.id)
    assert seen.rows == {"people_post": {post.pk}, "people_person": {cast.stranger.pk}}


def test_the_same_appointment_again_is_the_same(cast: Cast, community: Area) -> None:
    first = named(cast, cast.stranger, "community-secretary", community)
    with watching() as seen:
        assert named(cast, cast.stranger, "community-secretary", community) == first
    assert seen.nothing()


def test_a_post_for_one_is_given_to_nobody_else_in_that_time(cast: Cast, community: Area) -> None:
    first = named(cast, cast.stranger, "community-secretary", community)
    with refused("post-held", "role"):
        named(cast, cast.resident, "community-secretary", community)
    people.end_post(first.pk, by=cast.city_staff)
    assert named(cast, cast.resident, "community-secretary", community).person == cast.resident


def test_terms_that_follow_each_other_do_not_meet(cast: Cast, community: Area) -> None:
    end = clock.now() + timedelta(days=30)
    named(cast, cast.stranger, "community-secretary", community, until=end)
    after = named(cast, cast.resident, "community-secretary", community, since=end)
    assert after.since == end
    held = posts.holders("community-secretary", community)
    assert [post.person for post in held.posts] == [cast.stranger]
    later = posts.holders("community-secretary", community, at=end + timedelta(seconds=1))
    assert [post.person for post in later.posts] == [cast.resident]


@pytest.mark.parametrize(
    ("role", "level", "more", "code"),
    [
        ("king", "village", {}, "role-unknown"),
        ("grid-leader", "village", {}, "post-level"),
        ("department", "county", {}, "post-needs"),
        ("organisation-staff", "county", {}, "post-needs"),
        ("department", "county", {"sector": "<b>"}, "field-invalid"),
        ("community-secretary", "village", {"until": clock.now() - timedelta(days=1)}, "term-invalid"),
    ],
)
def test_what_is_no_post_is_refused(
    cast: Cast, community: Area, role: str, level: str, more: dict[str, object], code: str
) -> None:
    area = community if level == "village" else cast.here
    with refused(code):
        named(cast, cast.stranger, role, area, **more)


def test_staff_appoint_within_their_area_alone_and_leaders_below_theirs(cast: Cast, community: Area) -> None:
    given = Appointment("community-secretary", community.pk)
    for by in (cast.other_staff, cast.resident, cast.stranger):
        with refused("not-found"):
            people.appoint(given, cast.member, by=by)
    people.appoint(given, cast.member, by=cast.staff)
    grid = Area.objects.create(
        code="g1", parent=community, level="grid", name="一格", path=[*community.path, 0]
    )
    Area.objects.filter(pk=grid.pk).update(path=[*community.path, grid.pk])
    leader = people.appoint(Appointment("grid-leader", grid.pk), cast.resident, by=cast.member)
    assert leader.person == cast.resident
    with refused("not-found"):  # nobody fills the post beside the own
        people.appoint(Appointment("first-secretary", community.pk), cast.stranger, by=cast.member)


def test_only_the_city_makes_staff(cast: Cast) -> None:
    given = Appointment("organisation-staff", cast.here.pk, cast.organisation.pk)
    with refused("not-found"):
        people.appoint(given, cast.stranger, by=cast.staff)
    people.appoint(given, cast.stranger, by=cast.city_staff)


def test_a_deputy_acts_only_while_the_holder_is_away(cast: Cast, community: Area) -> None:
    post = named(cast, cast.stranger, "community-secretary", community)
    deputy = people.name_deputy(post.pk, cast.member, by=cast.stranger)
    assert [one.person for one in posts.holders("community-secretary", community).posts] == [cast.stranger]
    assert not posts.may(cast.member, "check", community)
    people.be_away(post.pk, by=cast.stranger, until=clock.now() + timedelta(days=3))
    held = posts.holders("community-secretary", community)
    assert [one.pk for one in held.posts] == [deputy.pk]
    assert not held.went_up
    assert posts.may(cast.member, "check", community)
    people.be_back(post.pk, by=cast.stranger)
    assert [one.person for one in posts.holders("community-secretary", community).posts] == [cast.stranger]


def test_a_deputy_acts_where_nobody_holds_the_post_any_more(cast: Cast, community: Area) -> None:
    post = named(cast, cast.stranger, "community-secretary", community)
    people.name_deputy(post.pk, cast.member, by=cast.city_staff)
    people.end_post(post.pk, by=cast.stranger)
    held = posts.holders("community-secretary", community)
    assert [one.person for one in held.posts] == [cast.member]
    assert not held.went_up


def test_nobody_is_their_own_deputy_and_strangers_name_none(cast: Cast, community: Area) -> None:
    post = named(cast, cast.stranger, "community-secretary", community)
    with refused("deputy-self"):
        people.name_deputy(post.pk, cast.stranger, by=cast.stranger)
    for act in (people.end_post, people.be_away, people.be_back):
        with refused("not-found"):
            act(post.pk, by=cast.resident)
    with refused("not-found"):
        people.name_deputy(post.pk, cast.member, by=cast.resident)


def test_a_vacant_post_goes_up_and_says_so(cast: Cast, community: Area) -> None:
    grid = Area.objects.create(code="g1", parent=community, level="grid", name="一格", path=[])
    grid.path = [*community.path, grid.pk]
    grid.save()
    held = posts.holders("grid-leader", grid)
    assert held.went_up
    assert (held.asked, held.seat.role) == (Seat("grid-leader", grid.pk), "city-staff")
    secretary = named(cast, cast.stranger, "community-secretary", community)
    held = posts.holders("grid-leader", grid)
    assert held.went_up
    assert [post.pk for post in held.posts] == [secretary.pk]
    assert held.seat == Seat("community-secretary", community.pk)


def test_where_the_line_ends_with_nobody_it_is_vacant(cast: Cast, community: Area) -> None:
    held = posts.holders("mediator", community)
    assert held.vacant
    assert not held.went_up


def test_a_department_is_asked_by_its_sector(cast: Cast, community: Area) -> None:
    named(cast, cast.member, "department", cast.here, sector="roads")
    water = named(cast, cast.stranger, "department", cast.here, sector="water")
    assert [post.pk for post in posts.holders("department", community, sector="water").posts] == [water.pk]
    assert posts.holders("department", community, sector="gas").seat.role == "city-staff"


def test_who_acts_costs_one_statement_however_far_it_goes_up(cast: Cast, community: Area) -> None:
    posts.holders("mediator", community)
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            posts.holders("micro-grid-leader", community)
        assert len(asked) == 1
        named(cast, somebody(70 + Post.objects.count()), "village-official", community)


def test_posts_are_told_to_their_holder_and_given_back_by_who_leaves(cast: Cast, community: Area) -> None:
    named(cast, cast.stranger, "community-secretary", community)
    told = own_data(cast.stranger)["posts"]
    assert [(row["role"], row["area__name"]) for row in told] == [("community-secretary", community.name)]
    tail = "0009"
    erasing.erase(tail, by=cast.stranger)
    assert posts.holders("community-secretary", community).went_up
