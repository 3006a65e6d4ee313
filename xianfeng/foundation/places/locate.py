"""Which area is this point in."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

import numpy as np
from shapely import Polygon, points

from xianfeng.foundation.places import cells, datum, tree
from xianfeng.foundation.places.models import Area, Level

_WIDER = 1.1  # the sides of a cell are not quite straight


@dataclass(frozen=True)
class Place:
    """Where a point lies: the smallest area known there, its county and town, and how sure that is.

    `outside`: within no boundary; the area is then the city. `approximate`: the town is the one whose point
    is nearest within the county, since no boundary of towns is known there.
    """

    area: Area
    county: Area | None
    town: Area | None
    outside: bool
    approximate: bool


def locate(lat: float, lon: float) -> Place:
    """Return the place of a WGS-84 point. Raises Refused 'coordinates-invalid'."""
    lat, lon = datum.checked(lat, lon)
    areas = tree.current()
    cell = cells.coarse(lat, lon)
    if cell not in areas.places:
        areas.places[cell] = _place_of_all(areas, cell, lat, lon)
    return areas.places[cell] or _place(areas, lat, lon)


def _place(areas: tree.Tree, lat: float, lon: float) -> Place:
    smallest = _smallest_around(areas, lat, lon)
    if smallest is None:
        return Place(areas.root, None, None, outside=True, approximate=False)
    county = _above(areas, smallest, Level.COUNTY)
    town = _above(areas, smallest, Level.TOWN)
    if town is None and county is not None:
        nearest = _nearest_town(areas, county, lat, lon)
        return Place(nearest or smallest, county, nearest, outside=False, approximate=nearest is not None)
    return Place(smallest, county, town, outside=False, approximate=False)


def _place_of_all(areas: tree.Tree, cell: int, lat: float, lon: float) -> Place | None:
    """Return the place that all points of a cell share; None where a border runs through it, or may."""
    north, east, corners = cells.outline(cell)
    around = Polygon([(east + _WIDER * (y - east), north + _WIDER * (x - north)) for x, y in corners])
    boundaries = areas.boundaries
    near = boundaries.index.query(around, predicate="intersects")
    if not all(boundaries.shapes[at].covers(around) for at in near):
        return None
    place = _place(areas, lat, lon)
    if place.approximate and place.county and not _one_is_nearest(areas, place.county, north, east, corners):
        return None
    return place


def _one_is_nearest(
    areas: tree.Tree, county: Area, north: float, east: float, corners: Sequence[tuple[float, float]]
) -> bool:
    """Tell whether one town of the county is nearest to a whole cell: no middle line comes near it."""
    wide = cos(radians(north))
    reach = max(hypot(x - north, (y - east) * wide) for x, y in corners)
    _, middles = areas.placed_towns[county.pk]
    far = np.sort(np.hypot(middles[:, 0] - north, (middles[:, 1] - east) * wide))
    return len(far) < 2 or bool(far[1] - far[0] > 2 * _WIDER * reach)


def _smallest_around(areas: tree.Tree, lat: float, lon: float) -> Area | None:
    """Return the lowest area whose boundary holds the point; on a shared border the lower code."""
    boundaries = areas.boundaries
    found = [boundaries.areas[at] for at in boundaries.index.query(points(lon, lat), predicate="intersects")]
    return min(found, key=lambda area: (-tree.DEPTH[area.level], area.code), default=None)


def _above(areas: tree.Tree, area: Area, level: str) -> Area | None:
    return next((areas.by_id[up] for up in area.path if areas.by_id[up].level == level), None)


def _nearest_town(areas: tree.Tree, county: Area, lat: float, lon: float) -> Area | None:
    """Return the town of a county whose point is nearest; of equal ones the lower code."""
    if county.pk not in areas.placed_towns:
        areas.placed_towns[county.pk] = _placed(areas.inside(county, Level.TOWN))
    towns, middles = areas.placed_towns[county.pk]
    if not towns:
        return None
    north = middles[:, 0] - lat
    east = (middles[:, 1] - lon) * cos(radians(lat))
    return towns[int(np.argmin(north**2 + east**2))]


def _placed(towns: list[Area]) -> tuple[list[Area], Any]:
    placed = [town for town in towns if town.lat is not None and town.lon is not None]
    return placed, np.array([(town.lat, town.lon) for town in placed])
