"""Matters that wait: those past their limits longest first, then those whose limit comes soonest; and who owes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from xianfeng.doors.cockpit.columns import LIVE
from xianfeng.doors.cockpit.filters import Slice
from xianfeng.doors.cockpit.queries import behind
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people.models import Organisation

# What is owed, by the state a matter waits in.
OWES = {"raised": "file", "offered": "answer", "open": "take", "taken": "finish", "done": "rate"}
_ROW = """m.number, m.title, m.state, m.category, m.service_code, m.area_id, m.lat, m.lon, m.raised_at, m.due_at,
    f.late, f.listed_on, m.charge_id, f.organisation_id, p.name
FROM cockpit_fact f JOIN matters_matter m ON m.id = f.matter_id LEFT JOIN people_pioneer p ON p.id = m.taken_by_id
WHERE"""
_PUBLIC = " AND m.state IN ('open', 'taken', 'done') AND NOT m.hidden"


@dataclass(frozen=True)
class Waits:
    """A matter that waits. `owes`: file, answer, take, finish or rate; `owner` who must (None: those of its area).

    `rank` numbers it, so that list and map share the number. The public reads the point on 0.01 degree.
    """

    rank: int
    number: str
    title: str
    state: str
    category: str
    service: str
    area_id: int
    lat: float
    lon: float
    raised_at: datetime
    due_at: datetime | None
    late: bool
    listed_on: date | None
    owes: str
    owner: Organisation | None
    pioneer: str


def longest(one: Slice, known: Sequence[Organisation]) -> list[Waits]:
    """Return what is to be looked at first, at most as many as a board lists; one statement."""
    most = catalogue.load("cockpit/board")["shown"]["listed"]
    where, given = behind.condition(one)
    public = _PUBLIC if one.public else ""
    text = f"""
(SELECT {_ROW} f.late AND {LIVE} AND {where}{public} ORDER BY f.listed_on, f.matter_id LIMIT %(most)s)
UNION ALL
(SELECT {_ROW} m.due_at IS NOT NULL AND NOT f.late AND {LIVE} AND f.state <> 'done' AND {where}{public}
    ORDER BY m.due_at, m.id LIMIT %(most)s)"""
    with connection.cursor() as cursor:
        cursor.execute(text, {**given, "most": most})
        rows = cursor.fetchall()
    organisations = {row.pk: row for row in known}
    return [_waits(rank, row, organisations, public=one.public) for rank, row in enumerate(rows[:most], 1)]


def _waits(rank: int, row: Sequence[Any], organisations: dict[int, Organisation], *, public: bool) -> Waits:
    (
        number,
        title,
        state,
        category,
        service,
        area_id,
        lat,
        lon,
        raised_at,
        due_at,
        late,
        listed_on,
        *people,
    ) = row
    charge, taker, name = people
    places = 2 if public else 6
    return Waits(
        rank, number, title, state, category, service, area_id, round(lat, places), round(lon, places), raised_at,
        due_at, late, listed_on, OWES[state], organisations.get((taker if state == "taken" else charge) or 0),
        name or "",
    )  # fmt: skip
