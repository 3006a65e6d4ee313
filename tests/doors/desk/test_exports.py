"""Lists as files: what is in them, who gets them, and that a spreadsheet runs nothing of it."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.cast import Cast, need, taken
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from xianfeng.doors.desk import tasks
from xianfeng.doors.desk.exporting import csvs, sheets
from xianfeng.doors.desk.models import Export
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.models import Pioneer, Post
from xianfeng.foundation.record import verify
from xianfeng.matters.operations.abuse import report_abuse


def read(body: bytes) -> list[dict[str, str]]:
    """Return the rows of a file as a spreadsheet would take them in."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def asked(client: Client, kind: str = "matters", query: str = "") -> bytes:
    answer = client.post(reverse("desk:export", args=[kind]), {"format": "csv", "query": query})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_begins_like_a_formula_is_made_harmless(begins: str) -> None:
    assert csvs.harmless(begins) == f"'{begins}"


@pytest.mark.parametrize("cell", ["灯坏了", "a=1", "", 5, -5, 1.5, None])
def test_what_is_no_formula_is_left_alone(cell: str | float | None) -> None:
    assert csvs.harmless(cell) == cell


def test_a_file_opens_rightly_and_holds_what_the_list_holds(cast: Cast, staff: Client) -> None:
    need(cast.resident, "=HYPERLINK(1)")
    matter = taken(cast, title='一行"引号"，逗号', text="第一行\n第二行 𠮷")
    body = asked(staff)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = read(body)
    assert [row["标题"] for row in rows] == ['一行"引号"，逗号', "'=HYPERLINK(1)"]
    assert (rows[0]["编号"], rows[0]["内容"], rows[0]["接单人"]) == (
        matter.number,
        "第一行\n第二行 𠮷",
        "先锋甲",
    )
    assert rows[0]["谁提的"] == "居**"


def test_a_file_obeys_the_filters_of_its_list(cast: Cast, staff: Client) -> None:
    need(cast.resident)
    taken(cast)
    assert [row["走到哪一步"] for row in read(asked(staff, query="state=open"))] == ["等人接"]


def test_a_file_holds_nothing_from_beyond_the_reach(cast: Cast, enter: Enter) -> None:
    need(cast.resident)
    assert read(asked(enter(cast.other_staff))) == []
    assert [row["先锋"] for row in read(asked(enter(cast.other_staff), "pioneers"))] == ["先锋乙"]


@pytest.mark.parametrize("kind", ["matters", "pioneers", "firms", "reports"])
def test_no_file_holds_a_mobile_number(cast: Cast, staff: Client, kind: str) -> None:
    taken(cast)
    assert b"1380000" not in asked(staff, kind)


def test_a_long_list_is_made_by_the_worker_and_fetched_by_its_owner_alone(
    cast: Cast, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["export"], "at_once_rows", 1)
    for _ in range(3):
        need(cast.resident)
    client = enter(cast.staff)
    for _ in range(2):  # asked twice, made once
        answer = client.post(reverse("desk:export", args=["matters"]), {"format": "csv", "query": ""})
        assert answer["Location"] == reverse("desk:exports")
    assert tasks.make_exports() == 1
    export = Export.objects.get()
    assert export.rows == 3
    body = b"".join(client.get(reverse("desk:fetch", args=[export.pk])).streaming_content)  # type: ignore[attr-defined]
    assert len(read(body)) == 3
    assert enter(cast.city_staff).get(reverse("desk:fetch", args=[export.pk])).status_code == 404


def waiting(cast: Cast) -> Export:
    return Export.objects.create(
        owner=cast.staff, kind="matters", format="csv", language="en", asked_at=clock.now()
    )


def test_a_file_is_gone_after_its_days(cast: Cast, staff: Client) -> None:
    export = waiting(cast)
    tasks.make_exports()
    export.refresh_from_db()
    assert default_storage.exists(export.path)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert staff.get(reverse("desk:fetch", args=[export.pk])).status_code == 404
        assert tasks.end_old_exports() == 1
        assert tasks.end_old_exports() == 0
    assert not default_storage.exists(export.path)


def test_who_is_no_staff_any_more_gets_no_file(cast: Cast) -> None:
    export = waiting(cast)
    over = clock.now() - timedelta(minutes=1)
    Post.objects.filter(person=cast.staff).update(since=over - timedelta(days=1), until=over)
    tasks.make_exports()
    export.refresh_from_db()
    assert (export.done_at, export.path) == (None, "")
    assert export.failed_at is not None
    assert tasks.make_exports() == 0


