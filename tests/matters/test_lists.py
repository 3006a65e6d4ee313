"""Lists cost the same number of statements at one row and at three."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, booked, closed, need, ordered, taken
from tests.matters.test_telling import deliver
from xianfeng.foundation.notices import queries as notices
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.places import city
from xianfeng.matters import queries
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.offers import menu
from xianfeng.matters.operations.talking import send_message

HERE = city.served()


def _touch(matter: Matter) -> object:
    """Return what a card of a matter shows."""
    taker = matter.taken_by
    return (
        matter.area.name, matter.area.parent and matter.area.parent.name, matter.requester.name,
        matter.firm and matter.firm.name, taker and (taker.organisation.name, taker.area.name),
        matter.offered_to and matter.offered_to.name,
    )  # fmt: skip


LISTS: dict[str, tuple[int, Callable[[Cast], object], Callable[[Cast], list[object]]]] = {
    "open near": (
        2,
        lambda cast: need(cast.resident),
        lambda cast: list(queries.open_near(HERE.lat, HERE.lon)),
    ),
    "open newest": (1, lambda cast: need(cast.resident), lambda cast: list(queries.open_newest())),
    "mine": (1, lambda cast: taken(cast), lambda cast: [_touch(m) for m in queries.mine(cast.resident)]),
    "jobs": (
        1,
        lambda cast: taken(cast),
        lambda cast: [_touch(m) for m in queries.jobs(cast.pioneer.spokesperson)],
    ),
    "offered": (
        1,
        lambda cast: booked(cast),
        lambda cast: [_touch(m) for m in queries.offered_to(cast.pioneer.spokesperson)],
    ),
    "menu": (
        1,
        lambda cast: ordered(cast),
        lambda cast: [(o.pioneer.organisation.name, o.area.name) for o in menu()],
    ),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_at_one_row_and_at_three(cast: Cast, name: str, rows: int) -> None:
    statements, arrange, read = LISTS[name]
    for _ in range(rows):
        arrange(cast)
    with CaptureQueriesContext(connection) as asked:
        assert len(read(cast)) == rows
    assert len(asked) == statements


@pytest.mark.parametrize("rows", [1, 3])
def test_timeline_talk_and_handlings_cost_the_same(cast: Cast, rows: int) -> None:
    matter = closed(cast)
    for number in range(rows):
        send_message(matter.number, f"第 {number} 句", by=cast.resident)
    with CaptureQueriesContext(connection) as asked:
        steps = queries.timeline(matter)
    assert (len(asked), len(steps)) == (1, 4 + rows)
    assert [step.code for step in steps[:4]] == [
        "matter.raised", "matter.claimed", "matter.reported", "matter.rated",
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        talk = queries.talk(matter, by=cast.resident)
        assert len([(m.author.name, m.pioneer.name, list(m.photos.all())) for m in talk]) == rows
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        handled = [(h.pioneer.name, h.rating.skill, list(h.visits.all())) for h in queries.handlings(matter)]
    assert (len(asked), len(handled)) == (2, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_costs_one_statement(cast: Cast, rows: int) -> None:
    for _ in range(rows):
        taken(cast)
    deliver()
    with CaptureQueriesContext(connection) as asked:
        lines = [notices.line(notice, "en") for notice in notices.inbox(cast.resident)]
    assert (len(asked), len(lines)) == (1, rows)


def test_the_directory_costs_one_statement(cast: Cast) -> None:
    for rows in (people.directory(words="先锋甲"), people.directory()):
        with CaptureQueriesContext(connection) as asked:
            assert [(row.area.name, row.organisation.name) for row in rows]
        assert len(asked) == 1


def test_one_matter_costs_two_statements_for_somebody_signed_in_and_one_for_a_guest(cast: Cast) -> None:
    matter = taken(cast)
    for person, statements in ((cast.stranger, 2), (cast.staff, 2), (None, 1)):
        with CaptureQueriesContext(connection) as asked:
            _touch(queries.matter_for(person, matter.number))
        assert len(asked) == statements
