"""Open311, the updates extension: what programs tell of requests, and what the house tells of its moves."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Cast, need
from tests.doors.gateways.conftest import Program, rows_of
from tests.matters.watching import watching
from xianfeng.foundation.kernel import keyring
from xianfeng.foundation.people import keys
from xianfeng.matters.models import Matter, OutsideUpdate
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.raising import withdraw

AT = "2026-05-01T10:00:00Z"
DAY = {"start_date": "2026-05-01T00:00:00Z", "end_date": "2026-05-02T00:00:00Z"}
STATUSES = (
    "OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE", "NO_FURTHER_ACTION",
    "NOT_COUNCILS_RESPONSIBILITY",
)  # fmt: skip


def update(number: str, **more: Any) -> dict[str, Any]:
    return {
        "service_request_id": number, "update_id": "u-1", "status": "FIXED", "updated_datetime": AT,
        "description": "补好了，谢谢", **more,
    }  # fmt: skip


def told(program: Program, **parameters: Any) -> list[dict[str, Any]]:
    answer = program.get("/servicerequestupdates.json", **(parameters or DAY))
    assert answer.status == 200, answer.raw
    rows: list[dict[str, Any]] = answer.body
    return rows


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_an_update_is_kept_recorded_and_answered_with_its_id(program: Program, ending: str) -> None:
    number = program.report()
    with watching() as seen:
        answer = program.post(f"/servicerequestupdates.{ending}", update(number))
    (row,) = answer.body if ending == "json" else rows_of(answer, "request_update")
    assert answer.status in {200, 201}
    assert row == {"update_id": "u-1"}
    kept = OutsideUpdate.objects.get()
    entry = seen.only("matter.updated-outside")
    assert (entry.id, entry.new) == (kept.matter_id, {"status": "FIXED", "update": kept.pk})
    assert seen.tables == {"matters_outside_update", "matters_matter", "people_api_key"}


def test_an_update_moves_no_matter(program: Program) -> None:
    number = program.report()
    program.post("/servicerequestupdates.json", update(number, status="CLOSED"))
    assert Matter.objects.get(number=number).state == "open"
    assert program.row(number)["status"] == "open"


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_an_update_is_read_again_with_all_its_fields(program: Program, ending: str) -> None:
    with time_machine.travel(AT, tick=False):
        number = program.report()
        program.post("/servicerequestupdates.json", update(number, media_url="https://x.org/a.jpg"))
    answer = program.get(f"/servicerequestupdates.{ending}", **DAY)
    (row,) = answer.body if ending == "json" else rows_of(answer, "request_update")
    assert row == {
        "update_id": "u-1", "service_request_id": number, "status": "FIXED",
        "updated_datetime": "2026-05-01T18:00:00+08:00", "description": "补好了，谢谢", "media_url": "https://x.org/a.jpg",
    }  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_the_extension_is_known_in_any_case(program: Program, status: str) -> None:
    number = program.report()
    assert program.post("/servicerequestupdates.json", update(number, status=status.lower())).status in {
        200,
        201,
    }
    assert OutsideUpdate.objects.get().status == status


@pytest.mark.parametrize(
    "missing", ["service_request_id", "update_id", "status", "updated_datetime", "description"]
)
@pytest.mark.parametrize("empty", [True, False])
def test_an_update_that_lacks_something_is_400(program: Program, missing: str, empty: bool) -> None:
    given = update(program.report())
    given = (
        {**given, missing: ""} if empty else {name: value for name, value in given.items() if name != missing}
    )
    answer = program.post("/servicerequestupdates.json", given).refused(400)
    assert missing in answer.body[0]["description"]
    assert not OutsideUpdate.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "BROKEN"},
        {"updated_datetime": "yesterday"},
        {"media_url": "ftp://x"},
        {"description": "长" * 4001},
        {"update_id": "x" * 101},
        {"description": "\0\1"},
    ],
)
def test_an_update_with_something_wrong_is_400(program: Program, wrong: dict[str, str]) -> None:
    program.post("/servicerequestupdates.json", update(program.report(), **wrong)).refused(400)


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("number", ["none", "261124-999999", "\0"])
def test_an_update_of_an_unknown_request_is_404(program: Program, number: str, ending: str) -> None:
    program.post(f"/servicerequestupdates.{ending}", update(number)).refused(404)


def test_an_update_of_what_is_not_public_is_404(program: Program, cast: Cast) -> None:
    matter = need(cast.resident)
    withdraw(matter.number, by=cast.resident)
    program.post("/servicerequestupdates.json", update(matter.number)).refused(404)


def test_the_same_update_again_is_kept_once(program: Program) -> None:
    number = program.report()
    for _ in range(2):
        assert program.post("/servicerequestupdates.json", update(number)).body == [{"update_id": "u-1"}]
    assert OutsideUpdate.objects.count() == 1


def test_an_update_id_stands_for_one_update_of_one_program(program: Program) -> None:
    number = program.report()
    program.post("/servicerequestupdates.json", update(number))
    program.post("/servicerequestupdates.json", update(number, description="别的话")).refused(400)
    other = Program(keys.issue_for_house("另一个", per_minute=10).key)
    other.post("/servicerequestupdates.json", update(number)).refused(400)


def test_contact_data_of_an_update_is_sealed(program: Program) -> None:
    program.post(
        "/servicerequestupdates.json", update(program.report(), email="a@b.cn", first_name="Ada", title="Ms")
    )
    sealed = bytes(OutsideUpdate.objects.get().contact_sealed or b"")
    assert json.loads(keyring.unseal("contact", sealed)) == {
        "email": "a@b.cn",
        "first_name": "Ada",
        "title": "Ms",
    }


def test_moves_of_the_house_are_updates_newest_first(program: Program, cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as now:
        number = program.report()
        now.shift(timedelta(hours=1))
        claim(number, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
        now.shift(timedelta(hours=1))
        report_done(number, Report("补好了"), by=cast.pioneer.spokesperson)
        rows = told(program)
    assert [(row["status"], row["service_request_id"]) for row in rows] == [
        ("FIXED", number),
        ("IN_PROGRESS", number),
    ]
    assert rows[1]["updated_datetime"] == "2026-05-01T19:00:00+08:00"
    assert len({row["update_id"] for row in rows}) == 2
    assert all(row["description"] for row in rows)
    assert "先锋甲" not in str(rows)


def test_a_window_bounds_when_it_happened_both_ends_included(program: Program) -> None:
    number = program.report()
    program.post("/servicerequestupdates.json", update(number))
    assert len(told(program, start_date=AT, end_date=AT)) == 1
    assert told(program, start_date="2026-05-01T10:00:01Z", end_date="2026-05-02T00:00:00Z") == []
    assert told(program, start_date="2026-04-30T00:00:00Z", end_date="2026-05-01T09:59:59Z") == []


def test_updates_of_single_requests_can_be_asked_for(program: Program) -> None:
    one, other = program.report(), program.report()
    program.post("/servicerequestupdates.json", update(one))
    program.post("/servicerequestupdates.json", update(other))
    assert [row["service_request_id"] for row in told(program, **DAY, service_request_id=one)] == [one]
    assert told(program, **DAY, service_request_id="none") == []


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize(
    "given",
    [
        {"start_date": "never"}, {"end_date": "never"}, {"page": "0"}, {"page_size": "x"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_updates_of_a_window_that_is_none_are_400(
    program: Program, given: dict[str, str], ending: str
) -> None:
    program.get(f"/servicerequestupdates.{ending}", **given).refused(400)


def test_updates_come_by_pages(program: Program) -> None:
    number = program.report()
    for at in range(3):
        when = f"2026-05-01T10:00:0{at}Z"
        program.post(
            "/servicerequestupdates.json", update(number, update_id=f"u-{at}", updated_datetime=when)
        )
    pages = [[row["update_id"] for row in told(program, **DAY, page=page, page_size=2)] for page in (1, 2, 3)]
    assert pages == [["u-2", "u-1"], ["u-0"], []]


def test_updates_of_what_was_hidden_are_hidden_with_it(program: Program) -> None:
    number = program.report()
    program.post("/servicerequestupdates.json", update(number))
    Matter.objects.filter(number=number).update(hidden=True)
    assert told(program) == []
