"""Pages of the cockpit: every number leads to its rows, who may not open a board finds nothing, lists cost the same."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.cast import Cast, need
from tests.doors.cockpit.conftest import delivered
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree
from xianfeng.matters.operations.claim import claim

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Static files need not have been collected, and no look at the areas' version falls into what is counted."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)


def entered(person: Person) -> Client:
    """Return the browser of somebody who signed in."""
    client = Client()
    client.cookies["xf_session"] = steps.open_session(person, "test", clock.now())
    return client


def page(client: Client, path: str) -> str:
    """Return a page that opens."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


class Figures(HTMLParser):
    """Reads every linked figure of a page: its address and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("class") == "fg":
            self._href = given.get("href") or ""

    def handle_data(self, data: str) -> None:
        if self._href and data.strip():
            self.found.append((self._href, data.strip()))
            self._href = ""


def figures(text: str) -> list[tuple[str, str]]:
    """Return the linked figures of a page."""
    reading = Figures()
    reading.feed(text)
    return reading.found


@pytest.fixture
def three(cast: Cast) -> Cast:
    """Three needs, one of them taken, all counted."""
    first = need(cast.resident, "灯坏了")
    need(cast.resident, "水管漏了", north=0.01)
    need(cast.stranger, "电脑开不了机", north=0.02)
    claim(first.number, by=cast.pioneer.spokesperson)
    delivered()
    return cast


def test_every_whole_number_of_a_board_is_the_count_of_the_rows_it_leads_to(
    three: Cast, city_leader: Person
) -> None:
    leader = entered(city_leader)
    found = figures(page(leader, "/cockpit/area/330500"))
    amounts = re.compile("/rows/(take_minutes|settle_minutes|benefit_yuan|jobs)")
    counted = [(href, int(said)) for href, said in found if said.isdigit() and not amounts.search(href)]
    assert len(counted) >= 9
    for href, said in set(counted):
        rows = page(leader, href)
        assert re.search(rf"一共 {said} 条", rows), (href, said)
        assert rows.count("<tr>") - 1 == said, href


def test_a_county_leader_opens_their_county_and_finds_nothing_elsewhere(
    three: Cast, county_leader: Person
) -> None:
    leader = entered(county_leader)
    here, there = three.here.code, three.there.code
    for more in ("", "/map.json", "/pioneers", "/rows/waiting", "/charts", "/cards/waiting.csv"):
        assert leader.get(f"/cockpit/area/{here}{more}").status_code == 200, more
        for foreign in (
            f"area/{there}",
            "area/330500",
            "area/000000",
            "organisation/none",
            "elsewhere/330500",
        ):
            assert leader.get(f"/cockpit/{foreign}{more}").status_code == 404, (foreign, more)
        assert leader.get(f"/cockpit/area/{here}{more}?area={there}").status_code == 404, more


def test_staff_of_an_organisation_open_its_board_and_no_area_s(three: Cast) -> None:
    staff = entered(three.staff)
    assert staff.get(f"/cockpit/organisation/{three.organisation.code}").status_code == 200
    assert staff.get(f"/cockpit/organisation/{three.other_organisation.code}").status_code == 404
    assert staff.get(f"/cockpit/area/{three.here.code}").status_code == 404


def test_a_resident_has_no_inner_board_and_a_visitor_is_asked_to_sign_in(three: Cast) -> None:
    assert entered(three.resident).get("/cockpit/area/330500").status_code == 404
    answer = Client().get("/cockpit/area/330500")
    assert answer.status_code == 401
    assert "/sign-in?next=" in answer.content.decode()


def test_the_way_in_leads_everybody_to_their_board(
    three: Cast, city_leader: Person, county_leader: Person
) -> None:
    assert entered(city_leader).get("/cockpit")["Location"] == "/cockpit/area/330500"
    assert entered(county_leader).get("/cockpit")["Location"] == f"/cockpit/area/{three.here.code}"
    assert (
        entered(three.staff).get("/cockpit")["Location"] == f"/cockpit/organisation/{three.organisation.code}"
    )
    assert Client().get("/cockpit")["Location"] == "/cockpit/public/330500"


def test_the_public_board_shows_no_figure_of_fewer_than_three_and_no_words_of_hidden_needs(
    three: Cast,
) -> None:
    text = page(Client(), "/cockpit/public/330500")
    assert "少于 3" in text
    assert all(int(said) >= 3 for _, said in figures(text) if said.isdigit() and said != "0")


@pytest.mark.parametrize(
    "path", ["/cockpit/area/330500", "/cockpit/area/330500?from=2026-01&category=electric"]
)
def test_a_board_costs_the_same_at_one_need_and_at_three(cast: Cast, city_leader: Person, path: str) -> None:
    leader, counts = entered(city_leader), []
    for number in range(3):
        need(cast.resident, f"第 {number} 件", north=number / 100)
        delivered()
        with CaptureQueriesContext(connection) as queries:
            page(leader, path)
        counts.append(len(queries))
    assert counts[0] == counts[2]
    assert counts[2] <= 12


def test_a_board_lets_a_worker_of_its_own_draw_the_map_and_nothing_else(three: Cast) -> None:
    policy = Client().get("/cockpit/public/330500")["Content-Security-Policy"]
    assert policy.endswith("worker-src 'self'")
    assert "unsafe" not in policy
    assert "blob:" not in policy


def test_filters_stay_in_the_address_and_a_wrong_one_is_told(three: Cast, city_leader: Person) -> None:
    leader = entered(city_leader)
    text = page(leader, "/cockpit/area/330500?category=electric")
    assert all("category=electric" in href for href, _ in figures(text))
    assert leader.get("/cockpit/area/330500?from=never").status_code == 422


def test_a_chart_s_file_holds_the_numbers_of_its_table(three: Cast, city_leader: Person) -> None:
    leader = entered(city_leader)
    lines = page(leader, "/cockpit/area/330500/cards/raised-by-area.csv").lstrip("\ufeff").splitlines()
    assert lines[0].startswith("哪一项,")
    assert sum(int(line.split(",")[1]) for line in lines[1:]) == 3


def test_an_open_page_is_given_the_board_alone(three: Cast) -> None:
    answer = Client().get("/cockpit/public/330500", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'id="urgent"' in text
    assert "<script src" not in text


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_anybody_reads_the_whole_register_of_algorithms(language: str) -> None:
    answer = Client().get("/algorithms", headers={"Accept-Language": language})
    text = unescape(answer.content.decode())
    for entry in catalogue.load("algorithms").values():
        assert all(entry[f"{name}{language}"] in text for name in ("", "purpose_", "data_", "object_"))
