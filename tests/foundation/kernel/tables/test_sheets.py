"""Excel files: torn and hostile ones are told, nothing is unpacked beyond its bound."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from xianfeng.foundation.kernel.tables import sheets, whole
from xianfeng.foundation.kernel.tables.faults import Faulty

WORDS = {"name": ["姓名", "name"], "mobile": ["手机", "mobile"]}


def book(folder: Path, *cells: tuple[str, Any]) -> Path:
    made = Workbook()
    active = made.active
    assert active is not None
    for place, value in cells:
        active[place] = value
    made.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def repacked(path: Path, **members: bytes) -> Path:
    """Write the file anew with some members put in or exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    path.write_bytes(out.getvalue())
    return path


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = repacked(book(tmp_path, ("A1", "姓名")), **{"xl/media/image1.bin": bytes(sheets.UNPACKED_BYTES)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(Faulty, match="unpacks to 64 MB"):
        sheets.read(path)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_what_it_claims(tmp_path: Path) -> None:
    path = repacked(
        book(tmp_path, ("A1", "姓名")), **{"xl/sharedStrings.xml": b"<a>" + b" " * (8 << 20) + b"</a>"}
    )
    raw = path.read_bytes()
    path.write_bytes(raw.replace((8 * (1 << 20) + 7).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(Faulty, match="cannot be read as an Excel file"):
        sheets.read(path)


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = repacked(book(tmp_path, ("A1", "姓名")), **{f"x/{n}": b"" for n in range(sheets.MEMBERS + 1)})
    with pytest.raises(Faulty, match="parts"):
        sheets.read(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    path = repacked(book(tmp_path, ("A1", "姓名")), **{"xl/worksheets/sheet1.xml": laughs})
    with pytest.raises(Faulty, match="declares a document type"):
        sheets.read(path)


def test_a_cell_in_the_last_corner_takes_no_room(tmp_path: Path) -> None:
    path = book(tmp_path, ("A1", "姓名"), ("B1", "手机"), ("XFD40000", "x"), ("A2", "张三"))
    assert [(line, cells[:2]) for line, cells in whole.read(path, WORDS).rows] == [(2, ["张三", ""])]


def test_more_lines_than_are_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="more than 50,000 lines"):
        sheets.read(book(tmp_path, ("A1", "姓名"), ("A50001", "x")))


@pytest.mark.parametrize("torn", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_a_torn_file_is_told(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(torn)
    with pytest.raises(Faulty, match=r"list.xlsx cannot be read as an Excel file"):
        sheets.read(path)


def test_a_zip_that_is_no_excel_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "x")
    with pytest.raises(Faulty, match="cannot be read"):
        sheets.read(path)


def test_half_a_file_is_told(tmp_path: Path) -> None:
    path = book(tmp_path, ("A1", "姓名"))
    path.write_bytes(path.read_bytes()[:-600])
    with pytest.raises(Faulty, match="cannot be read"):
        sheets.read(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (7.0, "7"), (1.5, "1.5"), (13900000011, "13900000011"), (" 张三 ", "张三"), (True, "True"),
        (datetime(2024, 5, 1), "2024-05-01"), (datetime(2024, 5, 1, 8, 30), "2024-05-01 08:30:00"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_cells_are_read_as_people_read_them(value: object, text: str) -> None:
    assert sheets.text_of(value) == text


def test_a_csv_with_titles_above_its_header_is_cut_where_the_header_says(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("﻿名单,2024,\n;;\n姓名;手机;\n张三;1;\n\n李四;2;\n".encode())
    table = whole.read(path, WORDS)
    assert (table.header_line, table.columns, table.rows) == (
        3, {0: "name", 1: "mobile"}, [(4, ["张三", "1", ""]), (6, ["李四", "2", ""])],
    )  # fmt: skip


def test_a_file_without_any_header_is_told_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\nc,d\n")
    with pytest.raises(Faulty, match="known are 姓名, 手机"):
        whole.read(path, WORDS)
