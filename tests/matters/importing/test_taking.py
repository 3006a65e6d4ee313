"""Letters become needs: what is written, that it is what an operation would write, and that again changes nothing."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, need
from tests.matters.importing.letters import ROWS, imported, take, text, write
from tests.matters.watching import refused, watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people import correspondents, mobiles
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import locate
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.places.queries import at_level
from xianfeng.foundation.record import dispatch, verify
from xianfeng.foundation.record.models import Outbox
from xianfeng.matters import queries, tasks
from xianfeng.matters.importing import placing, taking
from xianfeng.matters.importing.letters import Reading
from xianfeng.matters.importing.taking import Wishes
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.claim import claim


def test_letters_become_open_needs_with_their_own_times_and_limits_from_the_import(
    cast: Cast, tmp_path: Path
) -> None:
    with time_machine.travel(clock.now(), tick=False):
        taken = take(write(tmp_path))
        now = clock.now()
    assert (taken.new, taken.known, taken.rejected, taken.encoding) == (3, 0, [], "utf-8")
    first, second, third = imported()
    assert (first.title, first.text) == (ROWS[0][2], ROWS[0][4])
    assert (first.state, first.service_code, first.source_key) == ("open", "help-open", "letters:7001")
    assert first.raised_at == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)
    assert (first.entered_at, first.due_at) == (now, now + timedelta(minutes=1440))
    assert (first.category, second.category) == ("electric", "law")
    assert first.requester_id == third.requester_id != second.requester_id


def test_an_imported_need_is_a_row_as_an_operation_writes_it(cast: Cast, tmp_path: Path) -> None:
    """Every column that does not follow from who asked, where and when must be the same."""
    raised = Matter.objects.get(pk=need(cast.resident, ROWS[0][2], text=ROWS[0][4]).pk)
    take(write(tmp_path))
    one = imported()[0]
    own = {
        "id", "number", "lat", "lon", "cell", "area_id", "requester_id", "raised_at", "entered_at", "due_at",
        "source_key", "record_head",
    }  # fmt: skip
    columns = [field.attname for field in Matter._meta.concrete_fields if field.attname not in own]
    assert {name: getattr(one, name) for name in columns} == {name: getattr(raised, name) for name in columns}
    assert one.number == f"{raised.number[:6]}-{one.id:06d}"


def test_the_record_tells_the_import_and_its_chains_hold(cast: Cast, tmp_path: Path) -> None:
    with watching() as seen:
        take(write(tmp_path))
    assert Counter(told.code for told in seen.entries) == {"matter.imported": 3, "person.entered": 2}
    assert seen.outbox == seen.entries
    assert {told.actor for told in seen.entries} == {("system", 0)}
    told = next(told for told in seen.entries if told.code == "matter.imported")
    assert told.new == {"state": "open", "service": "help-open", "offered_to": None}
    assert seen.tables == {"matters_matter", "people_person"}
    assert not list(verify.chain_findings())
    assert len(queries.timeline(imported()[0])) == 1


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path)
    take(path)
    with watching() as seen:
        taken = take(path)
    assert seen.nothing()
    assert (taken.new, taken.known) == (0, 3)


def test_a_longer_file_adds_only_what_is_new_and_knows_its_writers(cast: Cast, tmp_path: Path) -> None:
    take(write(tmp_path, text(ROWS[:1])))
    with watching() as seen:
        taken = take(write(tmp_path))
    assert (taken.new, taken.known) == (2, 1)
    assert Counter(told.code for told in seen.entries) == {"matter.imported": 2, "person.entered": 1}
    first, _, third = imported()
    assert first.requester_id == third.requester_id


def test_the_same_numbers_from_another_source_are_other_letters(cast: Cast, tmp_path: Path) -> None:
    take(write(tmp_path))
    assert take(write(tmp_path), source="hotline").new == 3
    assert len({matter.requester_id for matter in imported()}) == 4


def test_a_dry_run_tells_the_same_and_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, text([*ROWS, ("8", "U", "没有时间", "", "", "0", "0")]))
    with watching() as seen:
        dry = take(path, dry=True)
    assert seen.nothing()
    wet = take(path)
    assert (dry.new, dry.known, dry.rejected) == (wet.new, wet.known, wet.rejected)
    assert (dry.new, len(dry.rejected)) == (3, 1)
    assert (take(path, dry=True).new, take(path, dry=True).known) == (0, 3)


def test_writers_have_no_number_and_nobody_signs_in_as_them(cast: Cast, tmp_path: Path) -> None:
    take(write(tmp_path))
    writer = imported()[0].requester
    assert mobiles.opened(bytes(writer.mobile_sealed)) == correspondents.UNREACHABLE
    assert writer.name == ""
    assert writer.joined_at == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)
    with refused("mobile-invalid"):
        people.ask_code(correspondents.UNREACHABLE, address="192.0.2.1")
    assert not Person.objects.filter(mobile_hash=mobiles.found_by(correspondents.UNREACHABLE)).exists()


def test_a_writer_lives_where_the_rule_says_whatever_file_the_letter_comes_in(
    cast: Cast, tmp_path: Path
) -> None:
    take(write(tmp_path))
    first, second, third = imported()
    home = placing.home_of("letters", "U1")
    assert (first.lat, first.lon, first.cell, first.area_id) == (home.lat, home.lon, home.cell, home.area_id)
    assert (first.lat, first.lon) == (third.lat, third.lon) != (second.lat, second.lon)
    assert first.area == locate.locate(first.lat, first.lon).area
    assert (first.requester.lat, first.requester.area_id) == (first.lat, first.area_id)


def test_the_rule_spreads_writers_over_all_towns_by_their_villages(areas_loaded: None, db: None) -> None:
    homes = [placing.home_of("letters", f"U{at}") for at in range(6000)]
    assert not [home for home in homes if home.outside]
    areas = Area.objects.defer("boundary").in_bulk()
    towns = Counter(at_level(areas[home.area_id], "town") for home in homes)
    villages = Counter(
        Area.objects.filter(level="village", active=True).values_list("parent__code", flat=True)
    )
    assert len(towns) == len(villages) == 72
    whole = sum(villages.values())
    for town, count in towns.items():
        assert town is not None
        expected = 6000 * villages[town.code] / whole
        assert abs(count - expected) < 5 * expected**0.5 + 5, town.name


def test_a_file_with_coordinates_says_itself_where_its_letters_lie(cast: Cast, tmp_path: Path) -> None:
    rows = "id,标题,纬度,经度\n1,灯坏了,30.8703,120.0933\n2,灯坏了,99,120\n3,灯坏了,30.87,\n4,灯坏了,,\n"
    taken = take(write(tmp_path, rows))
    assert [(one.line, one.column) for one in taken.rejected] == [(3, "lat"), (4, "lat")]
    first, fourth = imported()
    assert (first.lat, first.lon) == (30.8703, 120.0933)
    assert (fourth.lat, fourth.lon) != (first.lat, first.lon)


def test_coordinates_in_another_datum_are_converted(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,lat,lon\n1,灯坏了,30.8703,120.0933\n")
    take(path, datum="gcj02")
    (matter,) = imported()
    assert 0.001 < abs(matter.lon - 120.0933) < 0.01


def test_nobody_is_told_of_old_letters_unless_it_is_wished(cast: Cast, tmp_path: Path) -> None:
    take(write(tmp_path))
    assert not Outbox.objects.filter(code="matter.imported", dispatched=False).exists()
    take(write(tmp_path), source="hotline", tell=True)
    assert Outbox.objects.filter(code="matter.imported", dispatched=False).count() == 3
    while dispatch.run_once():
        pass
    numbers = set(Notice.objects.filter(code="matter.opened.near").values_list("about", flat=True))
    assert numbers <= {
        matter.number for matter in imported() if (matter.source_key or "").startswith("hotline")
    }


def test_an_imported_need_lives_on_like_any_other(cast: Cast, tmp_path: Path) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        take(write(tmp_path))
        won = claim(imported()[0].number, by=cast.pioneer.spokesperson)
        assert won.state == "taken"
        moment.shift(timedelta(minutes=1441))
        assert tasks.enforce_limits() == 2
    assert [matter.listed for matter in imported()] == [False, True, True]


def test_a_batch_takes_the_same_statements_at_one_line_and_at_three(cast: Cast, tmp_path: Path) -> None:
    take(write(tmp_path), source="warm")  # areas and services are read once a process
    counts = []
    for rows, source in ((ROWS[:1], "one"), (ROWS, "three")):
        path = write(tmp_path, text(rows))
        placing.home_of("warm", "U")
        with CaptureQueriesContext(connection) as said:
            take(path, source=source)
        counts.append(len([row for row in said if "SAVEPOINT" not in row["sql"]]))
    assert counts == [11, 11]


def test_a_file_longer_than_a_batch_is_taken_whole(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    steps: list[tuple[int, int]] = []
    reading = Reading("letters", ZoneInfo("Asia/Shanghai"), clock.now())
    taken = taking.take(
        write(tmp_path), reading, Wishes(), progress=lambda done, whole: steps.append((done, whole))
    )
    assert taken.new == 3
    assert steps == [(4, 5), (5, 5)]
    assert len({matter.requester_id for matter in imported()}) == 2


def test_the_command_takes_tells_and_reports(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, text([*ROWS, ("8", "U", "没有时间", "", "", "0", "0")]), name="letters.csv.gz")
    out, err, report = StringIO(), StringIO(), tmp_path / "rejected.csv"
    call_command("needs", "import", str(path), "--dry-run", stdout=out, stderr=err)
    call_command("needs", "import", str(path), "--report", str(report), stdout=out, stderr=err)
    call_command("needs", "import", str(path), stdout=out, stderr=err)
    said = [line.partition(" (")[0] for line in out.getvalue().splitlines()]
    assert said == [
        "3 needs would be taken in, 0 known already, 1 lines rejected",
        "3 needs taken in, 0 known already, 1 lines rejected",
        "0 needs taken in, 3 known already, 1 lines rejected",
    ]
    assert "line 6, time: is blank" in err.getvalue()
    with report.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["line", "column", "reason"], ["6", "time", "is blank"]]


def test_the_command_tells_faults_in_one_line_and_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    broken = write(tmp_path, name="letters.csv.gz")
    broken.write_bytes(broken.read_bytes()[:-10])
    with watching() as seen:
        for path, said in (
            (broken, "nothing was changed: letters.csv.gz breaks off"),
            (write(tmp_path, "a,b\n1,2\n"), "nothing was changed: the first line names neither"),
            (tmp_path / "nowhere.csv", "nowhere.csv: No such file"),
        ):
            with pytest.raises(CommandError, match=said):
                call_command("needs", "import", str(path), stdout=StringIO(), stderr=StringIO())
        with pytest.raises(CommandError, match="no time zone"):
            call_command("needs", "import", str(broken), "--zone", "Nowhere/Here", stdout=StringIO())
    assert seen.nothing()
