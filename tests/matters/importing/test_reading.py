"""Reading a file of letters: encodings, separators, headers, times, and what is told of faults."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.matters.importing.letters import CHINESE, ENGLISH, ROWS, text, write
from xianfeng.foundation.kernel.tables import opening
from xianfeng.foundation.kernel.tables.faults import Faulty, Rejected
from xianfeng.matters.importing import header, letters
from xianfeng.matters.importing.letters import Letter, Reading

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
READING = Reading("letters", ZoneInfo("Asia/Shanghai"), NOW)


def read(path: Path, encoding: str = "", reading: Reading = READING) -> list[Letter | Rejected]:
    return list(letters.read(opening.looked_through(path, encoding), reading))


def taken(path: Path, encoding: str = "") -> list[Letter]:
    found = read(path, encoding)
    assert not [one for one in found if isinstance(one, Rejected)]
    return [one for one in found if isinstance(one, Letter)]


def one(folder: Path, *row: str, headers: tuple[str, ...] = ENGLISH) -> Letter | Rejected:
    (found,) = read(write(folder, text([row], headers)))
    return found


def why(found: Letter | Rejected) -> tuple[str, str]:
    assert isinstance(found, Rejected)
    return found.column, found.reason


WHOLE = [("letters:7001", "U1"), ("letters:7002", "U2"), ("letters:7003", "U1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("name", ["letters.csv", "letters.csv.gz"])
def test_every_usual_encoding_is_found_plain_and_zipped(tmp_path: Path, encoding: str, name: str) -> None:
    found = taken(write(tmp_path, encoding=encoding, name=name))
    assert [(one.key, one.user) for one in found] == WHOLE
    assert found[0].title == ROWS[0][2]
    assert found[0].text == ROWS[0][4]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("headers", [ENGLISH, CHINESE])
def test_separator_and_headers_are_found_in_both_languages(
    tmp_path: Path, separator: str, headers: tuple[str, ...]
) -> None:
    found = taken(write(tmp_path, text(headers=headers, separator=separator)))
    assert [(one.key, one.user) for one in found] == WHOLE


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (" ID ;留言用户;留言主题;留言时间;留言详情", {"id", "user", "title", "time", "text"}),
        ("Title;Ｔｅｘｔ;Created_At", {"title", "text", "time"}),
        ("标题;正文;纬度;经度;类别", {"title", "text", "lat", "lon", "category"}),
    ],
)
def test_headers_are_known_in_any_dress(headers: str, columns: set[str]) -> None:
    assert set(header.read(headers).places) == columns


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    found = one(tmp_path, "杂项", "正文在这里", "主题在前", headers=("无关", "内容", "主题"))
    assert isinstance(found, Letter)
    assert (found.title, found.text, found.raised_at) == ("主题在前", "正文在这里", NOW)


def test_a_header_twice_is_told_with_both_places() -> None:
    with pytest.raises(Faulty, match=r"columns 2 \('title'\) and 4 \('标题'\) are both the title"):
        header.read("id,title,text,标题\n")


def test_a_first_line_without_names_is_told_with_what_it_reads() -> None:
    with pytest.raises(Faulty, match=r"names neither a title nor a text.*'7001'"):
        header.read("7001,U1,灯坏了\n")


def test_a_wrong_separator_is_told_with_the_right_one() -> None:
    with pytest.raises(Faulty, match="Cut at the semicolon it would"):
        header.read("id;title;text\n", ",")


@pytest.mark.parametrize("cut", [1, 20, 9])
def test_a_gzip_file_that_breaks_off_is_told(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path, name="letters.csv.gz")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Faulty, match="breaks off"):
        read(path)


def test_a_damaged_gzip_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, name="letters.csv.gz")
    data = bytearray(path.read_bytes())
    data[-6] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(Faulty, match="damaged"):
        read(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "xlsx"),
        (b"\n \n", "has no lines"),
        (b"title\n\xff\xff\xff", "--encoding"),
    ],
)
def test_what_is_no_csv_at_all_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "letters.csv"
    path.write_bytes(data)
    with pytest.raises(Faulty, match=said):
        read(path)


def test_an_encoding_that_is_said_is_used_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, encoding="big5", words="title,text\n燈壞了,請幫忙看看\n")
    assert taken(path, "big5")[0].title == "燈壞了"
    with pytest.raises(Faulty, match="no encoding"):
        read(path, "nonsense-8")


@pytest.mark.parametrize(
    ("words", "utc"),
    [
        ("2019-02-28 11:25:05", "2019-02-28T03:25:05"),
        ("2019-2-8 9:05", "2019-02-08T01:05:00"),
        ("2019/02/28 11:25", "2019-02-28T03:25:00"),
        ("2019年2月28日 11时25分", "2019-02-28T03:25:00"),
        ("2019年2月28日", "2019-02-27T16:00:00"),
        ("2019-02-28T11:25:05Z", "2019-02-28T11:25:05"),
        ("2019-02-28T11:25:05+01:00", "2019-02-28T10:25:05"),
        ("28.02.2019 11:25", "2019-02-28T03:25:00"),
    ],
)
def test_times_are_understood_in_many_forms_and_naive_ones_are_of_the_zone(
    tmp_path: Path, words: str, utc: str
) -> None:
    found = one(tmp_path, "1", "U", "灯坏了", words, "", "0", "0")
    assert isinstance(found, Letter)
    assert found.raised_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "is blank"), ("昨天", "no time like"), ("2027-01-01", "future"), ("9999-12-31 23:59:59", "future"),
        ("0001-01-01", "too far back"), ("2019-02-30", "no time like"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_rejected(tmp_path: Path, words: str, said: str) -> None:
    column, reason = why(one(tmp_path, "1", "U", "灯坏了", words, "", "0", "0"))
    assert column == "time"
    assert said in reason


def test_a_long_title_is_cut_and_stands_whole_in_the_text(tmp_path: Path) -> None:
    long = "很长的标题" * 20
    found = one(tmp_path, "1", "U", long, "2019-02-28", "正文", "0", "0")
    assert isinstance(found, Letter)
    assert (len(found.title), found.title[-1]) == (60, "…")
    assert found.text == f"{long}\n正文"


def test_a_missing_title_is_the_beginning_of_the_text_and_the_other_way_it_stays_empty(
    tmp_path: Path,
) -> None:
    found = one(tmp_path, "1", "U", "", "2019-02-28", "第一句\n第二句", "0", "0")
    assert isinstance(found, Letter)
    assert (found.title, found.text) == ("第一句 第二句", "第一句\n第二句")
    found = one(tmp_path, "1", "U", "只有标题", "2019-02-28", "", "0", "0")
    assert isinstance(found, Letter)
    assert (found.title, found.text) == ("只有标题", "")


def test_control_characters_are_cleaned(tmp_path: Path) -> None:
    found = one(tmp_path, "1", "U", "灯\x00坏\x07了\u202e", "2019-02-28", "正\x1b文\r\n第二行", "0", "0")
    assert isinstance(found, Letter)
    assert (found.title, found.text) == ("灯坏了", "正文\n第二行")


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (("1", "U", "", "2019-02-28", " \u200b ", "0", "0"), "title", "neither a title nor a text"),
        (("1", "U", "标题", "2019-02-28", "长" * 20_001, "0", "0"), "text", "20001 characters"),
        (("1", "U", "标题", "2019-02-28", "正文"), "", "5 fields, the first line has 7"),
    ],
)
def test_a_line_that_cannot_be_a_need_is_rejected_with_the_reason(
    tmp_path: Path, row: tuple[str, ...], column: str, said: str
) -> None:
    found = why(one(tmp_path, *row))
    assert found[0] == column
    assert said in found[1]


def test_rejected_lines_are_named_by_the_line_they_begin_on_and_the_others_are_taken(tmp_path: Path) -> None:
    rows = [ROWS[0], ("8", "U", "没有时间", "", "", "0", "0"), ROWS[1], ROWS[0]]
    found = read(write(tmp_path, text(rows)))
    assert [str(one) for one in found if isinstance(one, Rejected)] == [
        "line 4, time: is blank",
        "line 6, id: the same letter stands in line 2",
    ]
    assert [one.line for one in found if isinstance(one, Letter)] == [2, 5]


def test_a_quote_that_is_not_closed_rejects_its_line_and_not_the_file(tmp_path: Path) -> None:
    words = text([ROWS[1]]) + '9,U,"错"引号,2019-02-28,正文,0,0\n' + text([ROWS[2]]).split("\n", 1)[1]
    found = read(write(tmp_path, words))
    assert [type(one) for one in found] == [Letter, Rejected, Letter]
    assert "quotes" in why(found[1])[1]
    found = read(write(tmp_path, text([ROWS[1]]) + '9,U,"没有关上,2019-02-28,正文,0,0\n'))
    assert [type(one) for one in found] == [Letter, Rejected]
    found = read(write(tmp_path, 'title,text\n一,"没有关上\n二,x\n三,"好"\n四,y\n'))
    assert "up to line 4" in why(found[0])[1]
    assert [one.title for one in found if isinstance(one, Letter)] == ["四"]


def test_letters_without_numbers_are_known_by_their_words(tmp_path: Path) -> None:
    words = "title,text\n灯坏了,三楼\n灯坏了,四楼\n灯坏了,三楼\n"
    found = read(write(tmp_path, words))
    keys = [one.key for one in found if isinstance(one, Letter)]
    assert len(set(keys)) == 2
    assert why(found[2])[1] == "the same letter stands in line 2"


def test_a_very_long_number_still_makes_a_key_of_its_own(tmp_path: Path) -> None:
    found = taken(write(tmp_path, text([("x" * 90 + end, *ROWS[0][1:]) for end in "ab"])))
    assert len({one.key for one in found}) == 2
    assert all(len(one.key) <= 80 for one in found)


def test_a_category_is_taken_by_name_and_else_left_to_the_words(tmp_path: Path) -> None:
    found = taken(write(tmp_path, "title,category\n一,electric\n二,法律服务\n三,杂七杂八\n四,\n"))
    assert [one.category for one in found][:1] == ["electric"]
    assert [one.category for one in found][2:] == ["", ""]


def test_formulas_stay_the_words_they_are(tmp_path: Path) -> None:
    words = '=HYPERLINK("http://x","灯")', "+86 138", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0"
    found = taken(
        write(
            tmp_path, text([(f"{at}", "U", one, "2019-02-28", one, "0", "0") for at, one in enumerate(words)])
        )
    )
    assert [(one.title, one.text) for one in found] == [(word, word) for word in words]


def test_two_hundred_columns_are_read_and_the_known_ones_found(tmp_path: Path) -> None:
    headers = [f"杂项{at}" for at in range(198)]
    headers[120:120] = ["主题", "详情"]
    row = [f"值{at}" for at in range(200)]
    found = one(tmp_path, *row, headers=tuple(headers))
    assert isinstance(found, Letter)
    assert (found.title, found.text) == ("值120", "值121")


def test_a_separator_that_changes_half_way_rejects_those_lines_alone(tmp_path: Path) -> None:
    found = read(write(tmp_path, "id,title,text\n1,灯坏了,三楼\n2;门坏了;四楼\n3,窗坏了,五楼\n"))
    assert [type(each) for each in found] == [Letter, Rejected, Letter]
    assert why(found[1]) == ("", "it has 1 fields, the first line has 3")


def test_two_byte_order_marks_and_old_line_ends_do_no_harm(tmp_path: Path) -> None:
    words = "\ufefftitle,text\r灯坏了,三楼\r门坏了,四楼\r"
    found = taken(write(tmp_path, words, encoding="utf-8-sig"))
    assert [each.title for each in found] == ["灯坏了", "门坏了"]


def test_a_gzip_file_within_a_gzip_file_is_told(tmp_path: Path) -> None:
    inner = write(tmp_path, name="inner.csv.gz").read_bytes()
    path = tmp_path / "letters.csv.gz"
    path.write_bytes(gzip.compress(inner))
    with pytest.raises(Faulty, match=r"encoding|names neither|gzip"):
        read(path)
