"""Cells below the community: a GeoJSON of grids and micro-grids, read, checked against what holds them, and taken.

Each feature says in `properties`: code, level (village, grid or micro_grid), parent (code), name and, if known,
name_en, people, source. A community may be among them: so it gets its boundary.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import reading, survey, tree
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.places.reading import Fault, Faulty
from xianfeng.foundation.places.survey import Finding

LEVELS = (Level.VILLAGE, Level.GRID, Level.MICRO_GRID)
_ABOVE = {Level.VILLAGE: Level.TOWN, Level.GRID: Level.VILLAGE, Level.MICRO_GRID: Level.GRID}


@dataclass(frozen=True)
class Cell:
    """One cell of a file: where it stands in the tree, its boundary (GeoJSON in WGS-84), how many people live there."""

    code: str
    level: str
    parent: str
    name: str
    name_en: str
    people: int | None
    source: str
    boundary: dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """Cells read from a file, and what is not in order with them. `refused`: overlaps and what lies outside."""

    cells: list[Cell]
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> list[Finding]:
        """Return the findings for which the file is not taken: a point must fall into exactly one cell."""
        return [one for one in self.findings if one.kind != "gap"]

    @property
    def gaps(self) -> list[Finding]:
        """Return the ground that no cell holds: what is raised there is flagged."""
        return [one for one in self.findings if one.kind == "gap"]


def read(text: str, datum: str, known: Mapping[str, Area]) -> list[Cell]:
    """Return the cells of a GeoJSON FeatureCollection; `known`: the areas loaded, by code.

    Raises Faulty with every fault (`line` is the feature's number).
    """
    faults: list[Fault] = []
    features = _features(text)
    found: dict[str, Cell] = {}
    for number, feature in enumerate(features, start=1):
        cell = _cell(number, feature, datum, faults)
        if cell and cell.code in found:
            faults.append(Fault(number, "code", f"{cell.code} stands twice"))
        elif cell:
            found[cell.code] = cell
    _check_tree(found, known, faults)
    if faults:
        raise Faulty(faults)
    return list(found.values())


def _features(text: str) -> list[Any]:
    most = int(catalogue.load("grids")["drawing"]["features_most"])
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Faulty([Fault(0, "file", f"not JSON ({fault})")]) from None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not features:
        raise Faulty([Fault(0, "file", "not a GeoJSON FeatureCollection with features")])
    if len(features) > most:
        raise Faulty([Fault(0, "file", f"{len(features)} features, at most {most} at once")])
    return features


def _cell(number: int, feature: Any, datum: str, faults: list[Fault]) -> Cell | None:
    before = len(faults)
    told = reading.member(feature, "properties")
    code = str(told.get("code") or reading.member(feature).get("id") or "").strip()
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= 20):
        faults.append(Fault(number, "code", f"{code[:40]!r} is not 1 to 20 letters, digits and hyphens"))
    level = str(told.get("level", ""))
    if level not in LEVELS:
        faults.append(Fault(number, "level", f"{level[:40]!r} is none of {', '.join(LEVELS)}"))
    name, name_en, source = (
        _line(number, told, column, limit, faults)
        for column, limit in (("name", 60), ("name_en", 120), ("source", 20))
    )
    people = _people(number, told.get("people"), faults)
    boundary = reading.geometry(number, reading.member(feature).get("geometry"), datum, faults)
    if len(faults) > before or boundary is None:
        return None
    parent = str(told.get("parent", "")).strip()
    return Cell(code, level, parent, name, name_en, people, source, boundary)


def _line(number: int, told: Mapping[str, Any], column: str, limit: int, faults: list[Fault]) -> str:
    try:
        given = str(told.get(column) or "")
        return texts.clean_line(given, field=column, limit=limit, required=column == "name")
    except Refused as refused:
        faults.append(Fault(number, column, f"{refused.refusal.code}, at most {limit} characters"))
        return ""


def _people(number: int, given: Any, faults: list[Fault]) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= 10_000_000:
        faults.append(Fault(number, "people", f"{str(given)[:40]!r} is no number of people"))
        return None
    return given


def _check_tree(cells: Mapping[str, Cell], known: Mapping[str, Area], faults: list[Fault]) -> None:
    levels = {code: area.level for code, area in known.items()} | {
        cell.code: cell.level for cell in cells.values()
    }
    for number, cell in enumerate(cells.values(), start=1):
        if cell.level == Level.VILLAGE and cell.code not in known:
            faults.append(Fault(number, "code", f"{cell.code} is no community that is loaded"))
        elif cell.level != Level.VILLAGE and levels.get(cell.parent) != _ABOVE[Level(cell.level)]:
            above = _ABOVE[Level(cell.level)]
            faults.append(
                Fault(
                    number, "parent", f"a {cell.level} stands in a {above}; {cell.parent[:40]!r} is none here"
                )
            )


def check(
    cells: Iterable[Cell], known: Mapping[str, Area], boundaries: Mapping[str, BaseGeometry]
) -> Drawing:
    """Return the cells with every gap, overlap and part outside, as they would lie beside what stands already."""
    taken = list(cells)
    shapes = {**boundaries, **{cell.code: tree.outline(cell.boundary) for cell in taken}}
    parents = {cell.code: cell.parent for cell in taken if cell.level != Level.VILLAGE}
    below = _below(parents, known, shapes)
    touched = {*parents.values(), *(cell.code for cell in taken)}
    rules, findings = catalogue.load("grids")["drawing"], []
    least = {"overlap": rules["overlap_m2"], "outside": rules["outside_m2"], "gap": rules["gap_m2"]}
    for holder in sorted(touched & set(below)):
        around = shapes.get(holder) or tree.outline(None)
        findings += survey.survey(holder, around, below[holder], least)
    return Drawing(taken, findings)


def _below(
    parents: Mapping[str, str], known: Mapping[str, Area], shapes: Mapping[str, BaseGeometry]
) -> dict[str, dict[str, BaseGeometry]]:
    """Return the cells of each area: those that stand and are active, and those of the file."""
    by_id = {area.pk: code for code, area in known.items()}
    standing = {
        code: by_id[area.parent_id]
        for code, area in known.items()
        if area.active and area.level in {Level.GRID, Level.MICRO_GRID} and area.parent_id in by_id
    }
    below: dict[str, dict[str, BaseGeometry]] = {}
    for code, holder in sorted({**standing, **parents}.items()):
        if code in shapes:
            below.setdefault(holder, {})[code] = shapes[code]
    return below
