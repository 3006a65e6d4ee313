"""Lists of pioneers on the desk: sent, looked at, corrected, taken in by those whose they are; and forgotten."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.doors.desk.conftest import Enter
from tests.foundation.people.importing.lists import CHINESE, rows, sheet, text
from tests.matters.watching import watching
from xianfeng.doors.desk import tasks
from xianfeng.doors.desk.importing import keeping, working
from xianfeng.doors.desk.models import PeopleList
from xianfeng.foundation.kernel import catalogue, clock, retention
from xianfeng.foundation.people.models import Pioneer, Post, Recognition
from xianfeng.foundation.record import verify


def send(client: Client, content: bytes | str, name: str = "名单.csv", **more: str) -> PeopleList:
    """Send a list and return what is kept of it."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post(reverse("desk:people-lists"), {"file": SimpleUploadedFile(name, data), **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return PeopleList.objects.latest("id")


def seen_page(client: Client, row: PeopleList) -> str:
    answer = client.get(reverse("desk:people-list", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def take(client: Client, row: PeopleList, **more: str) -> PeopleList:
    answer = client.post(reverse("desk:list-take", args=[row.pk]), more)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    row.refresh_from_db()
    return row


def a_list(cast: Cast) -> str:
    return text(rows(cast.organisation.name))


def with_faults(cast: Cast) -> str:
    lines = rows(cast.organisation.name)
    lines[1] = (*lines[1][:2], "1.39E+10", *lines[1][3:])
    return text(lines)


def test_a_list_is_looked_at_first_and_nothing_is_entered(cast: Cast, staff: Client) -> None:
    with watching() as seen:
        row = send(staff, a_list(cast))
    assert (seen.tables, seen.entries) == ({"desk_people_list"}, [])
    assert (row.step, row.lines, row.new, row.rejected) == ("looked", 3, 3, 0)
    page = seen_page(staff, row)
    assert "新认定 3 项" in page
    assert "CSV，编码 utf-8，用逗号分开" in page
    assert "张　三 · 李四 · 护水队" in page


def test_an_excel_file_with_the_offices_habits_is_shown_as_it_was_understood(
    cast: Cast, staff: Client, tmp_path: Path
) -> None:
    lines = rows(cast.organisation.name)
    path = sheet(tmp_path, [("先锋名单（2024 年）",), CHINESE, *lines, ("合计", "", "3")])
    page = seen_page(staff, send(staff, path.read_bytes(), "名单.xlsx"))
    assert "Excel，工作表“Sheet”" in page
    assert "在表头上面，跳过了：先锋名单（2024 年）" in page
    assert "不是先锋，跳过了：合计" in page


def test_a_list_is_taken_in_by_who_sent_it_and_their_organisations_record_says_so(
    cast: Cast, staff: Client
) -> None:
    row = send(staff, a_list(cast))
    with watching() as seen:
        take(staff, row)
    assert (row.step, row.new, row.members, row.file_sealed) == ("taken", 3, 2, None)
    assert {told.actor for told in seen.entries} == {("person", cast.staff.pk)}
    last = seen.entries[-1]
    assert (last.code, last.id, last.new) == (
        "organisation.list-taken", cast.organisation.pk, {"new": 3, "changed": 0, "members": 2},
    )  # fmt: skip
    assert Pioneer.objects.get(name="张三").organisation == cast.organisation
    assert list(verify.chain_findings()) == []
    assert "导入好了" in seen_page(staff, row)


def test_the_same_list_again_has_nothing_to_take_in(cast: Cast, staff: Client) -> None:
    take(staff, send(staff, a_list(cast)))
    again = send(staff, a_list(cast))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert "和名册上的一样，没有要改的" in seen_page(staff, again)


def test_rejected_lines_are_told_with_line_column_and_reason_and_nothing_is_taken_in(
    cast: Cast, staff: Client
) -> None:
    row = send(staff, with_faults(cast))
    page = seen_page(staff, row)
    assert (row.new, row.rejected) == (2, 1)
    assert "第 3 行" in page
    assert "<td>手机号</td>" in page
    assert "1.39E+10 被 Excel 改成了约数" in page
    with watching() as seen:
        staff.post(reverse("desk:list-take", args=[row.pk]))
    assert seen.tables == {"desk_people_list"}
    row.refresh_from_db()
    assert (row.step, Recognition.objects.exclude(number="").count()) == ("looked", 0)


def test_what_can_be_is_taken_in_and_the_rest_comes_back_to_be_corrected(cast: Cast, staff: Client) -> None:
    row = take(staff, send(staff, with_faults(cast)), partial="1")
    assert (row.step, row.new, row.rejected) == ("taken", 2, 1)
    answer = staff.get(reverse("desk:list-rejects", args=[row.pk]))
    assert answer["Content-Disposition"].endswith(f'"xianfeng-rejects-{row.pk}.csv"')
    header, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header[:-1] == list(CHINESE)
    assert line[1] == "李四"
    assert line[-1].startswith("手机号：1.39E+10 被 Excel 改成了约数")
    out = io.StringIO()
    csv.writer(out).writerows([header, [*line[:2], "13900000012", *line[3:]]])
    mended = take(staff, send(staff, out.getvalue(), "改好的.csv"))
    assert (mended.step, mended.new) == ("taken", 1)
    assert Pioneer.objects.filter(name="李四").exists()


def test_columns_that_are_not_known_are_said_by_who_sent_the_list(cast: Cast, staff: Client) -> None:
    row = send(staff, "序,谁,怎么找到\n甲1,张三,13900000011\n")
    assert "前 30 行里没找到表头" in seen_page(staff, row)
    row = send(staff, "编号,谁,怎么找到\n甲1,张三,13900000011\n")
    page = seen_page(staff, row)
    assert "第 1 行表头缺：姓名、手机" in page
    answer = staff.post(
        reverse("desk:list-columns", args=[row.pk]), {"c0": "number", "c1": "name", "c2": "mobile"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.step, row.new) == ("looked", 1)
    assert take(staff, row).step == "taken"
    assert Recognition.objects.get(number="甲1").organisation == cast.organisation


@pytest.mark.parametrize(
    ("said", "code"),
    [({"c0": "name", "c1": "name"}, "有两列选成了同一样"), ({"c0": "number", "c1": "x"}, "没读成"),
     ({"c0": "number", "c150": "name"}, "没读成")],
)  # fmt: skip
def test_columns_that_are_none_change_nothing(
    cast: Cast, staff: Client, said: dict[str, str], code: str
) -> None:
    row = send(staff, a_list(cast))
    answer = staff.post(reverse("desk:list-columns", args=[row.pk]), said, follow=True)
    assert code in answer.content.decode()
    assert not Recognition.objects.exclude(number="").exists()


def test_staff_take_in_lists_of_their_own_organisation_alone(cast: Cast, enter: Enter) -> None:
    there = enter(cast.other_staff)
    row = send(there, a_list(cast))
    assert (row.new, row.rejected) == (0, 3)
    assert f"{cast.organisation.name}不归您管" in seen_page(there, row)
    take(there, row, partial="1")
    assert not Recognition.objects.filter(number__startswith="HZ-").exists()
    blank = [(*line[:4], "", *line[5:]) for line in rows("")]
    take(there, send(there, text(blank)))
    assert {one.organisation for one in Recognition.objects.filter(number__startswith="HZ-")} == {
        cast.other_organisation
    }


def test_staff_cannot_say_that_a_blank_organisation_is_another(cast: Cast, enter: Enter) -> None:
    data = {"file": SimpleUploadedFile("a.csv", b"x"), "organisation": str(cast.organisation.pk)}
    answer = enter(cast.other_staff).post(reverse("desk:people-lists"), data)
    assert (answer.status_code, PeopleList.objects.count()) == (422, 0)


def test_staff_of_the_city_say_whose_a_list_is_that_does_not_say(cast: Cast, enter: Enter) -> None:
    city = enter(cast.city_staff)
    blank = text([(*line[:4], "", *line[5:]) for line in rows("")])
    assert send(city, blank).rejected == 3
    row = send(city, blank, organisation=str(cast.other_organisation.pk))
    assert (row.new, row.rejected) == (3, 0)


def test_somebody_elses_list_is_not_there(cast: Cast, staff: Client, enter: Enter) -> None:
    row = send(staff, with_faults(cast))
    other = enter(cast.city_staff)
    with watching() as seen:
        for name in ("people-list", "list-rejects"):
            assert other.get(reverse(f"desk:{name}", args=[row.pk])).status_code == 404
        for name in ("list-columns", "list-take", "list-drop"):
            assert other.post(reverse(f"desk:{name}", args=[row.pk])).status_code == 404
    assert seen.nothing()


def test_a_long_list_is_left_to_the_worker_and_done_once(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["people_list"], "at_once_kilobytes", 0)
    row = send(staff, a_list(cast))
    assert row.step == "look"
    assert "hx-trigger" in seen_page(staff, row)
    assert tasks.take_lists() == 1
    take(staff, row)
    assert row.step == "take"
    assert "正在导入 3 行" in seen_page(staff, row)
    PeopleList.objects.filter(pk=row.pk).update(begun_at=clock.now())
    assert tasks.take_lists() == 0  # somebody is at it
    PeopleList.objects.filter(pk=row.pk).update(begun_at=clock.now() - timedelta(minutes=11))
    assert tasks.take_lists() == 1  # who died meanwhile gives it back
    row.refresh_from_db()
    assert (row.step, row.new) == ("taken", 3)
    assert tasks.take_lists() == 0


def test_who_is_overtaken_writes_nothing(cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.load("desk")["people_list"], "at_once_kilobytes", 0)
    row = send(staff, a_list(cast))
    tasks.take_lists()
    take(staff, row)
    late = PeopleList.objects.select_related("owner").get(pk=row.pk)
    working.work(row.pk)
    with watching() as seen, pytest.raises(working.Overtaken):
        working._take(late)
    assert not seen.entries


def test_who_is_no_staff_any_more_takes_nothing_in(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = send(staff, a_list(cast))
    monkeypatch.setitem(catalogue.load("desk")["people_list"], "at_once_kilobytes", 0)
    take(staff, row)
    over = clock.now() - timedelta(minutes=1)
    Post.objects.filter(person=cast.staff).update(since=over - timedelta(days=1), until=over)
    tasks.take_lists()
    row.refresh_from_db()
    assert (row.step, Recognition.objects.exclude(number="").count()) == ("failed", 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\xff" * 40, "没找到表头|读不出来"), ("编号,姓名,手机,联系电话\n1,a,2,3", "请改掉或删掉一列"),
        (b"PK\x03\x04 none", "Excel 打不开"), (b"%PDF-1.7", "是PDF"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_told_so(
    cast: Cast, staff: Client, content: bytes | str, said: str
) -> None:
    row = send(staff, content)
    assert row.step == "failed"
    page = seen_page(staff, row)
    assert any(one in page for one in said.split("|")), page


def test_nothing_and_too_much_are_refused_at_once(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["people_list"], "megabytes", 1)
    address = reverse("desk:people-lists")
    with watching() as seen:
        none = staff.post(address, {"file": ""})
        much = staff.post(address, {"file": SimpleUploadedFile("a.csv", b"x" * ((1 << 20) + 1))})
    assert (none.status_code, much.status_code) == (422, 422)
    assert "请先选一个文件" in none.content.decode()
    assert "最多 1 MB" in much.content.decode()
    assert seen.nothing()


def test_a_second_file_from_the_same_page_is_another_list(cast: Cast, staff: Client) -> None:
    key = {"key": "the page's key"}
    first, second = send(staff, a_list(cast), **key), send(staff, with_faults(cast), **key)
    assert first.pk != second.pk
    again = staff.post(
        reverse("desk:people-lists"), {"file": SimpleUploadedFile("名单.csv", a_list(cast).encode()), **key}
    )
    assert (again.status_code, PeopleList.objects.count()) == (302, 2)


def test_more_lists_than_are_kept_are_refused(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["people_list"], "kept", 1)
    row = send(staff, a_list(cast))
    data = {"file": SimpleUploadedFile("b.csv", b"y")}
    assert staff.post(reverse("desk:people-lists"), data).status_code == 422
    staff.post(reverse("desk:list-drop", args=[row.pk]))
    assert not PeopleList.objects.exists()


def test_no_word_of_a_list_is_kept_in_clear_and_its_contents_go_with_their_hours(
    cast: Cast, staff: Client
) -> None:
    row = send(staff, with_faults(cast), "名单.csv")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(coalesce(file_sealed, '') || report_sealed || rejects_sealed, 'escape'),"
                       " row_to_json(l)::text FROM desk_people_list l")  # fmt: skip
        told = " ".join(cursor.fetchone())
    for word in ("张三", "张　三", "13900000013", "1.39E+10", "护水队"):
        assert word not in told
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1), tick=False):
        assert retention.sweep_all()["desk"] == 1
        assert retention.sweep_all()["desk"] == 0
    row.refresh_from_db()
    assert [getattr(row, column) for column in (*keeping.SEALED, "name")] == [None, None, None, ""]
    assert "名单的内容已经删掉" in seen_page(staff, row)
    answer = staff.post(reverse("desk:list-take", args=[row.pk]))
    assert answer.status_code == 409


def test_the_pages_read_in_english(cast: Cast, staff: Client) -> None:
    staff.cookies["xf_lang"] = "en"
    row = send(staff, with_faults(cast))
    page = seen_page(staff, row)
    assert "1.39E+10 was rounded by Excel" in page
    assert "CSV, utf-8, comma" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_statements_however_many_rows(cast: Cast, staff: Client, count: int) -> None:
    for _ in range(count):
        row = send(staff, with_faults(cast))
    with CaptureQueriesContext(
        connection,
    ) as lists:
        staff.get(reverse("desk:people-lists"))
    with CaptureQueriesContext(connection) as one:
        seen_page(staff, row)
    assert (len(lists), len(one)) == (5, 4)
