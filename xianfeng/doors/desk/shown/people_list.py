"""A list that was sent in, as its page shows it: its columns, what would be done, which lines cannot be taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import get_language

from xianfeng.doors.desk.importing import reports
from xianfeng.doors.desk.importing.reports import Line, Report
from xianfeng.doors.desk.importing.working import WAITS
from xianfeng.doors.desk.models import PeopleList
from xianfeng.foundation.people.importing import entries


@dataclass(frozen=True)
class Column:
    """One column of the file: its place, header, what stands below it, and what it is taken for ('' for nothing)."""

    at: int
    header: str
    samples: list[str]
    taken_for: str


@dataclass(frozen=True)
class Told:
    """One sentence about one line, and the field it is about ('' for the whole line)."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class Shown:
    """Everything the page of a list says of it."""

    waits: bool
    takeable: bool
    read_as: str
    fault: str
    columns: list[Column] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    rejected: list[Told] = field(default_factory=list)
    more_rejected: int = 0
    notes: list[Told] = field(default_factory=list)


def shown(row: PeopleList) -> Shown:
    """Return a list as it is shown; no statement."""
    report, language = reports.opened(row.report_sealed), get_language() or "zh-hans"
    rejected = _told(report, report.rejected, row, language)
    return Shown(
        waits=row.step in WAITS,
        takeable=row.step == "looked" and not report.fault and bool(row.new or row.changed),
        read_as=reports.said(report.read_as, language, row.name),
        fault=reports.said(report.fault, language, row.name),
        columns=[
            Column(at, header, _pick(report.samples, at), report.columns.get(str(at), ""))
            for at, header in enumerate(report.names)
        ],
        choices=[(column, reports.label(column, language)) for column in entries.words()],
        rejected=rejected, more_rejected=max(0, (row.rejected or 0) - len(rejected)),
        notes=_told(report, report.notes, row, language),
    )  # fmt: skip


def _pick(samples: list[list[str]], at: int) -> list[str]:
    return [one for one in samples[at] if one] if at < len(samples) else []


def _told(report: Report, lines: Iterable[Line], row: PeopleList, language: str) -> list[Told]:
    return [
        Told(
            line,
            reports.label(column, language, report.names, report.columns) if column else "",
            reports.said((code, params), language, row.name),
        )
        for line, column, code, params in lines
    ]
