"""Open311: GET requests, one request, filters, windows, and the extensions for pages, changes and places."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, need
from tests.doors.gateways.conftest import Program, rows_of
from xianfeng.foundation.kernel import clock
from xianfeng.matters.models import Matter
from xianfeng.matters.operations import staff
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.raising import withdraw
from xianfeng.matters.operations.rating import Stars, rate

FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
]  # fmt: skip
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
AT = "2026-05-01T10:00:00Z"


@pytest.fixture
def spread(program: Program) -> dict[str, str]:
    """Requests raised at known instants, by a name each; the newest are those of today."""
    found = {}
    for name, at in (
        ("old", "2026-01-30T09:59:59Z"), ("edge", "2026-01-31T10:00:00.4Z"), ("spring", "2026-03-15T12:00:00.9Z"),
        ("today", "2026-05-01T08:00:00Z"), ("light", "2026-05-01T09:00:00Z"),
    ):  # fmt: skip
        light = {"service_code": "street-light", "attribute[fault]": "out"} if name == "light" else {}
        with time_machine.travel(at, tick=False):
            found[name] = program.report(description=name, **light)
    return found


@pytest.fixture
def names(program: Program, spread: dict[str, str]) -> Callable[..., list[str]]:
    """Ask for requests on the first of May; returns their names, newest first."""
    by_number = {number: name for name, number in spread.items()}

    def ask(**parameters: Any) -> list[str]:
        with time_machine.travel(AT, tick=False):
            return [by_number[number] for number in program.numbers(**parameters)]

    return ask


# The row


@pytest.mark.parametrize("path", ["/requests", "one"])
def test_a_row_has_every_field_also_where_it_is_empty(program: Program, path: str) -> None:
    number = program.report()
    where = f"/requests/{number}" if path == "one" else path
    (row,) = program.get(f"{where}.json").body
    assert list(row) == FIELDS
    (shown,) = rows_of(program.get(f"{where}.xml"), "request")
    assert list(shown) == FIELDS


def test_lat_and_long_are_numbers_in_json(program: Program) -> None:
    row = program.row(program.report())
    assert isinstance(row["lat"], float)
    assert isinstance(row["long"], float)


def test_empty_is_null_in_json_and_an_empty_element_in_xml(program: Program) -> None:
    number = program.report()
    assert "" not in program.row(number).values()
    (shown,) = rows_of(program.get(f"/requests/{number}.xml"), "request")
    assert (program.row(number)["zipcode"], shown["zipcode"]) == (None, None)


def test_every_instant_is_w3c_with_its_zone(program: Program) -> None:
    row = program.row(program.report())
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert W3C.fullmatch(row[name]), name


def test_a_row_says_the_service_by_code_and_name(program: Program) -> None:
    row = program.row(program.report())
    assert (row["service_code"], row["service_name"]) == ("road-damage", "Damaged road")


def test_the_number_is_a_string(program: Program) -> None:
    assert isinstance(program.row(program.report())["service_request_id"], str)


def test_one_request_is_still_inside_its_list(program: Program) -> None:
    number = program.report()
    assert len(program.get(f"/requests/{number}.json").body) == 1
    assert [one.tag for one in program.get(f"/requests/{number}.xml").body] == ["request"]


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("number", ["0", "none", "261124-999999", "%00", "9" * 30, "１２３", "-", "1;drop"])
def test_an_unknown_request_is_not_there(program: Program, number: str, ending: str) -> None:
    program.get(f"/requests/{number}.{ending}").refused(404)


# The life of a request, told as open or closed


def test_a_request_is_open_until_it_is_closed_and_updated_when_it_moves(program: Program, cast: Cast) -> None:
    with time_machine.travel(AT, tick=False) as now:
        number = program.report()
        assert program.row(number)["agency_responsible"] is None
        now.shift(timedelta(hours=1))
        claim(number, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
        row = program.row(number)
        assert (row["status"], row["updated_datetime"]) == ("open", "2026-05-01T19:00:00+08:00")
        assert row["agency_responsible"]
        report_done(number, Report("补好了"), by=cast.pioneer.spokesperson)
        assert program.row(number)["status"] == "open"  # who handles never closes
        now.shift(timedelta(hours=1))
        account = Matter.objects.get(number=number).requester
        rate(number, Stars(5, 5, 5), by=account)
        row = program.row(number)
    assert (row["status"], row["updated_datetime"]) == ("closed", "2026-05-01T20:00:00+08:00")
    assert row["expected_datetime"] is None


def test_what_staff_decline_is_closed_for_the_program_that_reported_it(program: Program, cast: Cast) -> None:
    number = program.report()
    staff.decline(number, by=cast.city_staff, reason="不归这里管")
    row = program.row(number)
    assert (row["status"], row["status_notes"]) == ("closed", "Cannot be done here")
    assert "不归这里管" not in str(row)


def test_needs_of_residents_are_read_as_everybody_reads_them(program: Program, cast: Cast) -> None:
    matter = need(cast.resident, "灯坏了", text="客厅的灯", address="三单元 201", service="help-open")
    row = program.row(matter.number)
    assert row["description"] == "灯坏了\n客厅的灯"
    assert row["service_code"] == "help-open-electric"
    assert "201" not in str(row)
    assert "居民" not in str(row)


def test_a_need_without_a_category_has_the_service_without_one(program: Program, cast: Cast) -> None:
    matter = need(cast.resident, "帮个忙")
    assert program.row(matter.number)["service_code"] == "help-open"
    assert program.numbers(service_code="help-open") == [matter.number]


def test_what_is_not_public_is_not_there(program: Program, cast: Cast) -> None:
    hidden, gone = need(cast.resident), need(cast.resident)
    booked = need(cast.resident, "请来", service="help-booking", pioneer_id=cast.pioneer.pk)
    Matter.objects.filter(pk=hidden.pk).update(hidden=True)
    withdraw(gone.number, by=cast.resident)
    assert program.numbers() == []
    for matter in (hidden, gone, booked):
        program.get(f"/requests/{matter.number}.json").refused(404)
        assert program.numbers(service_request_id=matter.number) == []


# Numbers asked for


def test_several_numbers_are_answered_together(program: Program, spread: dict[str, str]) -> None:
    asked = [spread["old"], spread["today"]]
    assert sorted(program.numbers(service_request_id=",".join(asked))) == sorted(asked)


@pytest.mark.parametrize(
    "other",
    [
        {"status": "closed"}, {"service_code": "street-light"}, {"start_date": "2026-04-01T00:00:00Z"},
        {"start_date": "no date"}, {"status": "neither"}, {"page": "5"}, {"lat": "0", "long": "0", "radius": "1"},
        {"updated_after": "2026-04-30T00:00:00Z"},
    ],
)  # fmt: skip
def test_numbers_override_every_other_argument(
    program: Program, spread: dict[str, str], other: dict[str, str]
) -> None:
    assert program.numbers(service_request_id=spread["old"], **other) == [spread["old"]]


@pytest.mark.parametrize("unknown", ["none", "261124-999999", "\0", "'", "9" * 50])
def test_unknown_numbers_are_left_out_of_a_list(
    program: Program, spread: dict[str, str], unknown: str
) -> None:
    assert program.numbers(service_request_id=unknown) == []
    assert program.numbers(service_request_id=f"{unknown}, {spread['old']} ,") == [spread["old"]]


# Filters


def test_without_filters_it_is_the_last_90_days_newest_first(names: Callable[..., list[str]]) -> None:
    assert names() == ["light", "today", "spring", "edge"]


@pytest.mark.parametrize(
    "empty",
    [
        "status",
        "service_code",
        "start_date",
        "end_date",
        "service_request_id",
        "page",
        "page_size",
        "lat",
        "radius",
        "updated_after",
    ],
)
def test_an_empty_filter_is_none(names: Callable[..., list[str]], empty: str) -> None:
    assert names(**{empty: ""}) == ["light", "today", "spring", "edge"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("street-light", ["light"]), ("road-damage", ["today", "spring", "edge"]), ("none", []), ("help-open", []),
        ("street-light,road-damage", ["light", "today", "spring", "edge"]), ("street-light,none", ["light"]),
        (" street-light , ", ["light"]), ("\0", []), (",", []),
    ],
)  # fmt: skip
def test_service_codes_are_a_comma_list_and_an_unknown_one_never_widens(
    names: Callable[..., list[str]], code: str, found: list[str]
) -> None:
    assert names(service_code=code) == found


@pytest.mark.parametrize(
    ("status", "found"), [("open", 4), ("OPEN", 4), ("closed", 0), ("open,closed", 4), ("closed,", 0)]
)
def test_status_is_a_comma_list(names: Callable[..., list[str]], status: str, found: int) -> None:
    assert len(names(status=status)) == found


@pytest.mark.parametrize("status", ["neither", "open,neither", "0", "taken"])
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_an_unknown_status_is_400(program: Program, status: str, ending: str) -> None:
    program.get(f"/requests.{ending}", status=status).refused(400)


def test_filters_narrow_together(names: Callable[..., list[str]]) -> None:
    assert names(service_code="road-damage", status="open", start_date="2026-05-01T00:00:00Z") == ["today"]


# Windows


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", ["spring"]),
        ("2026-03-15T12:00:00Z", "2026-03-15T12:00:00Z", ["spring"]),
        ("2026-03-15T20:00:00+08:00", "2026-03-15T20:00:00+08:00", ["spring"]),
        ("2026-03-15T20:00:00 08:00", "2026-03-15T20:00:00+0800", ["spring"]),
        ("2026-03-15T12:00:01Z", "2026-03-15T13:00:00Z", []),
        ("2026-03-15T11:00:00Z", "2026-03-15T11:59:59Z", []),
        ("2026-03-15", "2026-03-15", ["spring"]),
        ("2026-03-15t12:00:00z", "2026-03-15t12:00:00.000z", ["spring"]),
        ("2026-01-30T00:00:00Z", "2026-04-30T00:00:00Z", ["spring", "edge", "old"]),
        ("2026-01-30", "2026-04-30", ["spring", "edge", "old"]),
        ("2026-02-01T10:00:00Z", None, ["light", "today", "spring"]),
        (None, "2026-03-15T12:00:00Z", ["spring", "edge", "old"]),
        ("2025-12-01T00:00:00Z", None, ["edge", "old"]),
        ("2030-01-01T00:00:00Z", "2030-01-02T00:00:00Z", []),
    ],
)  # fmt: skip
def test_a_window_bounds_when_it_was_requested_both_ends_included(
    names: Callable[..., list[str]], start: str | None, end: str | None, found: list[str]
) -> None:
    given = {name: value for name, value in (("start_date", start), ("end_date", end)) if value}
    assert names(**given) == found


def test_the_instant_a_row_tells_finds_it_again(program: Program, spread: dict[str, str]) -> None:
    at = program.row(spread["spring"])["requested_datetime"]
    assert program.numbers(start_date=at, end_date=at) == [spread["spring"]]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-01T00:00:00Z", "2026-04-02T00:00:00Z"), ("2025-01-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("2026-04-02T00:00:00Z", "2026-04-01T00:00:00Z"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_window_of_more_than_90_days_or_turned_round_is_400(
    program: Program, start: str, end: str, ending: str
) -> None:
    program.get(f"/requests.{ending}", start_date=start, end_date=end).refused(400)


@pytest.mark.parametrize(
    "date",
    [
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "01/05/2026",
        "1777629600",
        "2026-05-01T25:00:00Z",
        "0000-00-00",
        "2026-05-01T10:00:00+99:00",
        "２０２６-05-01",
        "2026",
    ],
)
@pytest.mark.parametrize("name", ["start_date", "end_date", "updated_after", "updated_before"])
def test_a_date_that_is_no_date_is_400(program: Program, name: str, date: str) -> None:
    program.get("/requests.json", **{name: date}).refused(400)


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "9999-12-31"]
)
@pytest.mark.parametrize("name", ["start_date", "end_date", "updated_after", "updated_before"])
def test_the_ends_of_the_calendar_are_no_fault(program: Program, name: str, date: str) -> None:
    assert program.get("/requests.json", **{name: date}).status in {200, 400}


# Pages, an extension


def test_pages_follow_each_other_without_gap_or_repetition(names: Callable[..., list[str]]) -> None:
    pages = [names(page=page, page_size=3) for page in (1, 2, 3)]
    assert pages == [["light", "today", "spring"], ["edge"], []]
    assert names(page_size=2) == ["light", "today"]
    assert names(page=1) == ["light", "today", "spring", "edge"]


@pytest.mark.parametrize("value", ["0", "-1", "one", "1.5", "1e3", "９", "99999999999"])
@pytest.mark.parametrize("name", ["page", "page_size"])
def test_a_page_that_is_none_is_400(program: Program, name: str, value: str) -> None:
    program.get("/requests.json", **{name: value}).refused(400)


def test_a_page_far_behind_the_end_is_empty(program: Program) -> None:
    assert program.numbers(page=999_999_999, page_size=999_999_999) == []


def test_never_more_than_1000_rows(program: Program) -> None:
    program.report()
    copy_matters(1100)
    for given in ({}, {"page_size": "5000"}, {"service_request_id": ",".join(all_numbers())}):
        assert len(program.numbers(**given)) == 1000
    assert len(program.numbers(page=2)) == 101


def copy_matters(count: int) -> None:
    """Copy the newest request, as the same report sent again and again."""
    columns = [
        column.column
        for column in Matter._meta.concrete_fields
        if column.column not in {"id", "number", "source_key"}
    ]
    named = ", ".join(map(str, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matters_matter (number, {named}) SELECT '250101-' || n, {named} FROM matters_matter,"  # noqa: S608
            " generate_series(1, %s) n WHERE id = (SELECT max(id) FROM matters_matter)",
            [count],
        )


def all_numbers() -> list[str]:
    return [str(number) for number in Matter.objects.values_list("number", flat=True)]


# Changes, an extension


def test_changes_are_found_by_when_they_happened_whenever_it_was_requested(
    program: Program, cast: Cast, spread: dict[str, str]
) -> None:
    with time_machine.travel("2026-05-01T09:30:00Z", tick=False):
        claim(spread["old"], by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    with time_machine.travel(AT, tick=False):
        assert program.numbers(updated_after="2026-05-01T09:30:00Z") == [spread["old"]]
        assert spread["old"] not in program.numbers(updated_before="2026-05-01T09:29:59Z")
        both = {"updated_after": "2026-05-01T08:00:00Z", "updated_before": "2026-05-01T09:00:00Z"}
        assert program.numbers(**both) == [spread["light"], spread["today"]]
        assert program.numbers(updated_after="2026-05-01T09:30:00Z", start_date="2026-04-01T00:00:00Z") == []


def test_the_instant_of_a_change_finds_it_again(program: Program) -> None:
    number = program.report()
    at = program.row(number)["updated_datetime"]
    assert program.numbers(updated_after=at, updated_before=at) == [number]


# Places, an extension


@pytest.fixture
def around(program: Program) -> dict[str, str]:
    """Requests at known distances north of one point: 0, 111, 1112 metres and 111 km, and one without a point."""
    found = {
        name: program.report(lat=str(30.87 + north))
        for name, north in (("here", 0.0), ("near", 0.001), ("town", 0.01), ("far", 1.0))
    }
    found["nowhere"] = program.report(lat=None, long=None, address_string="somewhere")
    return found


@pytest.mark.parametrize(
    ("radius", "found"),
    [
        ("0", {"here"}), ("110", {"here"}), ("112", {"here", "near"}), ("1000.5", {"here", "near"}),
        ("1200", {"here", "near", "town"}), (None, {"here", "near"}), ("100000", {"here", "near", "town"}),
    ],
)  # fmt: skip
def test_a_radius_in_metres_bounds_the_distance(
    program: Program, around: dict[str, str], radius: str | None, found: set[str]
) -> None:
    given = {"lat": "30.87", "long": "120.09", **({"radius": radius} if radius else {})}
    by_number = {number: name for name, number in around.items()}
    assert {by_number[number] for number in program.numbers(**given)} == found


@pytest.mark.parametrize(
    "given",
    [
        {"radius": "100"}, {"lat": "30"}, {"long": "120"}, {"lat": "30", "radius": "100"},
        {"lat": "x", "long": "120", "radius": "100"}, {"lat": "91", "long": "120", "radius": "100"},
        {"lat": "30", "long": "120", "radius": "-1"}, {"lat": "30", "long": "120", "radius": "far"},
        {"lat": "30", "long": "120", "radius": "NaN"}, {"lat": "30", "long": "120", "radius": "1e9"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_half_a_circle_is_400(program: Program, given: dict[str, str], ending: str) -> None:
    program.get(f"/requests.{ending}", **given).refused(400)


def test_a_radius_across_the_date_line_and_at_the_pole_is_no_fault(program: Program) -> None:
    west = program.report(lat="0", long="-179.9999")
    assert program.numbers(lat="0", long="179.9999", radius="1000") == [west]
    assert program.numbers(lat="90", long="0", radius="1000") == []


# Cost


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_statements_whatever_its_length(program: Program, count: int) -> None:
    for _ in range(count):
        program.report()
    program.numbers()
    with CaptureQueriesContext(connection) as seen:
        assert len(program.numbers()) == count
    assert len(seen) == 2
    with CaptureQueriesContext(connection) as seen:
        program.numbers(service_code="road-damage", status="open", page=1)
    assert len(seen) == 2


def test_many_parameters_are_400_and_no_fault(program: Program) -> None:
    program.get("/requests.json", **{f"p{n}": "1" for n in range(1100)}).refused(400)


def test_the_clock_of_the_house_is_what_the_last_90_days_end_at(program: Program) -> None:
    with time_machine.travel(clock.now() - timedelta(days=91), tick=False):
        old = program.report()
    assert old not in program.numbers()
    assert program.row(old)["service_request_id"] == old
