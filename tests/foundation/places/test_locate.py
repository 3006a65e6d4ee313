import math
import random

import pytest

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import datum, queries, tree
from xianfeng.foundation.places.locate import SQUARES, _around, _around_all, _smallest_around, locate
from xianfeng.foundation.places.models import Area, AreaVersion

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[119.9, 30.5], [120, 30.5], [120, 30.6], [119.9, 30.6], [119.9, 30.5]]],
}


def test_every_town_and_village_lies_where_it_belongs(huzhou: Area) -> None:
    for area in [*queries.towns(), *tree.current().inside(huzhou, "village")]:
        assert area.lat is not None
        assert area.lon is not None
        place = locate(area.lat, area.lon)
        assert place.county == queries.at_level(area, "county")
        assert place.town == queries.at_level(area, "town")


def test_a_point_in_a_county_is_given_its_nearest_town_as_approximate(huzhou: Area) -> None:
    place = locate(30.5400, 119.9600)
    assert place.county is not None
    assert (place.county.name, place.area.name, place.area) == ("德清县", "武康街道", place.town)
    assert place.approximate
    assert not place.outside


def test_a_point_outside_every_boundary_belongs_to_the_city(huzhou: Area) -> None:
    place = locate(31.2304, 121.4737)
    assert (place.area, place.county, place.town, place.outside) == (huzhou, None, None, True)


def test_a_boundary_of_a_town_decides_before_the_nearest_point(huzhou: Area) -> None:
    Area.objects.filter(code="330521114").update(boundary=SQUARE)
    tree.forget()
    place = locate(30.5416, 119.9594)
    assert place.area.code == "330521114"
    assert place.town == place.area
    assert not place.approximate


def test_points_on_a_shared_border_always_get_the_same_county(huzhou: Area) -> None:
    lowest = tree.current().boundaries.shapes[0].boundary  # codes ascend: it wins every tie
    for lon, lat in list(lowest.coords)[:200]:
        place = locate(lat, lon)
        assert place.county is not None
        assert place.county.code == "330502"


@pytest.mark.parametrize(("lat", "lon", "field"), [(math.nan, 120, "lat"), (30, 999, "lon"), (-91, 0, "lat")])
def test_what_is_no_place_on_earth_is_refused(lat: float, lon: float, field: str) -> None:
    with pytest.raises(Refused) as said:
        locate(lat, lon)
    assert (said.value.refusal.code, said.value.refusal.field) == ("coordinates-invalid", field)


def test_without_areas_the_answer_names_the_command(nowhere: None) -> None:
    with pytest.raises(LookupError, match="xianfeng areas load"):
        locate(30.87, 120.09)


def test_another_process_sees_changed_areas_once_it_looks(
    huzhou: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.by_code("330521003").name == "阜溪街道"
    Area.objects.filter(code="330521003").update(name="阜溪新街道")
    AreaVersion.objects.update(version=999)
    assert queries.by_code("330521003").name == "阜溪街道"
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 0.0)
    assert queries.by_code("330521003").name == "阜溪新街道"


@pytest.mark.parametrize(("fineness", "kept_at_least"), [(50, 500), (500, 700)])
def test_what_is_kept_of_a_square_is_what_each_of_its_points_answers(
    huzhou: Area, fineness: int, kept_at_least: int
) -> None:
    areas, rng, kept = tree.current(), random.Random(3), 0
    for _ in range(800):
        row = rng.randrange(int(30.36 * fineness), int(31.2 * fineness))
        column = rng.randrange(int(119.2 * fineness), int(120.5 * fineness))
        near = [((row + rng.random()) / fineness, (column + rng.random()) / fineness) for _ in range(3)]
        corners = [((row + up) / fineness, (column + right) / fineness) for up in (0, 1) for right in (0, 1)]
        if (of_all := _around_all(areas, fineness, row, column)) is not None:
            kept += 1
            smallest = {_smallest_around(areas, *point) for point in (*near, *corners)}
            assert {_around(areas, one) for one in smallest} == {of_all}
    assert kept > kept_at_least


def test_the_nearest_town_is_found_by_looking_at_all_of_them(huzhou: Area) -> None:
    areas, rng = tree.current(), random.Random(5)
    for _ in range(300):
        lat, lon = rng.uniform(30.4, 31.1), rng.uniform(119.4, 120.4)
        place = locate(lat, lon)
        if place.county is None:
            continue
        towns = [town for town in areas.inside(place.county, "town") if town.lat and town.lon]
        metres = [datum.metres_between(lat, lon, town.lat or 0, town.lon or 0) for town in towns]
        assert place.town in towns
        assert metres[towns.index(place.town)] <= min(metres) * 1.001


def test_squares_that_are_kept_are_bounded(huzhou: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xianfeng.foundation.places.locate.MOST_SQUARES", 5)
    for step in range(40):
        locate(30.5 + step / max(SQUARES), 119.9)
        assert len(tree.current().squares) <= 5
