"""Private parts of loading areas: they need an open transaction."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from shapely.geometry import mapping

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import city, placing, tree
from xianfeng.foundation.places.grids import Cell
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.places.reading import Row

FIELDS = (
    "parent_id", "level", "name", "name_en", "lat", "lon", "approximate", "path", "boundary",
    "active", "valid_until", "people", "source",
)  # fmt: skip
_BATCH = 500


def facts(area: Area) -> tuple[Any, ...]:
    """Return what a load may change of an area, to compare before with after."""
    return tuple(getattr(area, name) if name != "path" else tuple(area.path) for name in FIELDS)


def merge(areas: dict[str, Area], rows: Iterable[Row], boundaries: Mapping[str, dict[str, Any]]) -> None:
    """Take the rows into `areas` (by code). A row without point or boundary takes none away."""
    rows = list(rows)
    fresh = [row.code for row in rows if row.code not in areas]
    for code, key in zip(fresh, _new_ids(len(fresh)), strict=True):
        areas[code] = Area(id=key, code=code, approximate=True)
    for row in rows:
        _take(areas[row.code], row)
    for code, geometry in boundaries.items():
        areas[code].boundary = geometry
    ids = {row.code: areas[row.parent_code].pk for row in rows if row.parent_code}
    for row in rows:
        areas[row.code].parent_id = ids.get(row.code)


def _new_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('places_area', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _take(area: Area, row: Row) -> None:
    area.level, area.name, area.name_en = row.level, row.name, row.name_en or area.name_en
    area.active, area.valid_until = True, None
    if row.lat is not None:
        area.lat, area.lon, area.approximate = row.lat, row.lon, False


def take_cells(areas: dict[str, Area], cells: Iterable[Cell]) -> None:
    """Take cells into `areas` (by code), each standing on a point inside it. A community only gets its boundary."""
    taken = list(cells)
    fresh = [cell.code for cell in taken if cell.code not in areas]
    for code, key in zip(fresh, _new_ids(len(fresh)), strict=True):
        areas[code] = Area(id=key, code=code)
    for cell in taken:
        area = areas[cell.code]
        area.boundary, area.source = cell.boundary, cell.source
        area.people = cell.people if cell.people is not None else area.people
        if cell.level != Level.VILLAGE:
            _stand(area, cell)
            area.parent_id = areas[cell.parent].pk


def _stand(area: Area, cell: Cell) -> None:
    inner = tree.outline(cell.boundary).representative_point()
    area.level, area.name, area.name_en = cell.level, cell.name, cell.name_en or area.name_en
    area.lat, area.lon, area.approximate = round(inner.y, 6), round(inner.x, 6), False
    area.active, area.valid_until = True, None


def merge_cells(gone: Area, stays: Area) -> None:
    """Give the ground and the people of one cell to another, and retire it. Raises Refused 'area-merge-invalid'."""
    cells = gone.level in {Level.GRID, Level.MICRO_GRID} and gone.active and stays.active
    if not cells or gone.pk == stays.pk or (gone.parent_id, gone.level) != (stays.parent_id, stays.level):
        raise Refused("area-merge-invalid", field="into")
    if Area.objects.filter(parent=gone, active=True).exists():
        raise Refused("area-merge-invalid", field="code")
    whole = tree.outline(stays.boundary).union(tree.outline(gone.boundary))
    stays.boundary = json.loads(json.dumps(mapping(whole))) if not whole.is_empty else None
    if gone.people is not None or stays.people is not None:
        stays.people = (stays.people or 0) + (gone.people or 0)
    gone.active, gone.valid_until = False, clock.now().date()


def set_paths(areas: dict[str, Area]) -> None:
    """Write into every area the ids from its root down to itself."""
    by_id = {area.pk: area for area in areas.values()}
    for area in areas.values():
        path, at = [area.pk], area
        while at.parent_id is not None:
            at = by_id[at.parent_id]
            path.append(at.pk)
        area.path = path[::-1]


def place(areas: dict[str, Area]) -> None:
    """Give every area without a surveyed point one by the rule of `placing`."""
    spots = {area.pk: _spot(area) for area in areas.values()}
    for area in sorted(areas.values(), key=lambda area: area.code):
        if area.parent_id is not None:
            spots[area.parent_id].below.append(spots[area.pk])
    told = city.served()
    for area in areas.values():
        if area.level == Level.CITY:
            placing.place(spots[area.pk], (told.lat, told.lon))
    for area in areas.values():
        spot = spots[area.pk]
        area.lat, area.lon = spot.point or (None, None)
        area.approximate = not spot.surveyed


def _spot(area: Area) -> placing.Spot:
    surveyed = area.lat is not None and area.lon is not None and not area.approximate
    point = (area.lat, area.lon) if surveyed else None
    boundary = tree.outline(area.boundary) if area.boundary else None
    return placing.Spot(area.code, area.level, boundary, point, surveyed)  # type: ignore[arg-type]


def save(areas: list[Area]) -> None:
    """Write new and changed areas in few statements."""
    Area.objects.bulk_create(
        areas,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["parent" if name == "parent_id" else name for name in FIELDS],
    )