def test_a_file_is_written_in_the_language_it_was_asked_in(cast: Cast) -> None:
    need(cast.resident)
    export = waiting(cast)
    tasks.make_exports()
    export.refresh_from_db()
    with default_storage.open(export.path) as file:
        text = file.read().decode("utf-8-sig")
    assert "Open help" in text
    assert "助力共富" not in text


def in_sheets(body: bytes) -> list[list[tuple[object, ...]]]:
    """Return the rows of every sheet of a workbook."""
    return [
        list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(body), read_only=True)
    ]


def test_a_workbook_holds_what_the_list_holds_and_runs_nothing(cast: Cast, staff: Client) -> None:
    need(cast.resident, "=HYPERLINK(1)")
    answer = staff.post(reverse("desk:export", args=["matters"]), {"format": "xlsx", "query": ""})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    (rows,) = in_sheets(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert rows[0][:2] == ("编号", "标题")
    assert [row[1] for row in rows[1:]] == ["'=HYPERLINK(1)"]


def test_a_full_sheet_is_followed_by_another_with_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.load("desk")["export"], "sheet_rows", 3)
    file = io.BytesIO()
    assert sheets.write(file, ["数"], ([at] for at in range(5))) == 5
    assert in_sheets(file.getvalue()) == [[("数",), (0,), (1,)], [("数",), (2,), (3,)], [("数",), (4,)]]


def test_the_worker_makes_a_long_list_as_a_workbook(
    cast: Cast, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["export"], "at_once_rows", 0)
    need(cast.resident)
    staff.post(reverse("desk:export", args=["matters"]), {"format": "xlsx", "query": ""})
    assert tasks.make_exports() == 1
    export = Export.objects.get()
    assert (export.rows, export.format) == (1, "xlsx")
    answer = staff.get(reverse("desk:fetch", args=[export.pk]))
    assert len(in_sheets(b"".join(answer.streaming_content))[0]) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("at_once", [20000, 0])
def test_who_stands_in_a_list_that_is_taken_out_sees_by_whom(
    cast: Cast, staff: Client, enter: Enter, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setitem(catalogue.load("desk")["export"], "at_once_rows", at_once)
    need(cast.resident)
    need(cast.resident)
    need(cast.responsible, firm_id=cast.firm.id)
    with watching() as seen:
        staff.post(reverse("desk:export", args=["matters"]), {"format": "csv", "query": ""})
        tasks.make_exports()
    export = Export.objects.get()
    assert (export.owner, export.rows, export.done_at is not None) == (cast.staff, 3, True)
    told = [(one.code, one.id, one.actor, one.new) for one in seen.entries]
    facts = {"export": export.pk, "kind": "matters", "to": cast.staff.pk}
    assert told == [
        ("person.exported", person.pk, ("person", cast.staff.pk), facts)
        for person in sorted((cast.resident, cast.responsible), key=lambda one: one.pk)
    ]
    assert seen.outbox == seen.entries
    assert seen.tables == {"people_person", "desk_export"}
    assert list(verify.chain_findings()) == []
    page = enter(cast.resident).get(reverse("portal:looks")).content.decode()
    assert "导出的表里有您" in page
    assert cast.organisation.name in page


@pytest.mark.parametrize(
    ("kind", "who"), [("pioneers", "pioneer"), ("firms", "responsible"), ("reports", "stranger")]
)
def test_every_list_is_a_look_at_those_it_tells_of(cast: Cast, staff: Client, kind: str, who: str) -> None:
    report_abuse("matter", need(cast.resident).number, by=cast.stranger, reason="other")
    with watching() as seen:
        asked(staff, kind)
    part = getattr(cast, who)
    assert (part.spokesperson if isinstance(part, Pioneer) else part).pk in {one.id for one in seen.entries}
    assert cast.resident.pk not in {one.id for one in seen.entries}


def test_what_staff_take_out_of_themselves_is_no_look(cast: Cast, staff: Client) -> None:
    need(cast.staff)
    with watching() as seen:
        asked(staff)
    assert seen.entries == []


def test_what_was_given_at_once_is_listed_and_cannot_be_fetched_again(cast: Cast, staff: Client) -> None:
    asked(staff)
    export = Export.objects.get()
    assert "当时就给您了" in staff.get(reverse("desk:exports")).content.decode()
    assert staff.get(reverse("desk:fetch", args=[export.pk])).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert tasks.end_old_exports() == 0
