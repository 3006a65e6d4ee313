"""The rows behind a figure: exactly those that were counted, newest first, page by page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.columns import ROWS
from xianfeng.doors.cockpit.filters import Filters, Slice, sliced
from xianfeng.doors.cockpit.measures import Measure
from xianfeng.doors.cockpit.queries import behind, sums
from xianfeng.doors.cockpit.queries.sums import Part
from xianfeng.doors.cockpit.scope import Scope
from xianfeng.foundation.kernel import catalogue, cursors
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.states import LIVE_PUBLIC

CURSOR = "cockpit-rows"


@dataclass(frozen=True)
class Row:
    """A matter that was counted: `day` is the one it counts on. Its words are left out where they are not public.

    Amounts are those of the ledger: minutes to take and to settle, stars (sum of three), verified yuan.
    """

    number: str
    title: str
    state: str
    category: str
    service: str
    area_id: int
    organisation_id: int
    raised_at: datetime
    day: date
    late: bool
    taken_minutes: int | None
    done_minutes: int | None
    stars: int | None
    benefit_yuan: int | None
    pioneer_id: int | None
    pioneer: str


@dataclass(frozen=True)
class Listed:
    """One page of rows, and the cursor of the next ('' at the end)."""

    slice: Slice
    measure: Measure
    rows: list[Row]
    next: str


def rows(
    scope: Scope,
    filters: Filters,
    code: str,
    *,
    cursor: str | None = None,
    limit: int | None = None,
    whole: bool = False,
) -> Listed:
    """Return the matters behind the figure of a measure; `whole`: those of N, where it is n of N. One statement.

    Raises Missing, Refused as filters.sliced; 'cockpit-measure-unknown', 'cursor-invalid', 'cockpit-few'.
    """
    one, measure = _asked(scope, filters, code, whole=whole)
    shown = catalogue.load("cockpit/board")["shown"]
    most = min(limit or shown["rows"], shown["rows_most"])
    text, given = statement(one, measure, whole=whole)
    given |= {"limit": most + 1, **_after(cursors.unpack(CURSOR, cursor))}
    with connection.cursor() as reading:
        reading.execute(text, given)
        found = reading.fetchall()
    page = [_row(row, public=one.public) for row in found[:most]]
    following = (
        cursors.pack(CURSOR, [found[most - 1][-2].isoformat(), found[most - 1][-1]])
        if len(found) > most
        else ""
    )
    return Listed(one, measure, page, following)


def every(scope: Scope, filters: Filters, code: str, *, most: int, whole: bool = False) -> list[Row]:
    """Return all rows behind a figure, newest first, at most `most`: for files. One statement."""
    one, measure = _asked(scope, filters, code, whole=whole)
    text, given = statement(one, measure, whole=whole)
    with connection.cursor() as reading:
        reading.execute(text, {**given, "limit": most, **_after(None)})
        return [_row(row, public=one.public) for row in reading.fetchall()]


def _after(place: Any) -> dict[str, Any]:
    return (
        {"after_day": date.fromisoformat(place[0]), "after_id": place[1]}
        if place
        else {"after_day": None, "after_id": 0}
    )


_COLUMNS = """m.number, m.title, m.state, m.category, m.service_code, f.area_id, f.organisation_id, m.raised_at, {day},
    f.late, f.taken_minutes, f.done_minutes, f.stars, f.benefit_yuan, f.pioneer_id, p.name, m.hidden,
    {day} AS day, f.matter_id"""


def statement(one: Slice, measure: Measure, *, whole: bool = False) -> tuple[str, dict[str, Any]]:
    """Return the statement of the rows, from the facts alone which of them: they are those that were summed."""
    behind_it, day, given = selected(one, measure, whole=whole)
    return (
        f"""
SELECT {_COLUMNS.format(day=day)} FROM (
    SELECT f.* FROM cockpit_fact f WHERE {behind_it}
        AND (%(after_day)s::date IS NULL OR ({day}, f.matter_id) < (%(after_day)s::date, %(after_id)s))
    ORDER BY {day} DESC, f.matter_id DESC LIMIT %(limit)s
) f JOIN matters_matter m ON m.id = f.matter_id LEFT JOIN people_pioneer p ON p.id = f.pioneer_id
ORDER BY day DESC, f.matter_id DESC""",  # noqa: S608 - constants
        given,
    )


def selected(one: Slice, measure: Measure, *, whole: bool = False) -> tuple[str, str, dict[str, Any]]:
    """Return the condition on facts `f` behind a measure, the day by which they stand in order, and the parameters."""
    column = ROWS[measure.of if whole and measure.of else measure.column]
    where, given = behind.condition(one)
    if column.day is None:
        return f"{where} AND {column.where}", "f.raised_on", given
    given |= {"first": one.period.first, "last": one.period.last}
    return (
        f"{where} AND {column.where} AND f.{column.day} BETWEEN %(first)s AND %(last)s",
        f"f.{column.day}",
        given,
    )


def total(scope: Scope, filters: Filters, code: str, *, whole: bool = False) -> int:
    """Return how many rows there are: the sum where one is kept, else counted one by one. Raises as `rows`."""
    one, measure = _asked(scope, filters, code, whole=whole)
    column = measure.of if whole and measure.of else measure.counts or measure.column
    grain = "n" if measure.now else one.period.grain
    if filters.cell or measure.unit == "job" or not sums.kept(one, grain):
        return _count(one, measure, whole=whole)
    part = Part("rows", "n") if measure.now else Part("rows", grain, one.period.first, one.period.last)
    return sums.read(one, [part])["rows"].get("", sums.NOTHING)[column]


def _asked(scope: Scope, filters: Filters, code: str, *, whole: bool) -> tuple[Slice, Measure]:
    """Return what is asked for. Raises Refused 'cockpit-few' for the public where the figure is not shown either."""
    one, measure = sliced(scope, filters), measures.measure(code)
    least = catalogue.load("cockpit/board")["public"]["persons_least"]
    if one.public and 0 < _count(one, measure, whole=whole, most=least) < least:
        raise Refused("cockpit-few", least=least)
    return one, measure


def _count(one: Slice, measure: Measure, *, whole: bool, most: int | None = None) -> int:
    where, _, given = selected(one, measure, whole=whole)
    with connection.cursor() as cursor:
        text = f"SELECT count(*) FROM (SELECT 1 FROM cockpit_fact f WHERE {where} LIMIT %(most)s) few"  # noqa: S608
        cursor.execute(text, {**given, "most": most})
        return int(cursor.fetchone()[0])


def _row(row: tuple[Any, ...], *, public: bool) -> Row:
    number, title, state, category, service, area, organisation, raised_at, day, late, *more = row[:-2]
    taken_minutes, done_minutes, stars, benefit, pioneer_id, pioneer, hidden = more
    if public and (hidden or state not in LIVE_PUBLIC):
        number, title, pioneer_id, pioneer = "", "", None, ""
    return Row(
        number, title, state, category, service, area, organisation, raised_at, day, late, taken_minutes, done_minutes,
        stars, benefit, pioneer_id, pioneer or "",
    )  # fmt: skip
