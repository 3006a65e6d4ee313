"""All areas in memory, once a process: they change rarely and are asked for all the time.

A process looks at most every 10 seconds whether the areas' version has moved on; the process that changes
them sees its change at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from shapely import Polygon, STRtree, prepare
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from xianfeng.foundation.places import city
from xianfeng.foundation.places.models import Area, AreaVersion, Level

_LOOK_EVERY_SECONDS = 10.0
DEPTH = {level: depth for depth, level in enumerate(Level.values)}


@dataclass(frozen=True)
class Boundaries:
    """The boundaries of active areas, in the order of `areas`, with their spatial index."""

    areas: list[Area]
    shapes: list[BaseGeometry]
    index: STRtree


def outline(boundary: dict[str, Any] | None) -> BaseGeometry:
    """Return a stored boundary as a geometry (lon, lat; WGS-84); an empty one where there is none."""
    return shape(boundary) if boundary else Polygon()


class Tree:
    """The areas as read at one version. The rows are shared: read them, never change them."""

    def __init__(self, areas: Iterable[Area], version: int) -> None:
        self.version = version
        self.by_id = {area.pk: area for area in areas}
        self.by_code = {area.code: area for area in self.by_id.values()}
        self.full_names: dict[tuple[int, bool], str] = {}  # filled by queries.full_name
        self.around: dict[int | None, Any] = {}  # filled by locate
        self.squares: dict[tuple[int, int, int], Any] = {}  # filled by locate
        self.below: dict[int | None, list[Area]] = {}
        for area in self.by_id.values():
            self.below.setdefault(area.parent_id, []).append(area)

    @property
    def root(self) -> Area:
        """Return the served city. Raises LookupError when the areas have not been loaded."""
        code = city.served().code
        if code not in self.by_code:
            raise LookupError(f"area {code} is not loaded: run `xianfeng areas load`")
        return self.by_code[code]

    @cached_property
    def boundaries(self) -> Boundaries:
        """Read the boundaries of active areas (one statement, on first use)."""
        rows = (
            Area.objects.filter(active=True, boundary__isnull=False).order_by("code").values("id", "boundary")
        )
        found = [(self.by_id[row["id"]], outline(row["boundary"])) for row in rows if row["id"] in self.by_id]
        shapes = [geometry for _, geometry in found]
        prepare(shapes)
        return Boundaries([area for area, _ in found], shapes, STRtree(shapes))

    def inside(self, area: Area, level: str) -> list[Area]:
        """Return the active areas of `level` below `area`, or `area` itself if it has that level; by code."""
        if area.level == level:
            return [area]
        return [
            found
            for child in self.below.get(area.pk, [])
            if child.active and DEPTH[child.level] <= DEPTH[level]
            for found in self.inside(child, level)
        ]


_kept: dict[tuple[object, object, object], tuple[Tree, float]] = {}
_lock = Lock()


def current() -> Tree:
    """Return the areas: no statement while the kept ones are fresh, one to look, one to read."""
    key = _key()
    kept = _kept.get(key)
    if kept and monotonic() - kept[1] < _LOOK_EVERY_SECONDS:
        return kept[0]
    with _lock:
        tree = kept[0] if kept and kept[0].version == _version() else _read()
        _kept[key] = (tree, monotonic())
    return tree


def forget() -> None:
    """Drop what is kept in this process; the next question reads anew."""
    _kept.clear()


def find(area_id: int) -> Area:
    """Return one area by id, reading anew once if it is not known yet. Raises LookupError."""
    found = current().by_id.get(area_id)
    if found is None:
        forget()
        found = current().by_id.get(area_id)
    if found is None:
        raise LookupError(f"area {area_id}")
    return found


def _key() -> tuple[object, object, object]:
    settings = connection.settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"]


def _version() -> int:
    return AreaVersion.objects.values_list("version", flat=True).first() or 0


def _read() -> Tree:
    version = Coalesce(Subquery(AreaVersion.objects.filter(id=OuterRef("one")).values("version")), Value(0))
    areas = list(
        Area.objects.defer("boundary").annotate(one=Value(1), version=version).order_by(F("code").asc())
    )
    return Tree(areas, areas[0].version if areas else 0)
