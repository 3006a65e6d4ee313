"""Pages of needs ask a fixed number of statements, however many rows there are."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, booked, closed, done, need, taken
from tests.doors.portal.browsers import signed
from xianfeng.foundation.people import operations as people
from xianfeng.matters import services
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.handling import call_team
from xianfeng.matters.operations.talking import send_message

Arrange = Callable[[Cast], str]
MOST = 12


def _filled(cast: Cast, matter: Matter, rows: int) -> None:
    """Give a matter in hand a talk and a team called, so that nothing of its page is empty."""
    for at in range(rows):
        send_message(matter.number, f"第 {at} 句", by=cast.resident)
    call_team(matter.number, cast.collective.id, by=cast.pioneer.spokesperson)


def _need_in_hand(cast: Cast, rows: int) -> str:
    matter = taken(cast)
    _filled(cast, matter, rows)
    return f"/need/{matter.number}"


def _open_need(cast: Cast, rows: int) -> str:
    matter = need(cast.resident)
    for at in range(rows):
        send_message(matter.number, f"第 {at} 问", by=cast.pioneer.spokesperson)
    return f"/need/{matter.number}"


def _several(cast: Cast, rows: int) -> None:
    for at in range(rows):
        need(cast.resident, f"第 {at} 件")


def _home(cast: Cast, rows: int) -> str:
    _several(cast, rows)
    return "/"


def _feed(cast: Cast, rows: int) -> str:
    _several(cast, rows)
    return "/needs"


def _done(cast: Cast, rows: int) -> str:
    several = [done(cast) for _ in range(rows)]
    return f"/need/{several[0].number}"


def _closed(cast: Cast, rows: int) -> str:
    several = [closed(cast) for _ in range(rows)]
    return f"/need/{several[0].number}"


def _rate(cast: Cast, rows: int) -> str:
    return f"{_done(cast, rows)}/rate"


def _booked(cast: Cast, rows: int) -> str:
    several = [booked(cast) for _ in range(rows)]
    return f"/need/{several[0].number}"


def _ask(cast: Cast, rows: int) -> str:
    _several(cast, rows)
    return "/ask"


PAGES: list[tuple[str, Callable[[Cast, int], str], str, int]] = [
    ("home of a visitor", _home, "visitor", 4),
    ("home of a requester", _home, "requester", 8),
    ("home of a pioneer", _home, "pioneer", 8),
    ("feed of a visitor", _feed, "visitor", 1),
    ("feed of a pioneer", _feed, "pioneer", 4),
    ("open need for a visitor", _open_need, "visitor", 5),
    ("open need for a pioneer", _open_need, "pioneer", 10),
    ("need in hand for the requester", _need_in_hand, "requester", 12),
    ("need in hand for the taker", _need_in_hand, "pioneer", 12),
    ("need in hand for a stranger", _need_in_hand, "stranger", 10),
    ("need done for the requester", _done, "requester", 10),
    ("need closed for the requester", _closed, "requester", 11),
    ("booking for the one it is offered to", _booked, "pioneer", 9),
    ("rating", _rate, "requester", 11),
    ("form of a need", _ask, "requester", 2),
]


def _browser(cast: Cast, who: str) -> Client:
    people_of = {
        "visitor": None, "requester": cast.resident, "pioneer": cast.pioneer.spokesperson, "stranger": cast.stranger,
    }  # fmt: skip
    return signed(people_of[who])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "arrange", "who", "statements"), PAGES, ids=[page[0] for page in PAGES])
def test_a_page_costs_the_same_at_one_row_and_at_three(
    cast: Cast, name: str, arrange: Callable[[Cast, int], str], who: str, statements: int, rows: int
) -> None:
    address, browser = arrange(cast, rows), _browser(cast, who)
    services.version("help-open", 1)
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    told = "\n".join(query["sql"][:200] for query in asked.captured_queries)
    assert len(asked.captured_queries) == statements, told
    assert statements <= MOST


def test_where_the_place_is_known_the_nearest_cost_no_more(cast: Cast) -> None:
    people.change_profile(by=cast.pioneer.spokesperson, area_id=cast.here.id)
    need(cast.resident)
    browser = signed(cast.pioneer.spokesperson)
    for address, statements in (("/needs", 5), ("/", 9)):
        assert browser.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        assert len(asked.captured_queries) == statements, [one["sql"][:200] for one in asked.captured_queries]
        assert statements <= MOST
