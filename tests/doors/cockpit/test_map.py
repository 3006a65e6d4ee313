"""Marks of the map: counts by cells that lead to exactly their rows, however many there are."""

from tests.cast import Cast, need, taken
from tests.doors.cockpit.conftest import delivered
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.models import Spot
from xianfeng.doors.cockpit.queries import lists
from xianfeng.doors.cockpit.queries import map as marks
from xianfeng.doors.cockpit.scope import public_scope, scope_for
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import cells


def test_every_mark_of_needs_leads_to_as_many_rows_as_it_counts(cast: Cast, city_leader: Person) -> None:
    for north in (0.0, 0.0, 0.03, 0.2):
        need(cast.resident, north=north)
    delivered()
    scope = scope_for(city_leader)
    for zoom in (6.0, 9.0, 14.0):
        found = marks.layer(scope, Filters(), "needs", zoom=zoom)["features"]
        assert sum(one["properties"]["waiting"] for one in found) == 4
        for one in found:
            link = one["properties"]["link"]
            asked = Filters.parsed(link)
            assert len(lists.rows(scope, asked, link["measure"]).rows) == one["properties"]["waiting"]


def test_what_is_taken_or_withdrawn_leaves_no_waiting_mark(cast: Cast, city_leader: Person) -> None:
    taken(cast)
    delivered()
    (mark,) = marks.layer(scope_for(city_leader), Filters(), "needs", zoom=12)["features"]
    assert {name: mark["properties"][name] for name in ("waiting", "in_hand")} == {"waiting": 0, "in_hand": 1}
    assert mark["properties"]["link"]["measure"] == "in_hand"


def test_filters_count_the_same_as_the_sums(cast: Cast, city_leader: Person) -> None:
    need(cast.resident, category="electric")
    need(cast.resident, category="farming")
    delivered()
    scope = scope_for(city_leader)
    for layer, name in (("needs", "waiting"), ("heat", "raised")):
        both = marks.layer(scope, Filters(), layer, zoom=12)["features"]
        one = marks.layer(scope, Filters(category="farming"), layer, zoom=12)["features"]
        assert (both[0]["properties"][name], one[0]["properties"][name]) == (2, 1)


def test_the_public_sees_no_mark_of_fewer_than_three(cast: Cast) -> None:
    need(cast.resident)
    need(cast.resident)
    delivered()
    assert marks.layer(public_scope(), Filters(), "needs", zoom=12)["features"] == []
    need(cast.stranger)
    delivered()
    assert len(marks.layer(public_scope(), Filters(), "needs", zoom=12)["features"]) == 1


def test_pioneers_are_marked_with_their_kinds(cast: Cast, city_leader: Person) -> None:
    (mark,) = marks.layer(scope_for(city_leader), Filters(), "pioneers", zoom=9)["features"]
    assert {name: mark["properties"][name] for name in ("individuals", "collectives")} == {
        "individuals": 2, "collectives": 1,
    }  # fmt: skip


def test_a_million_marks_are_a_few_cells(cast: Cast, city_leader: Person) -> None:
    middle = cells.cell(30.87, 120.09)
    rings = [one for step in range(12) for one in cells.ring(middle, step)]
    Spot.objects.bulk_create(
        [
            Spot(area_id=cast.city.pk, cell=one, month=None, waiting=1_000_000 // len(rings) + 1)
            for one in rings
        ]
    )
    found = marks.layer(scope_for(city_leader), Filters(), "needs", zoom=9)["features"]
    assert len(found) < len(rings) / 5
    assert sum(one["properties"]["waiting"] for one in found) >= 1_000_000


def test_cells_grow_smaller_with_the_zoom() -> None:
    assert [marks.resolution(zoom) for zoom in (5, 8, 9.5, 11, 20)] == [4, 5, 6, 7, 7]
