"""Which area is this point in.

Most of the land lies far from any boundary. It is cut into squares of about 2 km, and those that a boundary crosses
into squares of about 200 m; for a square on one side of all boundaries the smallest area around it is kept, so that
most questions are a look into a dictionary and, where towns have no boundaries, at the towns of one county.
"""

from dataclasses import dataclass
from math import cos, floor, radians

from shapely import box, points

from xianfeng.foundation.places import datum, tree
from xianfeng.foundation.places.models import Area, Level

SQUARES = (50, 500)  # a degree, large ones first
MOST_SQUARES = 200_000  # a city of 5,800 km² has 150,000 small ones
_SLACK = 1e-9  # degrees, more than what dividing and rounding can lose
Square = tuple[int, int, int]  # how many a degree, row, column


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


@dataclass(frozen=True)
class Around:
    """What is the same for all points of a square: the smallest area around it, and the towns that may be nearest."""

    place: Place
    towns: tuple[tuple[Place, float, float], ...]  # with their points


def locate(lat: float, lon: float) -> Place:
    """Return the place of a WGS-84 point. Raises Refused 'coordinates-invalid'."""
    lat, lon = datum.checked(lat, lon)
    areas = tree.current()
    around = _kept(areas, lat, lon) or _around(areas, _smallest_around(areas, lat, lon))
    return _nearest(around, lat, lon) if around.towns else around.place


def _kept(areas: tree.Tree, lat: float, lon: float) -> Around | None:
    """Return what is kept of the point's square; None where a boundary crosses it."""
    for fineness in SQUARES:
        square = fineness, floor(lat * fineness), floor(lon * fineness)
        if square not in areas.squares:
            _keep(areas, square)
        if around := areas.squares[square]:
            found: Around = around
            return found
    return None


def _keep(areas: tree.Tree, square: Square) -> None:
    if len(areas.squares) >= MOST_SQUARES:
        areas.squares.clear()
    areas.squares[square] = _around_all(areas, *square)


def _around_all(areas: tree.Tree, fineness: int, row: int, column: int) -> Around | None:
    """Return what is around all points of a square, None where that depends on the point."""
    south, west = row / fineness - _SLACK, column / fineness - _SLACK
    north, east = (row + 1) / fineness + _SLACK, (column + 1) / fineness + _SLACK
    square, boundaries = box(west, south, east, north), areas.boundaries
    met = boundaries.index.query(square, predicate="intersects")
    if not all(boundaries.shapes[at].covers(square) for at in met):
        return None
    return _around(areas, _smallest([boundaries.areas[at] for at in met]))


def _smallest_around(areas: tree.Tree, lat: float, lon: float) -> Area | None:
    """Return the lowest area whose boundary holds the point; on a shared border the lower code."""
    boundaries = areas.boundaries
    met = boundaries.index.query(points(lon, lat), predicate="intersects")
    return _smallest([boundaries.areas[at] for at in met])


def _smallest(found: list[Area]) -> Area | None:
    return min(found, key=lambda area: (-tree.DEPTH[area.level], area.code), default=None)


def _around(areas: tree.Tree, smallest: Area | None) -> Around:
    """Return what is known of all points whose smallest area with a boundary is `smallest`."""
    key = smallest.pk if smallest else None
    if key not in areas.around:
        areas.around[key] = _worked_out(areas, smallest)
    found: Around = areas.around[key]
    return found


def _worked_out(areas: tree.Tree, smallest: Area | None) -> Around:
    if smallest is None:
        return Around(Place(areas.root, None, None, outside=True, approximate=False), ())
    county, town = _above(areas, smallest, Level.COUNTY), _above(areas, smallest, Level.TOWN)
    place = Place(smallest, county, town, outside=False, approximate=False)
    return Around(place, _towns(areas, county) if county and not town else ())


def _above(areas: tree.Tree, area: Area, level: str) -> Area | None:
    return next((areas.by_id[up] for up in area.path if areas.by_id[up].level == level), None)


def _towns(areas: tree.Tree, county: Area) -> tuple[tuple[Place, float, float], ...]:
    """Return the towns of a county that have a point, in the order of their codes."""
    return tuple(
        (Place(town, county, town, outside=False, approximate=True), town.lat, town.lon)
        for town in areas.inside(county, Level.TOWN)
        if town.lat is not None and town.lon is not None
    )


def _nearest(around: Around, lat: float, lon: float) -> Place:
    """Return the place in the town whose point is nearest; of equal ones in the one with the lower code."""
    across = cos(radians(lat)) ** 2  # how long a degree of longitude is, squared
    best, least = around.place, float("inf")
    for place, town_lat, town_lon in around.towns:
        far = (town_lat - lat) ** 2 + (town_lon - lon) ** 2 * across
        if far < least:
            best, least = place, far
    return best
