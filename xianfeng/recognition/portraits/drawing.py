"""Numbers of a portrait's drawings: the course of the index, the map, strips of a field. Lengths are SVG user units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, floor, radians, sqrt

from shapely.geometry.base import BaseGeometry

from xianfeng.foundation.places import cells, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Level
from xianfeng.recognition.portraits.queries.counted import Spot
from xianfeng.recognition.portraits.queries.course import Point

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 340.0, 30.0, 332.0, 14.0, 124.0
_TOLERANCE = 0.004  # degrees: about 400 m, two thirds of a pixel of the map
_STEPS = (5, 10, 20, 50)
_HALF_LABEL = 18.0


@dataclass(frozen=True)
class Tick:
    """A mark at an axis: where it stands and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A month of the course: where it stands, its first day, its index and rank."""

    x: float
    y: float
    month: date
    index: float
    rank: int


@dataclass(frozen=True)
class Course:
    """The course: a line and a band of uncertainty for each run of months, dots, and marks at both axes."""

    lines: list[str]
    bands: list[str]
    dots: list[Dot]
    across: list[Tick]
    up: list[Tick]


def course(points: Sequence[Point], months: Sequence[date]) -> Course:
    """Return the drawing of a course over `months`; a month without a place breaks the line."""
    low, high, step = _range(points)
    place = {month: _between(at, len(months)) for at, month in enumerate(months)}
    known = [point for point in points if point.month in place]

    def y(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    runs = _runs(known, months)
    return Course(
        lines=[" ".join(f"{place[one.month]},{y(one.index)}" for one in run) for run in runs if len(run) > 1],
        bands=[_band(run, place, y) for run in runs if len(run) > 1],
        dots=[Dot(place[one.month], y(one.index), one.month, one.index, one.rank) for one in known],
        across=[Tick(min(place[month], RIGHT - _HALF_LABEL), f"{month:%Y-%m}") for month in months[5::6]],
        up=[Tick(y(value), f"{value}") for value in range(low, high + 1, step)],
    )


def _range(points: Sequence[Point]) -> tuple[int, int, int]:
    """Return the lowest and the highest mark and their step: whole steps around what is drawn."""
    lowest = min((one.index - one.half_width for one in points), default=0.0)
    highest = max((one.index + one.half_width for one in points), default=100.0)
    lowest, highest = max(0.0, lowest), min(100.0, highest)
    step = next((one for one in _STEPS if highest - lowest <= 4 * one), _STEPS[-1])
    low, high = floor(lowest / step) * step, ceil(highest / step) * step
    return low, max(high, low + step), step


def _between(at: int, count: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * at / max(1, count - 1), 1)


def _runs(points: Sequence[Point], months: Sequence[date]) -> list[list[Point]]:
    order = {month: at for at, month in enumerate(months)}
    runs: list[list[Point]] = [[points[0]]] if points else []
    for before, after in pairwise(points):
        if order[after.month] == order[before.month] + 1:
            runs[-1].append(after)
        else:
            runs.append([after])
    return runs


def _band(run: Sequence[Point], place: dict[date, float], y: Callable[[float], float]) -> str:
    above = [f"{place[one.month]},{y(one.index + one.half_width)}" for one in run]
    below = [f"{place[one.month]},{y(one.index - one.half_width)}" for one in reversed(run)]
    return " ".join([*above, *below])


@dataclass(frozen=True)
class County:
    """A county's outline as an SVG path, and where its name stands; `key` is the area's id."""

    key: int
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """A cell in which something was done: its middle, the dot's radius, how many."""

    x: float
    y: float
    r: float
    done: int


@dataclass(frozen=True)
class Map:
    """The map: how high it is (WIDTH wide), the counties, the dots from the largest to the smallest."""

    height: float
    counties: tuple[County, ...]
    marks: list[Mark]


@dataclass(frozen=True)
class _Ground:
    west: float
    north: float
    scale: float
    squeeze: float
    height: float
    counties: tuple[County, ...]

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale
        return round(x + _MARGIN, 1), round(y + _MARGIN, 1)


_MARGIN, _SMALLEST, _LARGEST = 8.0, 4.0, 15.0


def map_of(spots: Sequence[Spot]) -> Map | None:
    """Return the map of where somebody helped: middles of cells of about 5 km², never a door. None without outlines."""
    ground = _ground(tree.current().version)
    if ground is None:
        return None
    most = max((spot.done for spot in spots), default=1)
    marks = [_mark(ground, spot, most) for spot in spots]
    shown = [one for one in marks if 0 <= one.x <= WIDTH and 0 <= one.y <= ground.height]
    return Map(ground.height, ground.counties, sorted(shown, key=lambda one: -one.r))


def _mark(ground: _Ground, spot: Spot, most: int) -> Mark:
    x, y = ground.at(*cells.middle(spot.cell))
    share = sqrt(spot.done / most)
    return Mark(
        x, y, round(_SMALLEST + (_LARGEST - _SMALLEST) * share * min(1.0, sqrt(most) / 3), 1), spot.done
    )


@lru_cache(maxsize=4)
def _ground(version: int) -> _Ground | None:  # noqa: ARG001 - a new version is another ground
    known = tree.current().boundaries
    found = [
        (area.pk, outline.simplify(_TOLERANCE))
        for area, outline in zip(known.areas, known.shapes, strict=True)
        if area.level == Level.COUNTY and not outline.is_empty
    ]
    if not found:
        return None
    boxes = [outline.bounds for _, outline in found]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
    height = round((north - south) * scale + 2 * _MARGIN, 1)
    bare = _Ground(west, north, scale, squeeze, height, ())
    counties = tuple(_county(bare, key, outline) for key, outline in found)
    return _Ground(west, north, scale, squeeze, height, counties)


def _county(ground: _Ground, key: int, outline: BaseGeometry) -> County:
    rings = [part.exterior for part in getattr(outline, "geoms", [outline])]
    lines = (" ".join("{},{}".format(*ground.at(lat, lon)) for lon, lat in ring.coords) for ring in rings)
    inside = outline.representative_point()
    return County(key, " ".join(f"M{line}Z" for line in lines), *ground.at(inside.y, inside.x))


def county_name(county: County, language: str) -> str:
    """Return a county's name on the map; in English without County or District, which neighbours have no room for."""
    name = places.name(tree.find(county.key), language)
    return name.removesuffix(" County").removesuffix(" District")


@dataclass(frozen=True)
class Strip:
    """A field on one line of 200 units: its quarters (box), its median, and where one's own number stands."""

    left: float
    length: float
    median: float
    own: float | None


def strip(values: Sequence[float], own: float | None) -> Strip:
    """Return the strip of a field's numbers; `own` None where nothing is known."""
    ordered = sorted(values)
    low, high = ordered[0], ordered[-1]
    wide = (high - low) or 1.0

    def x(value: float) -> float:
        return round(6 + 188 * (min(max(value, low), high) - low) / wide, 1)

    left, middle, right = (x(quantile(ordered, share)) for share in (0.25, 0.5, 0.75))
    return Strip(left, round(right - left, 1), middle, None if own is None else x(own))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of numbers in order, between neighbours in proportion."""
    at = share * (len(ordered) - 1)
    below = floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
