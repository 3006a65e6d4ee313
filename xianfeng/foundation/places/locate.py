"""Which area is this point in.

Most of the land lies far from any border. It is cut into squares of about 2 km, those that a border crosses into smaller
ones, down to about 200 m; for a square whose points all have the same answer that answer is kept, so that most questions
are one look into a dictionary (2 µs instead of 110), also in a process that has just begun.
"""

from dataclasses import dataclass
from math import cos, floor, radians
from typing import Any

import numpy as np
from shapely import box, points

from xianfeng.foundation.places import datum, tree
from xianfeng.foundation.places.models import Area, Level

SQUARES = (50, 200, 500)  # a degree, large ones first
MOST_SQUARES = 200_000  # a city of 5,800 km² has 150,000
_SLACK = 1e-9  # degrees, more than what dividing and rounding can lose
_CLEARLY = 0.999
Square = tuple[int, int, int]  # how many a degree, row, column
Corners = tuple[tuple[float, float], ...]


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
    for fineness in SQUARES:
        square = fineness, floor(lat * fineness), floor(lon * fineness)
        if square not in areas.squares:
            _keep(areas, square)
        if place := areas.squares.get(square):
            return place
    return _place(areas, lat, lon)


def _keep(areas: tree.Tree, square: Square) -> None:
    if len(areas.squares) >= MOST_SQUARES:
        areas.squares.clear()
    areas.squares[square] = _place_of_all(areas, *square)


def _place_of_all(areas: tree.Tree, fineness: int, row: int, column: int) -> Place | None:
    """Return the place of all points of a square, None where it depends on the point."""
    south, west = row / fineness - _SLACK, column / fineness - _SLACK
    north, east = (row + 1) / fineness + _SLACK, (column + 1) / fineness + _SLACK
    square, boundaries = box(west, south, east, north), areas.boundaries
    met = boundaries.index.query(square, predicate="intersects")
    if not all(boundaries.shapes[at].covers(square) for at in met):
        return None
    corners = (south, west), (south, east), (north, west), (north, east)
    place = _place(areas, (south + north) / 2, (west + east) / 2)
    if place.approximate and place.county and not _same_nearest(areas, place.county, corners):
        return None
    return place


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


def _smallest_around(areas: tree.Tree, lat: float, lon: float) -> Area | None:
    """Return the lowest area whose boundary holds the point; on a shared border the lower code."""
    boundaries = areas.boundaries
    found = [boundaries.areas[at] for at in boundaries.index.query(points(lon, lat), predicate="intersects")]
    return min(found, key=lambda area: (-tree.DEPTH[area.level], area.code), default=None)


def _above(areas: tree.Tree, area: Area, level: str) -> Area | None:
    return next((areas.by_id[up] for up in area.path if areas.by_id[up].level == level), None)


def _nearest_town(areas: tree.Tree, county: Area, lat: float, lon: float) -> Area | None:
    """Return the town of a county whose point is nearest; of equal ones the lower code."""
    towns, far = _far_from_towns(areas, county, lat, lon)
    return towns[int(np.argmin(far))] if towns else None


def _same_nearest(areas: tree.Tree, county: Area, corners: Corners) -> bool:
    """Tell whether all points of a square have the same nearest town.

    Where a degree of longitude is equally long everywhere, the points nearest to a town are a convex shape: it holds a
    square that has its corners in it. Within a square that length changes by less than a thousandth (`_CLEARLY`).
    """
    nearest = set()
    for corner in corners:
        _, far = _far_from_towns(areas, county, *corner)
        nearest.add(int(np.argmin(far)))
        if len(nearest) > 1 or (len(far) > 1 and _evenly(far)):
            return False
    return True


def _evenly(far: Any) -> bool:
    first, second = np.partition(far, 1)[:2]
    return bool(first >= second * _CLEARLY)


def _far_from_towns(areas: tree.Tree, county: Area, lat: float, lon: float) -> tuple[list[Area], Any]:
    """Return the towns of a county in the order of their codes, and how far each is, in squared degrees of latitude."""
    if county.pk not in areas.placed_towns:
        areas.placed_towns[county.pk] = _placed(areas.inside(county, Level.TOWN))
    towns, middles = areas.placed_towns[county.pk]
    if not towns:
        return towns, np.empty(0)
    north = middles[:, 0] - lat
    east = (middles[:, 1] - lon) * cos(radians(lat))
    return towns, north**2 + east**2


def _placed(towns: list[Area]) -> tuple[list[Area], Any]:
    placed = [town for town in towns if town.lat is not None and town.lon is not None]
    return placed, np.array([(town.lat, town.lon) for town in placed])
