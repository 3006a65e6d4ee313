"""A table as XLSX, written row by row: memory does not grow with it, and a new sheet begins where one is full."""

from collections.abc import Iterable, Sequence
from typing import IO

from openpyxl import Workbook

from xianfeng.doors.desk.exporting.csvs import harmless
from xianfeng.doors.desk.exporting.tables import Cell
from xianfeng.foundation.kernel import catalogue


def write(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table into `file`, heads on top of every sheet; return how many rows, heads apart."""
    most = int(catalogue.load("desk")["export"]["sheet_rows"])
    book, count = Workbook(write_only=True), 0
    sheet = book.create_sheet("1")
    sheet.append([harmless(head) for head in heads])
    for row in rows:
        if count and count % (most - 1) == 0:
            sheet = book.create_sheet(str(count // (most - 1) + 1))
            sheet.append([harmless(head) for head in heads])
        sheet.append([harmless(cell) for cell in row])
        count += 1
    book.save(file)
    return count
