"""Excel files (.xlsx) as rows of text: merged cells filled down, dates and numbers as people read them.

What is unpacked is bounded before anything is read: a file of a few kilobytes may claim to be gigabytes.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from xianfeng.foundation.kernel.tables.faults import Faulty, Reason

UNPACKED_BYTES = 64 << 20
MEMBERS = 2_000
ROWS, COLUMNS = 50_000, 200
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_PIECE = 1 << 20
_LONGEST = 200  # bytes of one <mergeCell …/>
# what openpyxl and the zip reader raise on torn and hostile files
_UNREADABLE = (
    zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, EOFError, OSError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows as (line, cells), and how many merged blocks were filled down."""

    name: str
    rows: list[tuple[int, list[str]]]
    merged: int = 0


def is_one(path: Path) -> bool:
    """Tell whether a file is packed as .xlsx files are."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read(path: Path) -> list[Sheet]:
    """Return the visible sheets with their rows that are not blank. Raises Faulty: damaged, too big, no sheet."""
    with _told(path):
        _refuse_bombs(path)
        return _sheets(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except Faulty:
        raise
    except _UNREADABLE as error:
        raise Faulty(Reason("file-unreadable", file=path.name, fault=type(error).__name__)) from error


def _refuse_bombs(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
        unpacked = sum(one.file_size for one in members)  # zipfile reads no more of a member than it claims
        if len(members) > MEMBERS or unpacked > UNPACKED_BYTES:
            raise Faulty(
                Reason(
                    "file-unpacks",
                    file=path.name,
                    size=unpacked >> 20,
                    parts=len(members),
                    limit=UNPACKED_BYTES >> 20,
                )
            )
        for one in members:
            with packed.open(one) as file:
                if one.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in file.read(2_000):
                    raise Faulty(Reason("file-doctype", file=path.name))


def _sheets(path: Path) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # drop-down lists and colours it does not know
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            found = [_sheet(path, one) for one in book.worksheets if one.sheet_state == "visible"]
        finally:
            book.close()
    if not found:
        raise Faulty(Reason("file-no-sheet", file=path.name))
    return found


def _sheet(path: Path, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    rows: dict[int, list[str]] = {}
    for line, cells in enumerate(sheet.iter_rows(max_row=ROWS + 1, max_col=COLUMNS, values_only=True), 1):
        texts = [text_of(value) for value in cells]
        if any(texts):
            rows[line] = texts
    if len(rows) > ROWS or (rows and max(rows) > ROWS):
        raise Faulty(Reason("file-sheet-too-long", sheet=str(sheet.title), limit=ROWS))
    filled = _fill_down(rows, _merged(path, sheet._worksheet_path))
    return Sheet(str(sheet.title), sorted(rows.items()), filled)


def _merged(path: Path, member: str) -> list[tuple[int, int, int]]:
    """Return the merged blocks of more than one line: column (from 0), first line, last line."""
    found, rest = [], b""
    with zipfile.ZipFile(path) as packed, packed.open(member.lstrip("/")) as file:
        while piece := file.read(_PIECE):
            rest += piece
            last = 0
            for match in _MERGED.finditer(rest):
                column, first, _, until = range_boundaries(match[1].decode())
                found.append((int(column or 1) - 1, int(first or 1), int(until or 1)))
                last = match.end()
            rest = rest[max(last, len(rest) - _LONGEST) :]
    return [block for block in found if block[2] > block[1]]


def _fill_down(rows: dict[int, list[str]], blocks: list[tuple[int, int, int]]) -> int:
    """Copy the text of each merged block to its lines below, in its first column alone; return how many blocks."""
    filled = 0
    for column, first, until in blocks:
        top = rows.get(first, [])
        text = top[column] if column < len(top) else ""
        below = [line for line in range(first + 1, min(until, ROWS) + 1) if line in rows]
        for line in below:
            cells = rows[line]
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or text
        filled += bool(text and below)
    return filled


def text_of(value: object) -> str:
    """Return a cell as it is read: no .0 behind whole numbers, days without a midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
