"""A whole list: previewed, then taken in, all of it or, where the office wants so, what can be."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import StringIO
from pathlib import Path

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.tables import whole
from xianfeng.foundation.kernel.tables.faults import Faulty, Reason, Rejected
from xianfeng.foundation.kernel.tables.whole import Table
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries, steps
from xianfeng.foundation.people.importing import entries, matching, writing
from xianfeng.foundation.people.importing.matching import Plan
from xianfeng.foundation.people.importing.places import Organisations
from xianfeng.foundation.people.importing.writing import Writer
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor


@dataclass(frozen=True)
class Wishes:
    """Who takes the list in (None: the house itself, from the command line), and whether a part of it will do.

    `organisation_id` is whose line it is where the list does not say; `beside` writes along with the list, in its
    transaction, after it.
    """

    by: Person | None = None
    partial: bool = False
    organisation_id: int | None = None
    beside: Callable[["Outcome"], None] | None = None


@dataclass
class Outcome:
    """What became of a list, or would: recognitions new, changed, as they stand; lines rejected and noted.

    `mapping` has each header of the list with the column it was taken for, '' for none.
    """

    read_as: Reason
    header_line: int
    mapping: list[tuple[str, str]]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    members: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[Rejected] = field(default_factory=list)
    written: bool = False


def looked_at(path: Path, encoding: str = "") -> Table:
    """Return the table in a file. Raises Faulty: it cannot be read, no header, a column that is needed is not there."""
    table = opened(path, encoding)
    if lacking(table):
        raise Faulty(what_lacks(table, path.name))
    return table


def opened(path: Path, encoding: str = "") -> Table:
    """Return the table in a file, also one that lacks columns. Raises Faulty: it cannot be read, no header."""
    return whole.read(path, entries.words(), encoding=encoding)


def mapped(table: Table, columns: Mapping[int, str]) -> Table:
    """Return the table with its columns, by position, as somebody says they are. Raises ValueError for no column."""
    told = {at: column for at, column in columns.items() if column}
    if not set(told.values()) <= set(entries.words()) or not set(told) <= set(range(table.width())):
        raise ValueError(str(told))
    return replace(table, columns=told)


def lacking(table: Table) -> list[str]:
    """Return the columns that are needed and not there."""
    return [column for column in entries.NEEDED if column not in table.columns.values()]


def what_lacks(table: Table, name: str) -> Reason:
    """Say which columns a file called `name` lacks, and what they may be called."""
    words, lacks = entries.words(), lacking(table)
    told = "; ".join(f"{column} ({', '.join(words[column][:3])})" for column in lacks)
    zh = "、".join(words[column][0] for column in lacks)
    return Reason("file-lacks", line=table.header_line, file=name, columns=told, columns_zh=zh)


def preview(table: Table, wishes: Wishes) -> Outcome:
    """Say what `apply` would do; writes nothing. Raises Missing for somebody who is no staff."""
    return _planned(table, wishes, clock.now())[0]


def apply(table: Table, wishes: Wishes) -> Outcome:
    """Take a list in, in one transaction: nothing of it if a line is rejected, unless `partial`.

    Each organisation's record says how many of its recognitions came of it. The same list again changes nothing.
    Raises Missing for somebody who is no staff.
    """
    at = clock.now()
    with write():
        steps.one_at_a_time("list", b"people")
        outcome, plans = _planned(table, wishes, at)
        if outcome.rejected and not wishes.partial:
            return outcome
        moving = [plan for plan in plans if plan.new or plan.changed]
        writer = Writer(actor(wishes.by.pk) if wishes.by else SYSTEM, at)
        writing.write_plans(moving, writer)
        writing.tell_organisations(moving, writer)
        outcome.written = True
        if wishes.beside:
            wishes.beside(outcome)
    return outcome


def _planned(table: Table, wishes: Wishes, at: datetime) -> tuple[Outcome, list[Plan]]:
    organisations = Organisations(_allowed(wishes.by), own=wishes.organisation_id)
    read = entries.read(table, organisations, at)
    planned = matching.plan(read.entries)
    outcome = Outcome(
        table.read_as, table.header_line,
        [(name, table.columns.get(at, "")) for at, name in enumerate(table.names)],
        rejected=_sorted([*read.rejected, *planned.rejected]),
        notes=_sorted([*_habits(table), *read.notes, *planned.notes]),
    )  # fmt: skip
    for plan in planned.plans:
        outcome.new += plan.new
        outcome.changed += plan.changed and not plan.new
        outcome.unchanged += not (plan.new or plan.changed)
        outcome.members += len(plan.members)
    return outcome, planned.plans


def _allowed(by: Person | None) -> set[int] | None:
    """Return the organisations whose lists `by` may take in, None for all. Raises Missing."""
    if by is None:
        return None
    mine = {scope.organisation_id for scope in queries.scopes(by)}
    if not mine:
        raise Missing
    return None if None in mine else {one for one in mine if one is not None}


def _habits(table: Table) -> list[Rejected]:
    """Return what was done with the list's own habits."""
    told = [
        Rejected(line, "", Reason("above-header", text=next(one for one in cells if one)[:30]))
        for line, cells in table.above
    ]
    if table.merged:
        told.append(Rejected(table.header_line, "", Reason("filled-down", n=table.merged)))
    unknown = [name for at, name in enumerate(table.names) if name and at not in table.columns]
    if unknown:
        told.append(Rejected(table.header_line, "", Reason("unknown-columns", names=", ".join(unknown[:12]))))
    return told


def _sorted(told: Iterable[Rejected]) -> list[Rejected]:
    return sorted(told, key=lambda one: (one.line, one.column))


REASON = "未导入的原因 (reason)"


def rejects(table: Table, rejected: Sequence[Rejected], told: Callable[[Rejected], str] | None = None) -> str:
    """Return the rejected lines as a CSV that can be corrected and taken in again: the list's own header, and why.

    `told` says a reason otherwise than in English.
    """
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow([*table.names, REASON])
    lines = dict(table.rows)
    for line, why in _by_line(rejected, told or _told).items():
        cells = [*lines.get(line, []), *[""] * table.width()][: table.width()]
        rows.writerow([*map(_harmless, cells), why])
    return out.getvalue()


def _by_line(rejected: Sequence[Rejected], told: Callable[[Rejected], str]) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    for one in rejected:
        reasons.setdefault(one.line, []).append(told(one))
    return {line: "; ".join(several) for line, several in reasons.items()}


def _told(one: Rejected) -> str:
    return f"{one.column}: {one.reason}" if one.column else one.reason


def _harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
