"""A table as CSV that Excel opens rightly: UTF-8 with its mark, and nothing in it is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from xianfeng.doors.desk.exporting.tables import Cell

BOM = "\ufeff"
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: text that begins like one gets a ' before it.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell


def lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a table line by line, heads first; the first line begins with the byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([harmless(head) for head in heads])
    yield BOM + _taken(buffer)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield _taken(buffer)


def write(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table into `file`; return how many rows, heads apart."""
    count = -1
    for line in lines(heads, rows):
        file.write(line.encode())
        count += 1
    return count


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
