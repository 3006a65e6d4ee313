"""What somebody really did, counted: by kind, by cell, by month, what it brought; one statement."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

# A voided rating counts nowhere. Income counts as the showcase counts it: verified, of firms and persons.
_COUNTED = """WITH did AS (
    SELECT m.category, m.cell, coalesce(h.reported_at, h.ended_at) AS at,
        (r.skill + r.attitude + r.speed) / 3.0 AS stars
    FROM matters_handling h JOIN matters_matter m ON m.id = h.matter_id
    LEFT JOIN matters_rating r ON r.handling_id = h.id AND r.voided_at IS NULL
    WHERE h.outcome = 'done' AND (h.pioneer_id = %(pioneer)s OR h.matter_id IN (
        SELECT matter_id FROM honours_item WHERE dossier_id = %(dossier)s AND removed_at IS NULL)))
SELECT json_build_object(
    'kinds', (SELECT json_agg(t) FROM (SELECT category AS code, count(*) AS done, count(stars) AS rated,
        avg(stars)::float8 AS stars FROM did GROUP BY 1 ORDER BY 2 DESC, 1) t),
    'cells', (SELECT json_agg(t) FROM (SELECT cell, count(*) AS done FROM did GROUP BY 1 ORDER BY 2 DESC, 1) t),
    'months', (SELECT json_agg(t) FROM (SELECT to_char(at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
        count(*) AS done FROM did WHERE at > %(since)s GROUP BY 1 ORDER BY 1) t),
    'all', (SELECT row_to_json(t) FROM (SELECT count(*) AS done, count(stars) AS rated, avg(stars)::float8 AS stars,
        count(*) FILTER (WHERE at > %(year)s) AS year, extract(epoch FROM %(at)s - max(at))::float8 AS idle
        FROM did) t),
    'benefits', (SELECT json_object_agg(kind, n) FROM (SELECT kind, sum(coalesce(yuan, jobs)) AS n
        FROM showcase_benefit WHERE pioneer_id = %(pioneer)s AND state = 'verified'
            AND (kind <> 'income' OR beneficiary IN ('firm', 'person')) GROUP BY 1) t),
    'achievements', (SELECT count(*) FROM showcase_achievement WHERE pioneer_id = %(pioneer)s AND state = 'published'),
    'lives', (SELECT count(*) FROM showcase_live WHERE pioneer_id = %(pioneer)s AND state = 'ended'))::text"""
_DAY = 86_400


@dataclass(frozen=True)
class Kind:
    """One kind of service (a skill's code, '' where none was said): how often done, how often rated, mean stars."""

    code: str
    done: int
    rated: int
    stars: float | None


@dataclass(frozen=True)
class Spot:
    """One cell of the map and how many services were done there."""

    cell: int
    done: int


@dataclass(frozen=True)
class Counted:
    """True counts. `year`: done within the last twelve months; `idle_days` since the last one, None before the first.

    `months`: services by month (its first day), months with none left out. Money in yuan, verified alone.
    """

    done: int = 0
    year: int = 0
    rated: int = 0
    stars: float | None = None
    idle_days: int | None = None
    kinds: list[Kind] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    months: dict[date, int] = field(default_factory=dict)
    income_yuan: int = 0
    cost_yuan: int = 0
    jobs: int = 0
    achievements: int = 0
    lives: int = 0


def counted(
    pioneer_id: int | None, dossier_id: int | None, *, since: datetime, year: datetime, at: datetime
) -> Counted:
    """Return what a pioneer did, or (None) what stands in a candidate's file; one statement.

    `since` begins the course by months, `year` the last twelve months.
    """
    given = {
        "pioneer": pioneer_id, "dossier": None if pioneer_id else dossier_id, "since": since, "year": year, "at": at,
        "zone": settings.TIME_ZONE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, given)
        return _read(json.loads(cursor.fetchone()[0]))


def _read(row: dict[str, Any]) -> Counted:
    whole, brought = row["all"], row["benefits"] or {}
    return Counted(
        done=whole["done"], year=whole["year"], rated=whole["rated"], stars=whole["stars"],
        idle_days=None if whole["idle"] is None else max(0, int(whole["idle"] // _DAY)),
        kinds=[Kind(**one) for one in row["kinds"] or []],
        spots=[Spot(**one) for one in row["cells"] or []],
        months={date.fromisoformat(f"{one['month']}-01"): one["done"] for one in row["months"] or []},
        income_yuan=brought.get("income", 0), cost_yuan=brought.get("cost", 0), jobs=brought.get("jobs", 0),
        achievements=row["achievements"], lives=row["lives"],
    )  # fmt: skip
