"""Charts as data: what ECharts draws, and the table with the same numbers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries.board import Line
from xianfeng.doors.cockpit.shown import values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.shown.values import Shown

TREND = ("raised", "taken", "closed")
TONES = {"raised": "ask", "closed": "answer", "taken": "lake", "satisfied": "silk", "benefit_yuan": "silk"}


@dataclass(frozen=True)
class Table:
    """The numbers of a chart: columns' names, and rows of a name, where it leads, and its figures."""

    heads: list[str]
    rows: list[tuple[str, str, list[Shown]]]


@dataclass(frozen=True)
class Chart:
    """One chart: `data` for ECharts, `table` for everybody, `said` in one sentence for who does not see it."""

    data: dict[str, Any]
    table: Table
    said: str


def trend(given: Sequence[Line], at: Address, codes: Sequence[str] = TREND) -> Chart:
    """Return measures month by month as lines; months with nothing read nil."""
    return chart(given, codes, at, "lines")


def chart(given: Sequence[Line], codes: Sequence[str], at: Address, form: str) -> Chart:
    """Return the measures `codes` of `given` drawn as lines, columns or bars."""
    names = [line.name(values.language()) for line in given]
    told = [measures.measure(code) for code in codes]
    series = [
        {"name": one.name(values.language()), "values": [drawable(line.figures[one.code]) for line in given]}
        | ({"tone": TONES[one.code]} if one.code in TONES else {})
        for one in told
    ]
    unit = told[0].unit
    data = {"form": form, "names": names, "unit": _unit(unit), "whole": unit != "share", "series": series}
    return Chart(data, _table(given, codes, at), _said(given, codes, at))


def drawable(one: Figure) -> float | None:
    """Return the number a chart draws: percent for shares, None where there is nothing to say."""
    if one.value is None:
        return None
    return one.percent if one.unit == "share" else round(one.value, 1)


def _unit(unit: str) -> str:
    return {"matter": _("件"), "minute": _("分钟"), "yuan": _("元"), "share": "%", "job": _("人")}[unit]


def _table(given: Sequence[Line], codes: Sequence[str], at: Address) -> Table:
    rows = [
        (
            line.name(values.language()), at.board(line.link),
            [values.figure(line.figures[code], at, f"t-{line.code}-{code}") for code in codes],
        )
        for line in given
    ]  # fmt: skip
    return Table([measures.measure(code).name(values.language()) for code in codes], rows)


def _said(given: Sequence[Line], codes: Sequence[str], at: Address) -> str:
    if not given:
        return ""
    last = given[-1]
    parts = [values.figure(last.figures[code], at) for code in codes]
    told = _("，").join(f"{one.name} {one.whole}" for one in parts)
    return _("%(n)s 项，最后一项 %(name)s：%(told)s") % {
        "n": len(given),
        "name": last.name(values.language()),
        "told": told,
    }
