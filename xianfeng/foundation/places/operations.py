"""Writes of areas: loading a file of them, as often as one likes."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from xianfeng.foundation.kernel import clock, transactions
from xianfeng.foundation.places import reading, steps, tree
from xianfeng.foundation.places.datum import Datum
from xianfeng.foundation.places.models import Area


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
        retired = _retire(areas, {row.code for row in rows}) if complete else 0
        steps.set_paths(areas)
        steps.place(areas)
        loaded = _save(areas, before, retired)
    tree.forget()
    return loaded


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO places_area_version (id, version) VALUES (1, 0) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT version FROM places_area_version WHERE id = 1 FOR UPDATE")


def _retire(areas: dict[str, Area], named: set[str]) -> int:
    gone = [area for area in areas.values() if area.active and area.code not in named]
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
