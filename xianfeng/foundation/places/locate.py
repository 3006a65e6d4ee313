"""Which area is this point in."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
from shapely import points

from xianfeng.foundation.places import datum, tree
from xianfeng.foundation.places.models import Area, Level


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
