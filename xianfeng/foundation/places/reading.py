"""Reads an official file of areas and one of boundaries, and says of every fault where it is.

Areas: CSV in UTF-8 with the columns code, parent_code, level, name and, if known, name_en, lat, lon (others
are passed over). Boundaries: a GeoJSON FeatureCollection; a feature names its area by `properties.code`
or `id`.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from shapely import transform
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.places import datum as datums
from xianfeng.foundation.places.models import Level

COLUMNS = ("code", "parent_code", "level", "name")
_ABOVE = dict(zip(Level.values[1:], Level.values, strict=False))


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: its line (0: the file as a whole; of GeoJSON the feature's number)."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.field}: {self.reason}" if self.line else f"{self.field}: {self.reason}"
        )


class Faulty(Exception):
    """The file was not taken; `faults` says why, line by line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults; first: {faults[0]}")


@dataclass(frozen=True)
class Row:
    """One area of a file; coordinates in WGS-84 degrees, both or none."""

    line: int
    code: str
    parent_code: str
    level: str
    name: str
    name_en: str
    lat: float | None
    lon: float | None


def areas(path: Path, datum: str, known: dict[str, str]) -> list[Row]:
    """Return the rows of an areas file. `known` gives the level of each code that is loaded already.

    Raises Faulty with every fault of the file; OSError when it cannot be read.
    """
    faults: list[Fault] = []
    rows = list(_rows(path, datum, faults))
    _check_tree(rows, known, faults)
    if not rows and not faults:
        faults.append(Fault(0, path.name, "no areas in it"))
    if faults:
        raise Faulty(sorted(faults, key=lambda fault: fault.line))
    return rows


def _rows(path: Path, datum: str, faults: list[Fault]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
                faults.append(
                    Fault(1, missing[0], f"column missing; the first line names {', '.join(COLUMNS)}")
                )
                return
            for cells in reader:
                if row := _row(reader.line_num, cells, datum, faults):
                    yield row
    except (UnicodeDecodeError, csv.Error) as fault:
        faults.append(Fault(0, path.name, f"not a CSV file in UTF-8 ({fault})"))


def _row(line: int, cells: dict[str, Any], datum: str, faults: list[Fault]) -> Row | None:
    before = len(faults)
    told = {column: (cells.get(column) or "").strip() for column in (*COLUMNS, "name_en", "lat", "lon")}
    if not (told["code"].isascii() and told["code"].replace("-", "").isalnum() and len(told["code"]) <= 20):
        faults.append(Fault(line, "code", f"{told['code']!r} is not 1 to 20 letters, digits and hyphens"))
    if told["level"] not in Level.values:
        faults.append(Fault(line, "level", f"{told['level']!r} is none of {', '.join(Level.values)}"))
    for column, limit, required in (("name", 60, True), ("name_en", 120, False)):
        try:
            told[column] = texts.clean_line(told[column], field=column, limit=limit, required=required)
        except Refused as refused:
            faults.append(Fault(line, column, f"{refused.refusal.code}, at most {limit} characters"))
    lat, lon = _point(line, told["lat"], told["lon"], datum, faults)
    if len(faults) > before:
        return None
    return Row(
        line, told["code"], told["parent_code"], told["level"], told["name"], told["name_en"], lat, lon
    )


def _point(
    line: int, lat: str, lon: str, datum: str, faults: list[Fault]
) -> tuple[float | None, float | None]:
    if not lat and not lon:
        return None, None
    if not lat or not lon:
        faults.append(Fault(line, "lon" if lat else "lat", "missing beside its partner"))
        return None, None
    try:
        north, east = datums.to_wgs84(lat, lon, datum)  # type: ignore[arg-type]
    except Refused as refused:
        faults.append(
            Fault(line, str(refused.refusal.field), f"{lat}, {lon} is no place on earth in degrees")
        )
        return None, None
    return round(north, 6), round(east, 6)


def _check_tree(rows: list[Row], known: dict[str, str], faults: list[Fault]) -> None:
    levels = known | {row.code: row.level for row in rows}
    seen: dict[str, int] = {}
    for row in rows:
        if row.code in seen:
            faults.append(Fault(row.line, "code", f"{row.code} stands in line {seen[row.code]} already"))
        seen.setdefault(row.code, row.line)
        if reason := _wrong_parent(row, levels):
            faults.append(Fault(row.line, "parent_code", reason))


def _wrong_parent(row: Row, levels: dict[str, str]) -> str:
    if row.level == Level.CITY:
        return f"a city has none, not {row.parent_code}" if row.parent_code else ""
    if row.parent_code not in levels:
        return f"{row.parent_code!r} is neither in the file nor loaded"
    above, parent = _ABOVE[row.level], levels[row.parent_code]
    if parent != above:
        return f"a {row.level} stands below a {above}, {row.parent_code} is a {parent}"
    return ""


def boundaries(path: Path, datum: str, known: set[str]) -> dict[str, dict[str, Any]]:
    """Return the GeoJSON geometry (WGS-84) of each area code of a boundaries file.

    Raises Faulty with every fault (`line` is the feature's number, from 1); OSError when it cannot be read.
    """
    faults: list[Fault] = []
    found: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(_features(path, faults), start=1):
        code = str(member(feature, "properties").get("code") or member(feature).get("id") or "")
        if code not in known or code in found:
            reason = "stands twice" if code in found else "is no area that is loaded or in the file"
            faults.append(Fault(number, "code", f"{code!r} {reason}"))
        elif outline := geometry(number, member(feature).get("geometry"), datum, faults):
            found[code] = outline
    if faults:
        raise Faulty(faults)
    return found


def _features(path: Path, faults: list[Fault]) -> list[Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as fault:
        faults.append(Fault(0, path.name, f"not JSON in UTF-8 ({fault})"))
        return []
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list):
        faults.append(Fault(0, path.name, "not a GeoJSON FeatureCollection"))
        return []
    return features


def member(feature: Any, name: str | None = None) -> dict[str, Any]:
    """Return the object `name` of a feature (the feature itself, if not said), an empty one where it is none."""
    found = feature.get(name) if name and isinstance(feature, dict) else feature
    return found if isinstance(found, dict) else {}


def geometry(number: int, told: Any, datum: str, faults: list[Fault]) -> dict[str, Any] | None:
    """Return a GeoJSON polygon in WGS-84, None with its fault added where it is none or crosses itself."""
    try:
        found = _converted(shape(told), datum)
    except (Refused, ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as fault:
        faults.append(Fault(number, "geometry", f"cannot be read ({fault})"))
        return None
    if found.geom_type not in {"Polygon", "MultiPolygon"} or found.is_empty:
        faults.append(
            Fault(number, "geometry", f"a {found.geom_type}, not a Polygon or MultiPolygon with points")
        )
    elif not found.is_valid:
        faults.append(Fault(number, "geometry", f"crosses itself ({explain_validity(found)})"))
    else:
        plain: dict[str, Any] = json.loads(json.dumps(mapping(found)))
        return plain
    return None


def _converted(geometry: BaseGeometry, datum: str) -> BaseGeometry:
    """Return the geometry with every point in WGS-84. Raises Refused when a point is no place on earth."""

    def each(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        pairs = [datums.to_wgs84(lat, lon, datum) for lon, lat in points.tolist()]
        return np.array([(round(lon, 6), round(lat, 6)) for lat, lon in pairs]).reshape(-1, 2)

    converted: BaseGeometry = transform(geometry, each)
    return converted
