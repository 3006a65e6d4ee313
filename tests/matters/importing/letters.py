"""Files of invented letters, as other systems write them."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from xianfeng.foundation.kernel import clock
from xianfeng.matters.importing import taking
from xianfeng.matters.importing.letters import Reading
from xianfeng.matters.importing.taking import Taken, Wishes
from xianfeng.matters.models import Matter

ENGLISH = ("id", "user", "title", "time", "text", "against", "likes")
CHINESE = ("编号", "用户", "主题", "时间", "详情", "反对数", "点赞数")
ROWS = (
    (
        "7001",
        "U1",
        "厨房的灯坏了，帮忙看看",
        "2019-02-28 11:25:05",
        "开关试过了\n一直不亮",
        "0",
        "2",
    ),
    ("7002", "U2", "想问劳动合同怎么签", "2019/3/1 9:05", "厂里让我们重新签，想请懂法律的人看看", "1", "0"),
    ("7003", "U1", "楼下晚上施工，吵得睡不着", "2019-03-02", "连着三个晚上了，希望有人去说说", "0", "9"),
)


def text(rows: Sequence[Sequence[str]] = ROWS, headers: Sequence[str] = ENGLISH, separator: str = ",") -> str:
    """Return the rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([headers, *rows])
    return out.getvalue()


def write(
    folder: Path, words: str | None = None, *, name: str = "letters.csv", encoding: str = "utf-8"
) -> Path:
    """Write a file, gzipped if its name says so, and return its path."""
    path = folder / name
    data = (text() if words is None else words).encode(encoding)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def take(path: Path, source: str = "letters", **wishes: object) -> Taken:
    """Take a file in."""
    reading = Reading(source, ZoneInfo("Asia/Shanghai"), clock.now())
    return taking.take(path, reading, Wishes(**wishes), progress=lambda _done, _whole: None)  # type: ignore[arg-type]


def imported() -> list[Matter]:
    """Return all imported needs, by key."""
    return list(Matter.objects.filter(source_key__isnull=False).order_by("source_key"))
