"""What the benchmark says of its own measurements, and that both ways ask for the same."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection

from bench import database, page, phones, plan
from bench.city import _NEEDS, City
from bench.clock import Measured, measured
from bench.run import Kind, Options, needed
from tests.cast import Cast, need
from xianfeng.matters.models import Matter

FEW = City(needs=10, pioneers=4, residents=2)


def test_a_round_tells_rate_median_and_the_slowest_of_a_hundred() -> None:
    found = measured([number / 1000 for number in range(1, 101)], 2.0, 3)
    assert (found.count, found.rate, found.wrong) == (100, 50.0, 3)
    assert (found.p50_ms, found.p99_ms) == pytest.approx((50.0, 99.0))


def _kind(name: str, ours: float, theirs: float) -> Kind:
    one = Kind(name)
    one.http.append(Measured(int(ours), 1.0, 5.0, 20.0, 0))
    one.raw.append(Measured(int(theirs), 1.0, 1.0, 5.0, 0))
    return one


def _figures(claim: float) -> dict[str, object]:
    kinds = [_kind("claim", claim, 1000), _kind("feed", 300, 1000), _kind("post", 500, 1000)]
    machine = {
        "cores": 2,
        "memory_gb": 8,
        "python": "3.11",
        "postgresql": "18",
        "fsync": "on",
        "load_before": 0.1,
    }
    options = Options().__dict__
    return {
        "machine": machine,
        "options": options,
        "worker_mb": 120.0,
        **{one.name: one.told() for one in kinds},
    }


def test_a_share_below_what_was_asked_is_called_missed() -> None:
    assert "missed" not in page.table(_figures(400))
    assert page.table(_figures(399)).count("**missed**") == 1


def test_the_page_keeps_everything_but_the_figures(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"before\n<!-- figures: speed -->\nold\n{page.END}\nafter\n")
    for share in (399, 400):
        page.write("speed", _figures(share), path)
    text = path.read_text()
    assert (text.startswith("before\n"), text.endswith("\nafter\n"), "old" in text) == (True, True, False)
    assert text.count("| claim") == 1
    assert "399/s" not in text


def test_after_all_claims_as_many_needs_are_open_as_were_asked_for() -> None:
    city = needed(Options(open_needs=1000, seconds=1.0, rounds=1))
    assert city.needs >= 1000 + 15_000
    assert city.pioneers * 3 >= city.needs - 1000


def test_requests_are_whole_and_signed() -> None:
    head, _, body = plan.request("POST", "/matters", "t", {"title": "灯"}).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /api/v1/matters HTTP/1.1"
    assert "Authorization: Bearer t" in lines
    assert f"Content-Length: {len(body)}" in lines
    assert json.loads(body) == {"title": "灯"}


def test_the_bare_posting_is_the_operations_own_statement(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_first_resident", lambda city: cast.resident)
    text, given = next(plan.statements("post", FEW, 0))
    assert text.count("INSERT INTO") == 3
    assert given["title"] == plan.TITLE
    assert Matter.objects.count() == 1  # the one it listened to


def test_the_bare_claim_goes_on_from_need_to_need(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = need(cast.resident)
    monkeypatch.setattr(City, "number", lambda self, n: matter.number if n == 0 else f"number {n}")
    monkeypatch.setattr(plan, "_first_pioneer", lambda city, first: cast.pioneer.spokesperson)
    found = plan.statements("claim", FEW, 0)
    (text, first), (again, second) = next(found), next(found)
    assert text == again
    assert (first["number"], first["pioneer"], second["number"], second["pioneer"]) == (
        "number 1",
        2,
        "number 2",
        3,
    )
    matter.refresh_from_db()
    assert matter.state == "taken"


def test_a_part_that_the_page_lacks_is_put_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("before\n")
    told = {
        "phones": 5000,
        "events": 20,
        "p50_ms": 90.0,
        "p99_ms": 301.0,
        "last_ms": 320.0,
        "missing": 0,
        "memory_mb": 200.0,
    }
    for _ in range(2):
        page.write("phones", {"machine": _figures(400)["machine"], **told}, path)
    text = path.read_text()
    assert text.startswith("before\n")
    assert text.count("5,000 phones") == 1
    assert "at 99 of 100 after 301 ms **missed** (asked" in text


def test_pages_slower_than_asked_are_called_missed() -> None:
    figures = {
        "pages": {"home": Measured(40, 1.0, 20.0, 300.0, 0), "hall": Measured(40, 1.0, 20.0, 300.4, 0)}
    }
    lines = page.told(
        "pages", {"pages": {name: asdict(one) for name, one in figures["pages"].items()}}
    ).splitlines()
    assert [("missed" in line) for line in lines[2:]] == [False, True]


def test_an_event_counts_as_late_as_at_the_worst() -> None:
    found = phones._told(4, [[0.01, 0.02, 0.03, 0.04], [0.1, 0.2, 0.3]], 100.0)
    assert (found.events, found.missing, found.last_ms) == (2, 1, 300.0)


def test_the_database_that_is_kept_tells_with_what_it_was_filled() -> None:
    url = os.environ["DATABASE_URL"]
    named = f"xianfeng_bench_{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SEEDED", named)
        assert database.seeded(url) is None
        database.make(url)
        assert database.seeded(url) is None, "not filled to its end"
        database.keep(url, FEW)
        assert database.seeded(url) == FEW
        database.drop(url)
        assert database.seeded(url) is None


def test_the_millionth_need_has_a_number_of_its_own(areas_loaded: None, db: None) -> None:
    numbered = City(needs=1, pioneers=1, residents=1).number(1_234_566)
    statement = _NEEDS.split("SELECT n, ")[1].split(", 'help-open'")[0].replace("%(day)s", "'000101-'")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement} FROM (SELECT 1234567 AS n) one")  # noqa: S608 - our own words
        assert cursor.fetchone() == (numbered,)
