"""Who changes the address reads what is not there: every endpoint, every kind of reader."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from tests.calling import Caller, served
from tests.cast import Cast, closed, need
from tests.doors.cockpit.conftest import delivered, leader
from xianfeng.doors.cockpit.api import router
from xianfeng.doors.cockpit.measures import all_measures
from xianfeng.doors.cockpit.queries.map import LAYERS
from xianfeng.doors.cockpit.queries.tables import CHARTS
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.places import queries as places
from xianfeng.matters.operations.raising import withdraw

__all__ = ["served"]
pytestmark = pytest.mark.usefixtures("served")


def _ways(kind: str, code: str) -> list[str]:
    """Return one address of every endpoint of a board, and of every form it answers in."""
    base = f"/cockpit/{kind}/{code}"
    forms = [
        f"{base}/{way}{form}" for way in ("series/figures", "rows/settled") for form in ("", "?form=csv")
    ]
    return [f"{base}/board", f"{base}/map", f"{base}/rows/settled?whole=1", *forms]


def _briefs(kind: str, code: str) -> list[str]:
    return [f"/cockpit/{kind}/{code}/brief/{first}" for first in ("week/2026-11-16", "month/2026-10-01")]


def _below(kind: str, code: str) -> list[str]:
    """Return every address of a board: each chart, each layer, each measure."""
    base = f"/cockpit/{kind}/{code}"
    found = [*_ways(kind, code), *(f"{base}/map?layer={layer}" for layer in LAYERS)]
    return (
        found
        + [f"{base}/series/{chart}" for chart in CHARTS]
        + [f"{base}/rows/{code}" for code in all_measures()]
    )


def test_the_list_of_addresses_below_is_the_whole_of_the_router() -> None:
    ways = {
        path.replace("{kind}", "area").replace("{code}", "X")
        for path in router.path_operations
        if "{kind}" in path
    }
    asked = {address.partition("?")[0] for address in [*_ways("area", "X"), *_briefs("area", "X")]}
    for way in ways:
        stem, _, _ = way.partition("{")
        assert any(address.startswith(stem) for address in asked), way


@dataclass(frozen=True)
class Reader:
    """Somebody, with the boards they may open and those they may not, as (kind, code)."""

    person: Person
    mine: list[tuple[str, str]]
    foreign: list[tuple[str, str]]


@pytest.fixture
def readers(cast: Cast) -> dict[str, Reader]:
    """A leader of the city, of a county, of a town, staff of an organisation, a resident, a stranger."""
    need(cast.resident)
    closed(cast)
    delivered()
    town, other_town = (places.children(area)[0] for area in (cast.here, cast.there))
    city, here, there = (("area", area.code) for area in (cast.city, cast.here, cast.there))
    union, other = (("organisation", one.code) for one in (cast.organisation, cast.other_organisation))
    inner = [
        city,
        here,
        there,
        ("area", town.code),
        union,
        other,
        ("area", "999999"),
        ("organisation", "nobody"),
    ]
    return {
        "city": Reader(leader(911, cast.city), [city, here, there, union, other], [("area", "999999")]),
        "county": Reader(
            leader(912, cast.here),
            [here, ("area", town.code), union],
            [city, there, other, ("area", other_town.code)],
        ),
        "town": Reader(leader(913, town), [("area", town.code)], [city, here, there, union, other]),
        "staff": Reader(cast.staff, [union], [city, here, there, other]),
        "resident": Reader(cast.resident, [], inner),
        "stranger": Reader(cast.stranger, [], inner),
    }


def test_nobody_reads_anothers_board_by_changing_the_address(readers: dict[str, Reader]) -> None:
    for name, reader in readers.items():
        caller = Caller(reader.person)
        for board in reader.foreign:
            for address in [*_ways(*board), *_briefs(*board)]:
                assert caller.get(address).status == 404, (name, address)


def test_who_may_reads_all_of_the_own_board(readers: dict[str, Reader]) -> None:
    for name, reader in readers.items():
        client = Client(headers=Caller(reader.person).headers)
        for board in reader.mine[:1]:
            for address in _below(*board) if name == "city" else _ways(*board):
                assert client.get(f"/api/v1{address}").status_code == 200, (name, address)


def test_filters_do_not_lead_out_of_the_own_board(cast: Cast, readers: dict[str, Reader]) -> None:
    county, staff = Caller(readers["county"].person), Caller(readers["staff"].person)
    for way in ("board", "rows/raised", "series/areas", "map"):
        for code in (cast.there.code, cast.city.code, "999999"):
            assert county.get(f"/cockpit/area/{cast.here.code}/{way}?area={code}").status == 404
        other = cast.other_organisation.code
        assert (
            staff.get(f"/cockpit/organisation/{cast.organisation.code}/{way}?organisation={other}").status
            == 404
        )


def test_a_visitor_is_asked_to_sign_in_and_reads_the_public_board(
    cast: Cast, readers: dict[str, Reader]
) -> None:
    guest = Caller()
    for address in _below("area", cast.city.code)[:4]:
        assert guest.get(address).status == 401
    for address in _ways("public", cast.city.code):
        few = "rows/" in address  # of one settled need
        assert Client().get(f"/api/v1{address}").status_code == (403 if few else 200), address


def test_the_public_reads_rows_of_three_and_no_words_that_are_not_public(cast: Cast) -> None:
    open_ones = [need(cast.resident, f"灯坏了 {number}") for number in range(2)]
    withdraw(need(cast.resident, "收回的不给人看").number, by=cast.resident)
    delivered()
    told = Caller().get(f"/cockpit/public/{cast.city.code}/rows/raised")
    assert told["total"] == 3
    assert {row["number"] for row in told["items"]} == {"", *(matter.number for matter in open_ones)}
    assert "收回" not in str(told.body)


def test_where_one_line_is_hidden_from_the_public_a_second_one_is(cast: Cast) -> None:
    for category, count in (("electric", 1), ("farming", 4), ("machines", 6)):
        for _ in range(count):
            need(cast.resident, category=category)
    delivered()
    told = Caller().get(f"/cockpit/public/{cast.city.code}/board")
    shown = {line["code"]: line["figures"]["raised"]["value"] for line in told["kinds"]}
    assert shown == {"machines": 6, "farming": None, "electric": None}
    assert told["figures"]["raised"]["value"] == 11


def test_the_public_reads_no_figure_of_fewer_than_three(cast: Cast, readers: dict[str, Reader]) -> None:
    told = Caller().get(f"/cockpit/public/{cast.city.code}/board")
    for code in ("raised", "taken", "closed", "settled", "take_minutes", "satisfied"):
        figure = told["figures"][code]
        assert (figure["hidden"], figure["value"], figure["n"], figure["total"]) == (
            True,
            None,
            None,
            None,
        ), code


def test_a_leader_of_the_past_and_of_the_future_is_none(cast: Cast) -> None:
    for number, since, until in ((931, -10, -1), (932, 1, 10)):
        person = leader(number, cast.city)
        at = clock.now()
        Post.objects.filter(person=person).update(
            since=at + timedelta(days=since), until=at + timedelta(days=until)
        )
        assert Caller(person).get(f"/cockpit/area/{cast.city.code}/board").status == 404
