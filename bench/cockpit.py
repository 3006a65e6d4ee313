"""How fast the cockpit is over ten million matters: first view, drill-down, and how many events a second it counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from time import perf_counter
from typing import Any

from django.db import connection

from bench import cockpit_city, database, walk
from bench.cockpit_city import PEOPLE
from bench.run import Options, machine, pointed_at, web
from bench.walk import Asked
from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.queries import lists
from xianfeng.doors.cockpit.queries.board import board
from xianfeng.doors.cockpit.scope import scope_for
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.record import consumers, dispatch

FIRST_MS, DRILL_MS, STATEMENTS, EVENTS = 300.0, 200.0, 10, 500
COUNTED = 20_000  # events
Say = Callable[[str], None]


def whole(options: Options, url: str, say: Say) -> dict[str, Any]:
    """Fill a database of its own and measure in it; return the figures."""
    on = machine(url)
    with database.own(url) as own, pointed_at(own):
        cockpit_city.build(options.open_needs, say)
        return {"machine": on, "matters": options.open_needs, **measured(options, own, say)}


def measured(options: Options, url: str, say: Say) -> dict[str, Any]:
    """Measure in the database that this process works in, which was filled; return the figures."""
    leader = Person.objects.get(pk=cockpit_city.LEADER)
    counted = statements(leader)
    found: dict[str, Any] = {}
    with web(options, url):
        for asked in drills():
            one = walk.walk(options.port, asked)
            found[asked.name] = asdict(one)
            say(f"{asked.name}: {one.p50_ms:.0f} ms, slowest {one.p99_ms:.0f} ms")
    rate = events_a_second()
    say(f"{rate:,.0f} events a second")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), pg_total_relation_size('cockpit_rollup') FROM cockpit_rollup")
        sums, size = cursor.fetchone()
        cursor.execute("SELECT count(*), pg_total_relation_size('cockpit_fact') FROM cockpit_fact")
        facts, fact_size = cursor.fetchone()
    return {
        "views": found, "statements": counted, "events_per_second": round(rate), "sums": sums, "sums_mb": size >> 20,
        "facts": facts, "facts_mb": fact_size >> 20,
    }  # fmt: skip


def statements(leader: Person) -> dict[str, int]:
    """Return how many SQL statements a board and a list take, the look at the reader's posts included."""
    with listening() as board_ones:
        board(scope_for(leader), Filters())
    with listening() as list_ones:
        lists.rows(scope_for(leader), Filters(), "raised")
    return {"board": len(board_ones), "list": len(list_ones)}


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield a list that takes every statement sent meanwhile."""
    heard: list[str] = []

    def listen(execute: Any, text: str, given: Any, many: Any, context: Any) -> Any:
        heard.append(text)
        return execute(text, given, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def drills() -> list[Asked]:
    """Return what is asked for: the first view of the city, then the ways down from it."""
    token = PEOPLE.token(cockpit_city.LEADER - 1)
    root = places.root()
    county = places.children(root)[0]
    town = places.children(county)[0]
    village = places.children(town)[0]
    union = Organisation.objects.filter(area=root.pk).order_by("id")[0]
    base = "/api/v1/cockpit"
    city = f"{base}/area/{root.code}"
    year = "from=2025-01&until=2025-12"
    return [
        Asked("first view of the city", token, f"{city}/board"),
        Asked("the city, a whole year", token, f"{city}/board?{year}"),
        Asked("a county", token, f"{base}/area/{county.code}/board"),
        Asked("a town", token, f"{base}/area/{town.code}/board"),
        Asked("a village", token, f"{base}/area/{village.code}/board"),
        Asked("an organisation in all places", token, f"{base}/organisation/{union.code}/board"),
        Asked(
            "the city, one service and one kind", token, f"{city}/board?service=help-open&category=electric"
        ),
        Asked("rows: raised this month", token, f"{city}/rows/raised"),
        Asked("rows: settled in a year, of N", token, f"{city}/rows/settled?whole=1&{year}"),
        Asked("rows: past the limit", token, f"{city}/rows/late"),
        Asked("rows: a village, a year", token, f"{base}/area/{village.code}/rows/closed?{year}"),
        Asked("rows: an organisation, a month", token, f"{base}/organisation/{union.code}/rows/taken"),
        Asked("map, needs", token, f"{city}/map?layer=needs&zoom=9"),
        Asked("map, heat of a year", token, f"{city}/map?layer=heat&zoom=12&{year}"),
    ]


def events_a_second() -> float:
    """Return how many events a second the cockpit counts, each of another matter that somebody has just taken."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_outbox SET dispatched = true WHERE NOT dispatched")
        cursor.execute(_TAKEN, [COUNTED])
        cursor.execute(_TOLD)
    consumer = next(one for one in consumers.registered() if one.name == "cockpit.count")
    while dispatch.spread(2_000):
        pass
    start, done = perf_counter(), 0
    while moved := dispatch.deliver(consumer, 500):
        done += moved
    return done / (perf_counter() - start)


_TAKEN = """CREATE TEMP TABLE claimed AS SELECT id FROM matters_matter WHERE state = 'open' AND number LIKE '000102%%'
ORDER BY hashint8(id) LIMIT %s"""
_TOLD = """
WITH moved AS (UPDATE matters_matter m SET state = 'taken', taken_by_id = 1 + m.id %% 5000, taken_at = now()
    FROM claimed WHERE claimed.id = m.id RETURNING m.id, m.taken_by_id),
handled AS (INSERT INTO matters_handling (matter_id, pioneer_id, claimed_at, outcome, first_reply, report, helpers)
    SELECT id, taken_by_id, now(), '', '', '', '' FROM moved)
INSERT INTO record_outbox (at, code, subject_kind, subject_id, position, actor_kind, actor_id, old, new, dispatched)
SELECT now(), 'matter.claimed', 'matter', id, 2, 'person', 1, '{}', '{}', false FROM moved""".replace(
    "%%", "%"
)
