"""Measures, each defined once in catalogue/cockpit/measures.toml; figures: a measure with its value and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from xianfeng.doors.cockpit import columns
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

Sums = Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """One measure. `kind`: sum, share or median; `column` counts it, `of` is the whole of a share."""

    code: str
    kind: str
    unit: str
    when: str
    column: str
    of: str
    histogram: str
    counts: str
    names: Mapping[str, str]
    formulas: Mapping[str, str]
    source: str

    @property
    def now(self) -> bool:
        """Tell whether it says what stands at this moment, whatever time is asked for."""
        return self.when == "now"

    def name(self, language: str) -> str:
        """Return its name."""
        return self.names["en" if language.startswith("en") else "zh"]


@dataclass(frozen=True)
class Figure:
    """A value with its rows: `link` are the parameters of the list behind it (queries.lists), `measure` among them.

    A share brings `n` of `total`, a median `total` and the bucket it lies in (`low` to `high` minutes, None: no end).
    `value` None: nothing to say yet; with `hidden`: fewer than may be shown to the public.
    """

    measure: str
    unit: str
    value: float | None
    n: int | None = None
    total: int | None = None
    low: int | None = None
    high: int | None = None
    hidden: bool = False
    link: Mapping[str, str] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """Return a share as a percentage with one decimal."""
        return round(100.0 * self.value, 1) if self.unit == "share" and self.value is not None else None


@cache
def all_measures() -> Mapping[str, Measure]:
    """Return the measures by code, in the order of the catalogue."""
    return {code: _measure(code, row) for code, row in catalogue.load("cockpit/measures").items()}


def measure(code: str) -> Measure:
    """Return one measure. Raises Refused 'cockpit-measure-unknown'."""
    found = all_measures().get(code)
    if found is None:
        raise Refused("cockpit-measure-unknown", field="measure")
    return found


def _measure(code: str, row: Mapping[str, Any]) -> Measure:
    return Measure(
        code, row["kind"], row["unit"], row["when"], row["column"], row.get("of", ""), row.get("histogram", ""),
        row.get("counts", ""), {"zh": row["zh"], "en": row["en"]}, {"zh": row["zh_formula"], "en": row["en_formula"]},
        row["source"],
    )  # fmt: skip


def figure(code: str, sums: Sums, link: Mapping[str, str], *, least: int = 0) -> Figure:
    """Return the figure of a measure from sums; nothing of fewer than `least` (0: all is told)."""
    one = measure(code)
    made = _MADE[one.kind](one, sums)
    behind = sums[one.of or one.counts or one.column]
    if 0 < behind < least or (one.of and 0 < sums[one.column] < least):
        made = {"value": None, "hidden": True}
    return Figure(code, one.unit, **made, link={**link, "measure": code})


def _sum(one: Measure, sums: Sums) -> dict[str, Any]:
    return {"value": sums[one.column]}


def _share(one: Measure, sums: Sums) -> dict[str, Any]:
    n, total = sums[one.column], sums[one.of]
    return {"value": n / total if total else None, "n": n, "total": total}


def _median(one: Measure, sums: Sums) -> dict[str, Any]:
    counts = [sums[f"{one.histogram}_{n:02d}"] for n in range(columns.BUCKETS)]
    found = median(counts, columns.bounds())
    if found is None:
        return {"value": None, "total": 0}
    value, low, high = found
    return {"value": value, "total": sum(counts), "low": low, "high": high}


_MADE = {"sum": _sum, "share": _share, "median": _median}


def median(counts: list[int], bounds: list[int]) -> tuple[float, int, int | None] | None:
    """Return the median of what was counted in buckets, with the bucket it lies in; None where nothing was counted.

    Within the bucket it is taken as spread evenly; the last bucket has no end, and says where it begins.
    """
    total = sum(counts)
    if not total:
        return None
    half, below = total / 2, 0
    at = next(n for n, count in enumerate(counts) if sum(counts[: n + 1]) >= half and count)
    below = sum(counts[:at])
    low = bounds[at - 1] if at else 0
    high = bounds[at] if at < len(bounds) else None
    if high is None:
        return float(low), low, None
    return round(low + (high - low) * (half - below) / counts[at], 1), low, high
