"""Lists of invented pioneers, as offices keep them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from xianfeng.foundation.people.importing import taking
from xianfeng.foundation.people.importing.taking import Outcome, Wishes

CHINESE = ("编号", "姓名", "手机号", "类型", "推荐单位", "特长", "称号", "级别", "认定日期", "成员")
ENGLISH = ("no", "name", "mobile", "kind", "organisation", "skills", "title", "level", "since", "members")


def rows(organisation: str) -> list[tuple[str, ...]]:
    """Return two individuals and a collective of two members."""
    return [
        ("HZ-001", "张　三", "１３９００００００１１", "个人", organisation, "水电维修、法律", "巾帼先锋", "市级",
         "2024年5月1日", ""),
        ("HZ-002", "李四", "139 0000 0012", "个人", organisation, "", "", "", "20240502", ""),
        ("HZ-003", "护水队", "13900000013", "集体", organisation, "水电维修", "先锋集体", "县级", "2024.5",
        "王五13900000014、赵六 13900000015"),
    ]  # fmt: skip


def text(lines: Sequence[Sequence[str]], headers: Sequence[str] = CHINESE, separator: str = ",") -> str:
    """Return a list as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([headers, *lines])
    return out.getvalue()


def write(folder: Path, content: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    """Write a list to a file."""
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def sheet(
    folder: Path, lines: Sequence[Sequence[Any]], merged: Sequence[str] = (), name: str = "list.xlsx"
) -> Path:
    """Write a list as an Excel file; `merged` are ranges like A1:J1."""
    book = Workbook()
    active = book.active
    assert active is not None
    for line in lines:
        active.append(list(line))
    for block in merged:
        active.merge_cells(block)
    book.save(folder / name)
    return folder / name


def take(path: Path, **wishes: Any) -> Outcome:
    """Take a list in."""
    return taking.apply(taking.looked_at(path), Wishes(**wishes))


def why(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Return line, column and reason of what was rejected."""
    return [(one.line, one.column, one.reason) for one in outcome.rejected]
