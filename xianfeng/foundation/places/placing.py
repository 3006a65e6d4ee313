"""Where an area without a surveyed point is drawn: one rule, the same answer every time.

The rule (docs/places.md tells it to readers). Surveyed points stay; of siblings on the very same point only
the lowest code counts as surveyed. Then, from the top down and by code:

1. a county stands on a point inside its boundary; without a boundary on the mean of its surveyed towns;
2. a town without a point stands inside its county. Streets (digits 7 to 9 of the code below 100, GB/T 10114)
   stand together: on a sunflower spiral, 1.5 km wide at first, around the county's first surveyed street.
   Other towns take the point of a 0.02 degree lattice inside the county that is farthest from all towns
   placed before and from the border (which counts twice as far as it is);
3. villages stand on a spiral around their town, 0.6 km wide at first, where their own town is the nearest;
   grids stand on the point of their village.

A spiral that finds no room is drawn again half as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import pi, sqrt
from typing import Any

import numpy as np
from shapely import contains_xy, distance, points
from shapely.geometry.base import BaseGeometry

from xianfeng.foundation.places.models import Level

_LATTICE = 0.02  # degrees
_METRES = 111_195.0  # in one degree of latitude
_GOLDEN = pi * (3 - sqrt(5))
_STREETS_APART, _BELOW_APART = 1_500.0, 600.0
_HALVINGS = 12

Array = np.ndarray[Any, np.dtype[Any]]
Point = tuple[float, float]  # lat, lon


@dataclass
class Spot:
    """One area as the rule sees it; `surveyed` when its point was given. `below` in the order of codes."""

    code: str
    level: str
    boundary: BaseGeometry | None = None
    point: Point | None = None
    surveyed: bool = False
    below: list["Spot"] = field(default_factory=list)


def place(root: Spot, centre: Point) -> None:
    """Give every spot below `root` without a surveyed point one by the rule; the root stands on `centre`."""
    root.point = root.point if root.surveyed and root.point else centre
    _only_one_of_twins(root.below)
    for county in root.below:
        _only_one_of_twins(county.below)
        if not county.surveyed:
            county.point = _middle(county) or centre
        _place_towns(county)
        for town in county.below:
            _place_below(town, county)


def _only_one_of_twins(siblings: list[Spot]) -> None:
    seen: set[Point | None] = set()
    for spot in siblings:
        if spot.surveyed and spot.point in seen:
            spot.surveyed, spot.point = False, None
        elif spot.surveyed:
            seen.add(spot.point)


def _middle(county: Spot) -> Point | None:
    if county.boundary is not None:
        inner = county.boundary.representative_point()
        return (round(inner.y, 6), round(inner.x, 6))
    known = [town.point for town in county.below if town.surveyed and town.point]
    return _mean(known) if known else None


def _mean(known: Sequence[Point]) -> Point:
    lat, lon = np.array(known).mean(axis=0)
    return (round(float(lat), 6), round(float(lon), 6))


def _place_towns(county: Spot) -> None:
    streets = [town for town in county.below if _is_street(town)]
    seat = next((town.point for town in streets if town.surveyed), None) or county.point
    assert seat is not None  # noqa: S101 - a county has its point before its towns
    taken = [town.point for town in county.below if town.surveyed and town.point]
    for town in streets:
        if not town.surveyed:
            town.point = _beside(seat, taken, county)
            taken.append(town.point)
    lattice, from_border = _lattice(county)
    for town in county.below:
        if not town.surveyed and not _is_street(town):
            town.point = _farthest(taken, lattice, from_border) or _beside(seat, taken, county)
            taken.append(town.point)


def _is_street(town: Spot) -> bool:
    return town.level == Level.TOWN and town.code[6:9].isdigit() and int(town.code[6:9]) < 100


def _beside(seat: Point, taken: list[Point], county: Spot) -> Point:
    """Return the first point of the spiral in the county that is not too near to one taken already."""
    apart = _STREETS_APART

    def free(spots: Array) -> Array:
        return _metres_to_nearest(spots, taken) >= apart * 0.6 if taken else np.ones(len(spots), bool)

    for _ in range(_HALVINGS):
        spiral = _spiral(seat, apart, 400)
        spiral = spiral[_within(county, spiral) & free(spiral)]
        if len(spiral):
            return _rounded(spiral[0])
        apart /= 2
    return seat


def _lattice(county: Spot) -> tuple[Array, Array]:
    """Return the lattice points inside the county, and how many metres each is from its border at least."""
    if county.boundary is None:
        return np.empty((0, 2)), np.empty(0)
    west, south, east, north = county.boundary.bounds
    lats = np.arange(np.ceil(south / _LATTICE), north / _LATTICE) * _LATTICE
    lons = np.arange(np.ceil(west / _LATTICE), east / _LATTICE) * _LATTICE
    lattice = np.array([(lat, lon) for lat in lats for lon in lons]).reshape(-1, 2)
    lattice = lattice[_within(county, lattice)]
    far = distance(county.boundary.boundary, points(lattice[:, 1], lattice[:, 0]))
    return lattice, far * _METRES * np.cos(np.radians(lattice[:, 0]))


def _farthest(taken: list[Point], lattice: Array, from_border: Array) -> Point | None:
    """Return the lattice point farthest from what is taken, the border counting as twice as far."""
    if not taken or not len(lattice):
        return None
    return _rounded(lattice[int(np.minimum(_metres_to_nearest(lattice, taken), 2 * from_border).argmax())])


def _place_below(town: Spot, county: Spot) -> None:
    """Place villages around their town, grids around their village, and so on down."""
    missing = [spot for spot in town.below if not spot.surveyed]
    rivals = [other.point for other in county.below if other.point and other.point != town.point]
    assert town.point is not None  # noqa: S101 - placed before what is below it
    for spot, point in zip(missing, _around(town.point, rivals, county, len(missing)), strict=True):
        spot.point = point
    for spot in town.below:
        for deeper in spot.below:
            if not deeper.surveyed:
                deeper.point = spot.point
            deeper.below = [_on(under, deeper.point) for under in deeper.below]


def _on(spot: Spot, point: Point | None) -> Spot:
    if not spot.surveyed:
        spot.point = point
    return spot


def _around(own: Point, rivals: list[Point], county: Spot, count: int) -> list[Point]:
    """Return the first `count` points of a spiral around `own`, in the county and nearest to `own`."""
    apart = _BELOW_APART
    for _ in range(_HALVINGS if count else 0):
        spiral = _spiral(own, apart, 12 * count + 60)[1:]
        inside = _within(county, spiral)
        if rivals:
            inside &= _metres_to_nearest(spiral, [own]) < _metres_to_nearest(spiral, rivals)
        if inside.sum() >= count:
            return [_rounded(point) for point in spiral[inside][:count]]
        apart /= 2
    return [own] * count


def _spiral(middle: Point, apart: float, count: int) -> Array:
    turns = np.arange(count)
    far, angle = apart * np.sqrt(turns) / _METRES, turns * _GOLDEN
    lats = middle[0] + far * np.sin(angle)
    lons = middle[1] + far * np.cos(angle) / np.cos(np.radians(middle[0]))
    return np.column_stack([lats, lons])


def _within(county: Spot, spots: Array) -> Array:
    if county.boundary is None:
        return np.ones(len(spots), bool)
    inside: Array = contains_xy(county.boundary, spots[:, 1], spots[:, 0])
    return inside


def _metres_to_nearest(spots: Array, others: list[Point]) -> Array:
    there = np.array(others)
    north = spots[:, None, 0] - there[None, :, 0]
    east = (spots[:, None, 1] - there[None, :, 1]) * np.cos(np.radians(spots[:, None, 0]))
    nearest: Array = np.sqrt(north**2 + east**2).min(axis=1) * _METRES
    return nearest


def _rounded(point: Array) -> Point:
    return (round(float(point[0]), 6), round(float(point[1]), 6))
