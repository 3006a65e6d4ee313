"""Sums of a slice, as many as asked for in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from xianfeng.doors.cockpit.columns import COUNTED, CUTS, Cut
from xianfeng.doors.cockpit.filters import Slice
from xianfeng.doors.cockpit.measures import Sums

NOW = date(1, 1, 1)
NOTHING: Sums = dict.fromkeys(COUNTED, 0)
_KEPT = {cut.number: cut for cut in CUTS}
_SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in COUNTED)
_KEYS = {
    "": "''", "service": "service_code", "category": "category", "organisation": "organisation_id::text",
    "area": "area_id::text", "month": "to_char(day, 'YYYY-MM')", "day": "to_char(day, 'YYYY-MM-DD')",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One sum, or one a key: `label` names it in the answer, `by` tells apart (service, category, organisation, area,
    month, day; '' nothing), over the days `first` to `last` of a grain ('d', 'm'; 'n' has none).
    """

    label: str
    grain: str
    first: date = NOW
    last: date = NOW
    by: str = ""
    areas: Sequence[int] = field(default_factory=tuple)


def kept(one: Slice, grain: str, by: str = "") -> bool:
    """Tell whether the sums of a slice are kept so finely."""
    level = one.level + (by == "area")
    cut = _KEPT.get(_cut(one, grain, by).number)
    return cut is not None and level <= cut.deepest


def read(one: Slice, parts: Sequence[Part]) -> dict[str, dict[str, Sums]]:
    """Return the sums by label and key; what is not kept so finely is left out. One statement."""
    fine = [part for part in parts if kept(one, part.grain, part.by)]
    given: dict[str, Any] = {}
    texts = [_statement(one, part, given, f"p{number}") for number, part in enumerate(fine)]
    found: dict[str, dict[str, Sums]] = {part.label: {} for part in fine}
    if not texts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), given)
        for label, key, *values in cursor.fetchall():
            found[label][key] = _plus(found[label].get(key), values)
    return found


def _plus(before: Sums | None, values: Sequence[int]) -> Sums:
    old = before or NOTHING
    return {name: old[name] + (value or 0) for name, value in zip(COUNTED, values, strict=True)}


def _cut(one: Slice, grain: str, by: str) -> Cut:
    return Cut(
        grain, bool(one.service) or by == "service", bool(one.category) or by == "category",
        one.organisations is not None or by == "organisation",
    )  # fmt: skip


def _statement(one: Slice, part: Part, given: dict[str, Any], name: str) -> str:
    cut = _cut(one, part.grain, part.by)
    first = part.first.replace(day=1) if part.grain == "m" else part.first
    areas = list(part.areas) if part.by == "area" else [one.area.pk]
    given |= {f"{name}_areas": areas, f"{name}_first": first, f"{name}_last": part.last}
    where = [
        f"cut = {cut.number}", f"area_id = ANY(%({name}_areas)s)",
        _dimension("service_code", one.service or None, "'*'", cut.service, given),
        _dimension("category", one.category or None, "'*'", cut.category, given),
        _dimension("organisation_id", one.organisations, "-1", cut.organisation, given),
        f"day BETWEEN %({name}_first)s AND %({name}_last)s",
    ]  # fmt: skip
    return (
        f"SELECT '{part.label}' AS label, {_KEYS[part.by]} AS key, {_SUMS} FROM cockpit_rollup "  # noqa: S608 - constants
        f"WHERE {' AND '.join(where)} GROUP BY 2"
    )


def _dimension(
    column: str, asked: str | tuple[int, ...] | None, star: str, apart: Any, given: dict[str, Any]
) -> str:
    """Return the condition on one dimension: as asked, each one for itself, or all of them together."""
    if asked is None:
        return f"{column} <> {star}" if apart else f"{column} = {star}"
    given[column] = list(asked) if isinstance(asked, tuple) else [asked]
    return f"{column} = ANY(%({column})s)"
