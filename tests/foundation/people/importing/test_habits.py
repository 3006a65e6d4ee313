"""The offices' own habits: title rows, merged cells, full-width digits, days as text, several people in one cell."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.foundation.people.importing.lists import CHINESE, rows, sheet, take, text, why, write
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.tables.faults import Faulty, Unfit
from xianfeng.foundation.people.importing import cells, taking
from xianfeng.foundation.people.importing.cells import Member
from xianfeng.foundation.people.mobiles import found_by
from xianfeng.foundation.people.models import Membership, Person, Pioneer, Recognition


def test_titles_above_the_header_and_sums_below_the_list_are_passed_over_and_named(
    cast: Cast, tmp_path: Path
) -> None:
    lines = [
        ["湖州市先锋名单（2024年）"], [], ["填报单位：妇联", "", "填报日期：2024-05-01"], CHINESE,
        *rows(cast.organisation.name), ["合计", "", "3"], ["填表人：某某", "", "", "盖章"],
    ]  # fmt: skip
    outcome = take(sheet(tmp_path, lines, ["A1:J1"]))
    assert (outcome.new, outcome.rejected, outcome.header_line) == (3, [], 4)
    assert [(one.line, one.reason[:20]) for one in outcome.notes] == [
        (1, "above the header, pa"), (3, "above the header, pa"), (8, "passed over: 合计"),
        (9, "passed over: 填表人：某某"),
    ]  # fmt: skip


def test_a_collective_over_merged_lines_is_one_with_all_its_members(cast: Cast, tmp_path: Path) -> None:
    name = cast.organisation.name
    headers = ("编号", "集体名称", "手机", "类型", "推荐单位", "成员姓名", "成员手机")
    lines = [
        headers, ("T-1", "护水队", 13900000013, "集体", name, "王五", 13900000014),
        (None, None, None, None, None, "赵六", 13900000015), (None, None, None, None, None, "孙八", 13900000016),
    ]  # fmt: skip
    outcome = take(sheet(tmp_path, lines, [f"{column}2:{column}4" for column in "ABCDE"]))
    assert (outcome.new, outcome.members, outcome.rejected) == (1, 3, [])
    assert "5 merged blocks" in outcome.notes[0].reason
    assert Membership.objects.filter(collective__name="护水队").count() == 3


def test_merged_cells_saved_as_csv_leave_blanks_that_are_understood(cast: Cast, tmp_path: Path) -> None:
    headers = ("编号", "集体名称", "手机", "类型", "推荐单位", "成员姓名", "成员手机")
    lines = [
        ("T-1", "护水队", "13900000013", "集体", cast.organisation.name, "王五", "13900000014"),
        ("", "", "", "", "", "赵六", "13900000015"),
    ]  # fmt: skip
    assert (
        take(write(tmp_path, text(lines, headers))).members,
        why(take(write(tmp_path, text(lines, headers)))),
    ) == (2, [])


def test_members_below_a_rejected_collective_do_not_go_to_the_one_before(cast: Cast, tmp_path: Path) -> None:
    headers = ("编号", "集体名称", "手机", "类型", "推荐单位", "成员姓名", "成员手机")
    lines = [
        ("T-1", "护水队", "13900000013", "集体", cast.organisation.name, "", ""),
        ("T-2", "护林队", "bad", "集体", cast.organisation.name, "", ""),
        ("", "", "", "", "", "赵六", "13900000015"),
    ]  # fmt: skip
    outcome = take(write(tmp_path, text(lines, headers)), partial=True)
    assert [one[:2] for one in why(outcome)] == [(3, "mobile"), (4, "number")]
    assert not Membership.objects.filter(collective__name="护水队").exists()


def test_a_sheet_with_the_list_is_found_among_others(cast: Cast, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = sheet(tmp_path, [["说明"], ["请勿修改"]])
    book = load_workbook(path)
    listed = book.create_sheet("名单")
    for line in [CHINESE, *rows(cast.organisation.name)]:
        listed.append(list(line))
    book.save(path)
    outcome = take(path)
    assert (outcome.new, outcome.read_as) == (3, "XLSX, sheet 名单 of 2")


def test_excels_own_numbers_and_days_are_read(cast: Cast, tmp_path: Path) -> None:
    since = datetime(2024, 5, 1)  # noqa: DTZ001 - as Excel has days
    line = [7.0, "张三", 13900000011.0, "个人", cast.organisation.name, "", "", "", since, ""]
    take(sheet(tmp_path, [CHINESE, line]))
    assert Recognition.objects.get(number="7").since.isoformat() == "2024-04-30T16:00:00+00:00"


def test_a_number_kept_from_excel_by_a_formula_or_an_apostrophe_is_read(cast: Cast, tmp_path: Path) -> None:
    lines = [
        ('="007"', "张三", '="13900000011"', "", cast.organisation.name),
        ("'008", "李四", "'13900000012", "", cast.organisation.name),
    ]
    take(write(tmp_path, text(lines, CHINESE[:5])))
    assert set(Recognition.objects.exclude(number="").values_list("number", flat=True)) == {"007", "008"}


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({1: "张三、李四"}, "name", "2 names in one cell: give each a line of its own"),
        ({2: "13900000011/13900000012"}, "mobile", "2 numbers in one cell: keep the one to sign in with"),
        ({2: "1.39E+10"}, "mobile", "1.39E+10 was rounded by Excel: format the column as text and fill it in again"),
        ({2: ""}, "mobile", "is blank"), ({0: ""}, "number", "is blank"), ({1: "  "}, "name", "is blank"),
        ({0: "x" * 41}, "number", "41 characters; at most 40 are taken"),
        ({1: "先" * 61}, "name", "61 characters; at most 60 are taken"),
        ({3: "单位"}, "kind", "单位 is none of 个人, 集体"),
        ({7: "镇级"}, "level", "镇级 is none of 县级, 市级, 省级, 国家级"),
        ({8: "去年"}, "since", "'去年' is no day like 2026-02-28"), ({8: "2024-02-30"}, "since",
        "'2024-02-30' is no day like 2026-02-28"),
        ({8: "2999-01-01"}, "since", "2999-01-01 lies in the future"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named_by_line_field_and_reason(
    cast: Cast, tmp_path: Path, change: dict[int, str], column: str, reason: str
) -> None:
    line = list(rows(cast.organisation.name)[0])
    for at, cell in change.items():
        line[at] = cell
    assert why(take(write(tmp_path, text([line])))) == [(2, column, reason)]


def test_unknown_organisations_areas_and_skills_are_named(cast: Cast, tmp_path: Path) -> None:
    headers = ("编号", "姓名", "手机", "推荐单位", "所在地", "特长")
    name = cast.organisation.name
    lines = [
        ("1", "甲", "13900000011", "某某协会", "", ""), ("2", "乙", "13900000012", name, "月球镇", ""),
        ("3", "丙", "13900000013", name, "", "飞行"), ("4", "丁", "13900000014", "", "", ""),
    ]  # fmt: skip
    told = why(take(write(tmp_path, text(lines, headers))))
    assert [one[:2] for one in told] == [(2, "organisation"), (3, "area"), (4, "skills"), (5, "organisation")]
    assert told[1][2] == "no area is called 月球镇"


def test_an_area_is_found_by_name_with_or_without_those_above_or_by_code(cast: Cast, tmp_path: Path) -> None:
    headers = ("编号", "姓名", "手机", "推荐单位", "所在地")
    named = ("织里镇", "吴兴区织里镇", "湖州市吴兴区织里镇", "330502100")
    lines = [
        (str(n), f"某{n}", f"1390000001{n}", cast.organisation.name, area) for n, area in enumerate(named)
    ]
    outcome = take(write(tmp_path, text(lines, headers)))
    assert outcome.rejected == []
    places = Pioneer.objects.filter(name__startswith="某").values_list("area__name", "lat", "lon")
    assert set(places) == {("织里镇", 30.8736, 120.2567)}


def test_the_same_number_twice_and_one_mobile_under_two_names_are_refused(cast: Cast, tmp_path: Path) -> None:
    first, second, _ = rows(cast.organisation.name)
    lines = [first, (first[0], *second[1:]), ("HZ-9", "别名", "13900000011", *second[3:])]
    assert why(take(write(tmp_path, text(lines)))) == [
        (3, "number", "HZ-001 stands in line 2 already"), (4, "mobile", "13900000011 is 张三's in line 2"),
    ]  # fmt: skip


def test_one_person_with_two_honours_is_one_pioneer(cast: Cast, tmp_path: Path) -> None:
    first = rows(cast.organisation.name)[0]
    outcome = take(write(tmp_path, text([first, ("HZ-100", *first[1:6], "另一个称号", *first[7:])])))
    pioneer = Pioneer.objects.get(name="张三")
    assert (outcome.new, pioneer.recognitions.count(), pioneer.record_length) == (2, 2, 2)


def test_members_without_a_number_are_named_and_not_entered(cast: Cast, tmp_path: Path) -> None:
    line = (*rows(cast.organisation.name)[2][:9], "王五、赵六 13900000015、孙八")
    outcome = take(write(tmp_path, text([line])))
    assert [str(one) for one in outcome.notes] == [
        "line 2, members: 2 without a mobile number, not entered: 王五、孙八"
    ]
    assert Person.objects.filter(mobile_hash=found_by("13900000015"), name="赵六").exists()


@pytest.mark.parametrize(
    ("cell", "numbers", "members"),
    [
        ("王五13900000014、赵六（13900000015）", "", [("王五", "13900000014"), ("赵六", "13900000015")]),
        ("王五 139 0000 0014\n赵六 +86 13900000015", "", [("王五", "13900000014"), ("赵六", "13900000015")]),
        ("王　五：１３９００００００１４；赵六", "", [("王五", "13900000014"), ("赵六", "")]),
        ("王五,赵六", "13900000014/13900000015", [("王五", "13900000014"), ("赵六", "13900000015")]),
        ("", "", []), ("、、", "", []),
    ],
)  # fmt: skip
def test_members_in_one_cell_are_told_apart(cell: str, numbers: str, members: list[tuple[str, str]]) -> None:
    assert cells.members(cell, numbers) == [Member(*one) for one in members]


def test_a_column_of_numbers_must_count_as_many_as_the_names() -> None:
    with pytest.raises(Unfit, match="1 numbers for 2 names"):
        cells.members("王五、赵六", "13900000014")


@pytest.mark.parametrize(
    "written",
    ["2024-05-01", "2024/5/1", "2024.5.1", "2024年5月1日", "２０２４年５月１日", "20240501", "2024.5", "2024年5月",
    "45413", "2024-05-01 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_in_any_dress(written: str) -> None:
    at = cells.day(written, "since", clock.now())
    assert at is not None
    assert at.isoformat() == "2024-04-30T16:00:00+00:00"


@pytest.mark.parametrize("written", ["1", "2024", "0000-00-00", "2024-13-01", "五月", "99999999"])
def test_what_is_no_day_is_said(written: str) -> None:
    with pytest.raises(Unfit, match="no day like"):
        cells.day(written, "since", clock.now())


def test_a_list_that_lacks_a_column_is_refused_with_its_usual_names(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match=r"lacks: number \(编号, 先锋编号, 证书编号\); mobile"):
        taking.looked_at(write(tmp_path, "姓名,称号\n张三,先锋\n"))


def test_a_header_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="are both the mobile"):
        taking.looked_at(write(tmp_path, "编号,姓名,手机,联系电话\n1,张三,1,2\n"))


def test_two_hundred_columns_and_more_are_read_as_far_as_they_mean_something(
    cast: Cast, tmp_path: Path
) -> None:
    more = tuple(f"列{n}" for n in range(300))
    lines = [(*row, *more) for row in rows(cast.organisation.name)]
    assert take(write(tmp_path, text(lines, (*CHINESE, *more)))).new == 3


def test_excel_days_count_from_excels_own_beginning() -> None:
    assert cells._day("45413") == date(2024, 5, 1)
