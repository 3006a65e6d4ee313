"""What is said of a list: how it was read, what would be done, which lines cannot be taken and why. Kept sealed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.kernel.tables.faults import Reason, Rejected
from xianfeng.foundation.kernel.tables.whole import Table
from xianfeng.foundation.people.importing import entries
from xianfeng.foundation.people.importing.taking import Outcome

PURPOSE = "people-list"
SAMPLES, SAMPLE_MARKS = 3, 30
Sentence = tuple[str, dict[str, Any]]
Line = tuple[int, str, str, dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """What can be said of a list in any language: sentences by code; `names` and `columns` are the header.

    `fault`: the whole file cannot be taken. `rejected` and `notes` hold the first of their kind alone.
    """

    read_as: Sentence | None = None
    fault: Sentence | None = None
    names: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    samples: list[list[str]] = field(default_factory=list)
    rejected: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)

    def sealed(self) -> bytes:
        """Return the report as it is kept."""
        return keyring.seal(PURPOSE, json.dumps(asdict(self), ensure_ascii=False))


def opened(sealed: bytes | memoryview | None) -> Report:
    """Return a report that was sealed; an empty one where none is kept any more."""
    return Report(**json.loads(keyring.unseal(PURPOSE, bytes(sealed)))) if sealed else Report()


def of_fault(reason: str) -> Report:
    """Return the report about a file that cannot be taken at all."""
    return Report(fault=sentence(reason))


def of_table(table: Table, *, fault: str = "", outcome: Outcome | None = None) -> Report:
    """Return the report about a table: what came of it, or what it lacks."""
    most = catalogue.load("desk")["people_list"]["shown"]
    return Report(
        read_as=sentence(table.read_as), fault=sentence(fault) if fault else None, names=table.names,
        columns={str(at): column for at, column in table.columns.items()}, samples=_samples(table),
        rejected=_lines(outcome.rejected[:most] if outcome else ()),
        notes=_lines(outcome.notes[:most] if outcome else ()),
    )  # fmt: skip


def sentence(reason: str) -> Sentence:
    """Return a reason as it is kept: its code and what fills it in."""
    return (reason.code, reason.params) if isinstance(reason, Reason) else ("file-fault", {"file": ""})


def _lines(told: Iterable[Rejected]) -> list[Line]:
    return [(one.line, one.column, *sentence(one.reason)) for one in told]


def _samples(table: Table) -> list[list[str]]:
    """Return for each column what stands in its first cells."""
    rows = [cells for _, cells in table.rows[:SAMPLES]]
    return [[row[at][:SAMPLE_MARKS] for row in rows if at < len(row)] for at in range(table.width())]


def said(kept: Sequence[Any] | None, language: str, name: str) -> str:
    """Return a sentence of a report about the file `name`; '' for none."""
    if not kept:
        return ""
    code, params = kept
    return Reason(code, **params).told(language, file=name)


def label(
    column: str, language: str, names: Sequence[str] = (), columns: dict[str, str] | None = None
) -> str:
    """Return what a column is called: by the list's own header if it has one, by its usual name otherwise."""
    at = next((at for at, known in (columns or {}).items() if known == column), None)
    if at is not None:
        return names[int(at)]
    words = entries.words()[column]
    return next((one for one in words if one.isascii()), column) if language.startswith("en") else words[0]
