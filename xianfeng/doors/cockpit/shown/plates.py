"""The map as the server draws it: plates of the areas below, points where no boundary is known. Needs no script."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import Any

from shapely import Point, union_all
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from xianfeng.foundation.places import city, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area

WIDTH, HEIGHT = 960.0, 700.0
MARGIN = 24.0
TOLERANCE = 0.002  # degrees: about 200 m
SHADES = 5
_LEAST = 0.04  # degrees: an area that is one point is shown with so much around it


@dataclass(frozen=True)
class Frame:
    """From degrees (WGS-84) to the drawing: x grows east, y south."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    squeeze: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point stands in the drawing."""
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


@dataclass(frozen=True)
class Plate:
    """One area's outline as an SVG path, and where its name stands."""

    area: Area
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """The frame, its degrees (west, south, east, north), the plates, and the areas that are points with their place."""

    frame: Frame
    bounds: tuple[float, float, float, float]
    plates: list[Plate]
    points: list[tuple[Area, float, float]]
    outline_path: str


def drawn(area: Area) -> Drawn:
    """Return the drawing of what lies below `area`; kept until areas change."""
    return _drawn(tree.current().version, area.pk)


@lru_cache(maxsize=256)
def _drawn(version: int, pk: int) -> Drawn:  # noqa: ARG001 - a new version is a new drawing
    area = tree.find(pk)
    shapes = outlines()
    below = places.children(area)
    bounded = [one for one in below if one.pk in shapes]
    ground = _ground(area, shapes, bounded)
    spots = [
        (one, one.lon, one.lat)
        for one in below
        if one.pk not in shapes and one.lon is not None and one.lat is not None
    ]
    own = [(area.lon, area.lat)] if area.lon is not None and area.lat is not None else []
    whole = bool(bounded) or area.pk in shapes
    bounds = _bounds(ground, [] if whole else [(lon, lat) for _, lon, lat in spots] or own)
    frame = _frame(bounds)
    plates = [_plate(one, shapes[one.pk], frame) for one in bounded]
    return Drawn(
        frame, bounds, plates, [(one, *frame.at(lon, lat)) for one, lon, lat in spots],
        "" if bounded or ground is None else path(ground, frame),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _outlines(version: int) -> dict[int, BaseGeometry]:  # noqa: ARG001 - a new version is a new answer
    boundaries = tree.current().boundaries
    pairs = zip(boundaries.areas, boundaries.shapes, strict=True)
    return {area.pk: shape.simplify(TOLERANCE) for area, shape in pairs if not shape.is_empty}


def outlines() -> dict[int, BaseGeometry]:
    """Return the simplified boundaries by area id."""
    return _outlines(tree.current().version)


def _ground(area: Area, shapes: dict[int, BaseGeometry], bounded: list[Area]) -> BaseGeometry | None:
    """Return what the map shows whole: the area itself, else what is below, else the smallest known area around it."""
    if area.pk in shapes:
        return shapes[area.pk]
    if bounded:
        return union_all([shapes[one.pk] for one in bounded])
    return next((shapes[one] for one in reversed(area.path) if one in shapes), None)


def _bounds(
    ground: BaseGeometry | None, points: list[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """Return the degrees to show: around `points` where there are some, else the ground, else what a city may be."""
    around = union_all([Point(lon, lat).buffer(_LEAST) for lon, lat in points]) if points else ground
    if around is None:
        middle = city.served()
        around = Point(middle.lon, middle.lat).buffer(10 * _LEAST)
    west, south, east, north = around.bounds
    return west, south, east, north


def _frame(bounds: tuple[float, float, float, float]) -> Frame:
    west, south, east, north = bounds
    squeeze = cos(radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, _LEAST), max(north - south, _LEAST)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return Frame(west, north, scale, (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2, squeeze)


def path(shape: BaseGeometry, frame: Frame) -> str:
    """Return a geometry as an SVG path."""
    return " ".join(
        _ring(ring.coords, frame)
        for polygon in _polygons(shape)
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _polygons(shape: BaseGeometry) -> list[Any]:
    return [one for one in getattr(shape, "geoms", [shape]) if one.geom_type == "Polygon"]


def _ring(coordinates: Any, frame: Frame) -> str:
    points = [frame.at(lon, lat) for lon, lat in coordinates]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _plate(area: Area, shape: BaseGeometry, frame: Frame) -> Plate:
    middle = shape.representative_point()
    return Plate(area, path(shape, frame), *frame.at(middle.x, middle.y))


def geometry(area: Area) -> dict[str, Any] | None:
    """Return the simplified boundary as GeoJSON; None where it is not known."""
    shape = outlines().get(area.pk)
    return mapping(shape) if shape is not None else None


def middle(area: Area) -> tuple[float, float] | None:
    """Return where an area's name stands (lon, lat), None where nobody knows."""
    shape = outlines().get(area.pk)
    if shape is not None:
        point = shape.representative_point()
        return point.x, point.y
    return (area.lon, area.lat) if area.lon is not None and area.lat is not None else None


def shade(value: float | None, most: float) -> int:
    """Return which of the five grounds a value has beside the largest."""
    return min(SHADES - 1, int(SHADES * (value or 0) / most)) if most else 0
