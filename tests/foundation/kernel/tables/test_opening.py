"""Files that unpack to more than anybody sent: told before they are held."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.tables import opening, sheets, whole
from xianfeng.foundation.kernel.tables.faults import Faulty, Reason


def packed(folder: Path, piece: bytes, times: int) -> Path:
    path = folder / "list.csv.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(times):
            file.write(piece)
    return path


def test_a_line_without_an_end_is_refused_and_never_held(tmp_path: Path) -> None:
    path = packed(tmp_path, b"a" * (1 << 20), 64)
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    with pytest.raises(Faulty, match="has a line of more than 4 MB"):
        opening.looked_through(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 << 20


def test_a_long_line_with_an_end_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path, b"a" * (1 << 20) + b"\n" + b"b" * (1 << 20), 3)
    assert opening.looked_through(path).lines == 4


def test_a_list_is_read_no_further_than_what_a_list_may_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "UNPACKED_BYTES", 2 << 20)
    path = packed(tmp_path, b"name,mobile\n" * 100_000, 3)
    with pytest.raises(Faulty, match="unpacks to more than 2 MB"):
        whole.read(path, {"name": ["name"]})


def test_a_reason_is_said_in_the_readers_language_too() -> None:
    reason = Reason("number-before", number="7", line=2)
    assert reason == "7 stands in line 2 already"
    assert reason.told("zh-hans") == "编号 7 在第 2 行已有，请改一个或删一行"
    assert Reason("file-empty", file="x").told("en", file="名单.csv") == "名单.csv is empty"


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    for code, entry in catalogue.load("texts/lists").items():
        assert set(entry) == {"zh", "en"}, code
        assert all(entry.values()), code
