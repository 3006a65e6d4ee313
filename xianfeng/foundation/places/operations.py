"""Writes of areas: loading a file of them, as often as one likes."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from xianfeng.foundation.kernel import clock, transactions
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.places import grids, reading, steps, tree
from xianfeng.foundation.places.datum import Datum
from xianfeng.foundation.places.grids import Drawing
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.places.reading import Row
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor


@dataclass(frozen=True)
class Loaded:
    """What a load did, in numbers of areas; `total` counts those active afterwards."""

    added: int
    changed: int
    retired: int
    total: int


def load_catalogue() -> Loaded:
    """Load the areas and boundaries of catalogue/areas. Raises Faulty when they are not in order."""
    folder = Path(settings.CATALOGUE) / "areas"
    return import_areas(folder / "areas.csv", boundaries=folder / "counties.geojson")


def import_areas(
    path: Path, *, boundaries: Path | None = None, datum: str = Datum.WGS84, complete: bool = False
) -> Loaded:
    """Take an official file of areas, and one of boundaries, into the tree: all of it or nothing.

    Areas are known by their code: the same file again changes nothing. With `complete` the areas that the
    file does not name are retired (kept for their history, offered no more). `datum` is that of both files.
    Raises Faulty with every fault found, line by line; OSError when a file cannot be read.
    """
    with transactions.write():
        _one_at_a_time()
        areas = {area.code: area for area in Area.objects.all()}
        before = {code: steps.facts(area) for code, area in areas.items()}
        rows = reading.areas(path, datum, {code: area.level for code, area in areas.items()})
        codes = set(areas) | {row.code for row in rows}
        shapes = reading.boundaries(boundaries, datum, codes) if boundaries else {}
        steps.merge(areas, rows, shapes)
        retired = _retire(areas, rows) if complete else 0
        steps.set_paths(areas)
        steps.place(areas)
        loaded = _save(areas, before, retired)
    tree.forget()
    return loaded


def draw_grids(text: str, *, datum: str = Datum.WGS84, by: Actor | None = None) -> tuple[Loaded, Drawing]:
    """Take grids and micro-grids of a GeoJSON into the tree, all or nothing; the same file again changes nothing.

    `by` is who drew them; it stands on their record. Raises Faulty with every fault of the file; Overlapping when cells
    would hold the same ground or lie outside what holds them.
    """
    with transactions.write():
        _one_at_a_time()
        areas = {area.code: area for area in Area.objects.all()}
        before = {code: steps.facts(area) for code, area in areas.items()}
        drawing = _checked(text, datum, areas)
        if drawing.refused:
            raise Overlapping(drawing)
        steps.take_cells(areas, drawing.cells)
        steps.set_paths(areas)
        loaded = _save(areas, before, 0)
        if by and (loaded.added or loaded.changed):
            new = {"cells": sorted(cell.code for cell in drawing.cells)}
            record.append(by.kind, by.id, "person.grids-drawn", actor=by, at=clock.now(), new=new)
    tree.forget()
    return loaded, drawing


class Overlapping(Exception):
    """Cells would hold the same ground, or lie outside what holds them; nothing was written."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        super().__init__("; ".join(str(one) for one in drawing.refused[:3]))


def look_at_grids(text: str, *, datum: str = Datum.WGS84) -> Drawing:
    """Return what a file of cells says and what is not in order with it; nothing is written. Raises Faulty."""
    return _checked(text, datum, {area.code: area for area in Area.objects.all()})


def _checked(text: str, datum: str, areas: dict[str, Area]) -> Drawing:
    cells = grids.read(text, datum, areas)
    outlines = {
        code: tree.outline(area.boundary) for code, area in areas.items() if area.boundary and area.active
    }
    return grids.check(cells, areas, outlines)


def merge_area(code: str, into: str, *, by: Actor | None = None) -> Area:
    """Merge a grid or micro-grid into its neighbour of the same parent: the ground is the survivor's from now on.

    The merged one is retired and keeps its history. Raises Missing; Refused 'area-merge-invalid'.
    """
    with transactions.write():
        _one_at_a_time()
        areas = {area.code: area for area in Area.objects.all()}
        before = {one: steps.facts(area) for one, area in areas.items()}
        gone, stays = areas.get(code), areas.get(into)
        if gone is None or stays is None:
            raise Missing
        steps.merge_cells(gone, stays)
        steps.set_paths(areas)
        _save(areas, before, 1)
        if by:
            new = {"merged": code, "into": into}
            record.append(by.kind, by.id, "person.grids-merged", actor=by, at=clock.now(), new=new)
    tree.forget()
    return stays


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO places_area_version (id, version) VALUES (1, 0) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT version FROM places_area_version WHERE id = 1 FOR UPDATE")


def _retire(areas: dict[str, Area], rows: list[Row]) -> int:
    """Retire what the file does not name; a list of towns and villages says nothing of the cells below them."""
    named, levels = {row.code for row in rows}, {row.level for row in rows}
    apart = {Level.GRID, Level.MICRO_GRID} - levels
    gone = [a for a in areas.values() if a.active and a.code not in named and a.level not in apart]
    for area in gone:
        area.active, area.valid_until = False, clock.now().date()
    return len(gone)


def _save(areas: dict[str, Area], before: dict[str, tuple[object, ...]], retired: int) -> Loaded:
    added = [area for code, area in areas.items() if code not in before]
    changed = [area for code, area in areas.items() if code in before and steps.facts(area) != before[code]]
    if added or changed:
        steps.save(added + changed)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE places_area_version SET version = version + 1 WHERE id = 1")
    active = sum(area.active for area in areas.values())
    return Loaded(len(added), len(changed) - retired, retired, active)
