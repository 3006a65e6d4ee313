"""Gaps and overlaps: how cells lie in what holds them, in square metres, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from shapely import STRtree, union_all
from shapely.geometry.base import BaseGeometry

_DEGREE = 111_195.0  # metres in one degree of latitude, on the mean sphere


@dataclass(frozen=True)
class Finding:
    """One thing found: `kind` is 'gap', 'overlap' or 'outside'; the cells it is about; m²; a point within it."""

    kind: str
    codes: tuple[str, ...]
    square_metres: int
    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{self.kind} of {self.square_metres:,} m² at {self.lat}, {self.lon}: {', '.join(self.codes)}"


def square_metres(shape: BaseGeometry) -> float:
    """Return the area of a geometry in degrees (lon, lat): a plane at its middle, right within 0.1 % for a city."""
    if shape.is_empty:
        return 0.0
    _, south, _, north = shape.bounds
    return float(shape.area) * _DEGREE * _DEGREE * cos(radians((south + north) / 2))


def survey(
    holder: str, around: BaseGeometry, cells: Mapping[str, BaseGeometry], least: Mapping[str, float]
) -> list[Finding]:
    """Return what is not in order with the cells of one area, the largest first.

    `around` is the boundary of `holder`; an empty one means that none is known: then only overlaps are looked for.
    `least`: m² from which each kind is told.
    """
    found = list(_overlaps(cells, least["overlap"]))
    if not around.is_empty and cells:
        for code, cell in cells.items():
            found += _parts("outside", (code, holder), cell.difference(around), least["outside"])
        left = around.difference(union_all(list(cells.values())))
        found += _parts("gap", (holder,), left, least["gap"])
    return sorted(found, key=lambda one: (-one.square_metres, one.codes))


def _overlaps(cells: Mapping[str, BaseGeometry], least: float) -> list[Finding]:
    """Return where two cells hold the same ground; the index spares the comparison of all with all."""
    codes, shapes = list(cells), list(cells.values())
    found: list[Finding] = []
    for at, shape in enumerate(shapes):
        for other in sorted(int(one) for one in STRtree(shapes).query(shape, predicate="intersects")):
            if other > at:
                found += _parts(
                    "overlap", (codes[at], codes[other]), shape.intersection(shapes[other]), least
                )
    return found


def _parts(kind: str, codes: tuple[str, ...], shape: BaseGeometry, least: float) -> list[Finding]:
    """Return a finding for each piece of ground that is large enough to be told."""
    pieces: Sequence[Any] = getattr(shape, "geoms", [shape])
    found = []
    for piece in pieces:
        size = square_metres(piece)
        if size >= least:
            inner = piece.representative_point()
            found.append(Finding(kind, codes, round(size), round(inner.y, 6), round(inner.x, 6)))
    return found
