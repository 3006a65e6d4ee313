"""A list is looked at or taken in: a short one while its owner waits, a long one by the worker."""

import logging
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q

from xianfeng.doors.desk.importing import keeping, reports
from xianfeng.doors.desk.importing.reports import Report
from xianfeng.doors.desk.models import PeopleList
from xianfeng.foundation.kernel import catalogue, clock, keyring
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.tables.faults import Faulty, Rejected
from xianfeng.foundation.kernel.tables.whole import Table
from xianfeng.foundation.people.importing import taking
from xianfeng.foundation.people.importing.taking import Outcome, Wishes

log = logging.getLogger(__name__)
WAITS = ("look", "take")
LOST = timedelta(minutes=10)  # after that, who began it has died


class Overtaken(Exception):
    """Somebody else moved the list meanwhile: nothing of it is written twice."""


def work_all() -> int:
    """Look at, or take in, every list that waits; return how many."""
    count = 0
    for pk in PeopleList.objects.filter(step__in=WAITS).order_by("id").values_list("pk", flat=True):
        count += work(pk)
    return count


def is_short(row: PeopleList) -> bool:
    """Tell whether a list is so short that its owner can wait for it."""
    return row.bytes <= int(catalogue.load("desk")["people_list"]["at_once_kilobytes"]) << 10


def work(pk: int) -> bool:
    """Do what waits with a list; False if nothing does, or somebody is at it. A fault is told in its report."""
    now = clock.now()
    free = PeopleList.objects.filter(Q(begun_at=None) | Q(begun_at__lt=now - LOST), pk=pk, step__in=WAITS)
    if not free.update(begun_at=now):
        return False
    row = PeopleList.objects.select_related("owner").get(pk=pk)
    try:
        _look(row) if row.step == "look" else _take(row)
    except Overtaken:
        return False
    except Faulty as faulty:
        _save(row, "failed", reports.of_fault(faulty.reason))
    except Exception as error:
        if not isinstance(error, Missing):  # who is no staff any more
            log.exception("the list %s could not be read", pk)
        _save(row, "failed", reports.of_fault(""))
    return True


def _look(row: PeopleList) -> None:
    table = _table(row)
    if taking.lacking(table):
        _save(row, "looked", reports.of_table(table, fault=taking.what_lacks(table, row.name)))
        return
    outcome = taking.preview(table, _wishes(row))
    _save(row, "looked", reports.of_table(table, outcome=outcome), **_told(row, table, outcome))


def _take(row: PeopleList) -> None:
    """Take a list in; that it was is written in the same transaction, so that a death in between repeats nothing."""
    table = _table(row)

    def beside(outcome: Outcome) -> None:
        report = reports.of_table(table, outcome=outcome)
        _save(row, "taken", report, file_sealed=None, taken_at=clock.now(), **_told(row, table, outcome))

    outcome = taking.apply(table, _wishes(row, partial=row.partial, beside=beside))
    if not outcome.written:  # somebody changed meanwhile what the list speaks of
        _save(row, "looked", reports.of_table(table, outcome=outcome), **_told(row, table, outcome))


def _wishes(row: PeopleList, **more: Any) -> Wishes:
    return Wishes(by=row.owner, organisation_id=row.organisation_id, **more)


def _table(row: PeopleList) -> Table:
    """Return the table of a list; its file lies open for as long as it is read. Raises Faulty, Overtaken."""
    if row.file_sealed is None:
        raise Overtaken
    with tempfile.TemporaryDirectory() as folder:
        path = (
            Path(folder) / "list.xlsx"
        )  # the reader of Excel files looks at names; what it is, its bytes say
        path.write_bytes(keyring.unseal_bytes(reports.PURPOSE, bytes(row.file_sealed)))
        table = taking.opened(path)
    PeopleList.objects.filter(pk=row.pk).update(lines=len(table.rows))
    if row.columns is None:
        return table
    return taking.mapped(table, {int(at): column for at, column in row.columns.items()})


def _told(row: PeopleList, table: Table, outcome: Outcome) -> dict[str, Any]:
    """Return the columns of a list that say what came of it, the rejected lines sealed."""

    def told(one: Rejected) -> str:
        reason = reports.said(reports.sentence(one.reason), row.language, row.name)
        return f"{_label(one.column, row, table)}：{reason}" if one.column else reason

    rejects = taking.rejects(table, outcome.rejected, told) if outcome.rejected else None
    return {
        "lines": len(table.rows), "new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged,
        "members": outcome.members, "rejected": len(outcome.rejected),
        "rejects_sealed": keyring.seal(reports.PURPOSE, rejects) if rejects else None,
    }  # fmt: skip


def _label(column: str, row: PeopleList, table: Table) -> str:
    columns = {str(at): known for at, known in table.columns.items()}
    return reports.label(column, row.language, table.names, columns)


def _save(row: PeopleList, step: str, report: Report, **sets: Any) -> None:
    """Say what came of what was begun. Raises Overtaken if the list is not where it was any more."""
    same = PeopleList.objects.filter(pk=row.pk, step=row.step)
    ends_at = keeping.ends(clock.now())
    if not same.update(step=step, report_sealed=report.sealed(), begun_at=None, ends_at=ends_at, **sets):
        raise Overtaken
