"""A table read whole, from CSV, CSV.gz or XLSX: its lines as fields, and where its header stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from xianfeng.foundation.kernel.tables import headers, opening, records, sheets
from xianfeng.foundation.kernel.tables.faults import Faulty, Reason, Rejected
from xianfeng.foundation.kernel.tables.headers import Words

HEADER_WITHIN = 30  # lines in which a header is looked for
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how Excel writes a number it must not touch
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A table below its header: lines with their fields, what could not be understood, and how it was read.

    `above` are the lines before the header (titles of the list); `merged` counts merged blocks filled down.
    """

    read_as: Reason
    header_line: int
    names: list[str]
    columns: dict[int, str]
    above: list[Row]
    rows: list[Row]
    broken: list[Rejected] = field(default_factory=list)
    merged: int = 0

    def width(self) -> int:
        """Return how many columns the header has."""
        return len(self.names)


def read(path: Path, words: Words, *, encoding: str = "") -> Table:
    """Return the table of a file whose header names columns of `words`; of several sheets the one that names most.

    Raises Faulty when the file cannot be read or no header is found; OSError.
    """
    found = _of_sheets(path, words) if sheets.is_one(path) else _of_text(path, words, encoding)
    headers.refuse_twice(found.names, found.columns)
    return found


def _of_sheets(path: Path, words: Words) -> Table:
    several = sheets.read(path)
    best = max(several, key=lambda one: _header(one.rows, words)[1])
    read_as = (
        Reason("read-sheet-of", sheet=best.name, n=len(several))
        if len(several) > 1
        else Reason("read-sheet", sheet=best.name)
    )
    return _table(read_as, best.rows, words, path.name, merged=best.merged)


def _of_text(path: Path, words: Words, encoding: str) -> Table:
    source = opening.looked_through(path, encoding, most=sheets.UNPACKED_BYTES)
    if source.lines > sheets.ROWS:
        raise Faulty(Reason("file-too-long", file=path.name, n=source.lines, limit=sheets.ROWS))
    with opening.text_of(source) as file:
        first = list(islice(file, HEADER_WITHIN))
    separator = max(
        headers.SEPARATORS,
        key=lambda one: max((_named(headers.cut(line, one), words) for line in first), default=0),
    )
    rows: list[Row] = []
    broken = []
    with opening.text_of(source) as file:
        for line, fields in records.read(_plain(file), separator):
            if isinstance(fields, str):
                broken.append(Rejected(line, "", fields))
            else:
                rows.append((line, [_unquoted(one) for one in fields[: sheets.COLUMNS]]))
    read_as = Reason(
        "read-csv", encoding=source.encoding, separator=headers.SEPARATORS[separator],
        separator_zh=headers.SEPARATORS_ZH[separator],
    )  # fmt: skip
    return _table(read_as, rows, words, path.name, broken=broken)


def _plain(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _unquoted(text: str) -> str:
    """Return a field without what keeps Excel from touching it: ="…" or a leading apostrophe."""
    plain = text.strip()
    if match := _FORMULA_TEXT.fullmatch(plain):
        return match[1].strip()
    return plain.removeprefix("'").strip()


def _named(names: list[str], words: Words) -> int:
    return len(set(headers.known(names, words).values()))


def _header(rows: list[Row], words: Words) -> tuple[int, int]:
    """Return which row is the header (its place in `rows`) and how many columns it names."""
    counts = [(-_named(cells, words), at) for at, (_, cells) in enumerate(rows[:HEADER_WITHIN])]
    count, at = min(counts, default=(0, 0))
    return at, -count


def _table(
    read_as: Reason,
    rows: list[Row],
    words: Words,
    name: str,
    *,
    broken: list[Rejected] | None = None,
    merged: int = 0,
) -> Table:
    at, count = _header(rows, words)
    if not count:
        known = ", ".join(all_[0] for all_ in list(words.values())[:6])
        raise Faulty(Reason("file-no-header", file=name, within=HEADER_WITHIN, known=known))
    line, names = rows[at]
    names = list(names)
    while names and not names[-1]:
        names.pop()
    return Table(
        read_as, line, names, headers.known(names, words), rows[:at], rows[at + 1 :], broken or [], merged
    )  # fmt: skip
