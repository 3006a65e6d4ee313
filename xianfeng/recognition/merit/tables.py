"""The formula's tables, read from the database: one statement each, as columns."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db import connection

from xianfeng.recognition.merit.formula import Activities, Honours, Ratings
from xianfeng.recognition.merit.formula.tables import Ids, Ints

DAY_SECONDS = 86_400.0

# A firm speaks once, whoever is responsible for it: its raters' ids are below nothing.
_RATINGS = """
SELECT h.id, h.pioneer_id, CASE WHEN m.firm_id IS NULL THEN m.requester_id ELSE -m.firm_id END,
    (extract(epoch FROM h.claimed_at) / 86400)::float8,
    (extract(epoch FROM coalesce(h.reported_at, h.ended_at, r.rated_at)) / 86400)::float8,
    round((r.skill + r.attitude + r.speed) / 3.0)::int, h.benefit_yuan::float8,
    coalesce(h.benefit_verified_at <= %(at)s, false),
    m.category, (extract(epoch FROM coalesce(f.verified_at, p.joined_at)) / 86400)::float8,
    CASE WHEN f.verified_at IS NOT NULL THEN 1.0 ELSE 0.0 END::float8
FROM matters_rating r JOIN matters_handling h ON h.id = r.handling_id JOIN matters_matter m ON m.id = h.matter_id
JOIN people_person p ON p.id = m.requester_id LEFT JOIN people_firm f ON f.id = m.firm_id
WHERE r.voided_at IS NULL AND r.rated_at <= %(at)s
ORDER BY h.id"""
# What honours no recognition carries has an id below nothing.
_HONOURS = """
SELECT id, pioneer_id, level, (extract(epoch FROM since) / 86400)::float8 FROM people_recognition
WHERE since <= %(at)s AND (suspended_at IS NULL OR suspended_at > %(at)s) AND (until IS NULL OR until > %(at)s)
UNION ALL
SELECT -id, pioneer_id, level, (extract(epoch FROM since) / 86400)::float8 FROM merit_honour
WHERE since <= %(at)s AND (until IS NULL OR until > %(at)s)
ORDER BY 1"""
_ACTIVITIES = """
SELECT id, kind, pioneer_id, (extract(epoch FROM at) / 86400)::float8 FROM merit_activity
WHERE at <= %(at)s AND (withdrawn_at IS NULL OR withdrawn_at > %(at)s) ORDER BY id"""
_PIONEERS = """
SELECT p.id, coalesce(d.helped, 0)::int FROM people_pioneer p LEFT JOIN
    (SELECT pioneer_id, count(*) AS helped FROM matters_handling WHERE outcome = 'done' GROUP BY pioneer_id) d
    ON d.pioneer_id = p.id
ORDER BY p.id"""
# Counts and sums of hashes: whatever is added, changed or taken away shows, in whatever order commits arrive.
_MOVED = """
SELECT md5(concat_ws('|',
    (SELECT count(*) || ':' || sum(hashint8extended(handling_id, skill * 100 + attitude * 10 + speed))
        FROM matters_rating WHERE voided_at IS NULL),
    (SELECT count(*) || ':' || sum(hashint8extended(id, CASE WHEN benefit_verified_at IS NULL THEN -1
        ELSE coalesce(benefit_yuan, 0) END)) FROM matters_handling WHERE outcome = 'done'),
    (SELECT count(*) || ':' || sum(hashtextextended(level, id)) FROM people_recognition
        WHERE suspended_at IS NULL AND (until IS NULL OR until > %(at)s)),
    (SELECT count(*) || ':' || sum(hashtextextended(level, id)) FROM merit_honour
        WHERE until IS NULL OR until > %(at)s),
    (SELECT count(*) || ':' || sum(id) FROM merit_activity WHERE withdrawn_at IS NULL),
    (SELECT count(*) || ':' || max(id) FROM people_pioneer),
    %(day)s::text, %(version)s::text))"""


# As the file contract names them: everybody is named by an activity that never comes.
_RATING_COLUMNS = (
    "order_id", "pioneer_id", "rater_id", "created", "finished", "stars", "benefit_yuan", "verified", "category",
    "rater_since", "rater_checked",
)  # fmt: skip
_ACTIVITY_COLUMNS = ("pioneer_id", "kind", "date")
_HONOUR_COLUMNS = ("pioneer_id", "level", "date")
_DUMPED_ACTIVITIES = f"""
SELECT pioneer_id, kind, date FROM ({_ACTIVITIES}) AS a (id, kind, pioneer_id, date)
UNION ALL SELECT id, 'achievement', 'infinity'::float8 FROM people_pioneer"""  # noqa: S608 - constants
_DUMPED_HONOURS = f"SELECT pioneer_id, level, date FROM ({_HONOURS}) AS h (id, pioneer_id, level, date)"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a run reads. `helped` counts what each pioneer of `pioneers` (by id) has done, rated or not.

    `recognitions` are the ids of `honours`, `shared` id and kind of `activities`, row by row.
    """

    ratings: Ratings
    honours: Honours
    recognitions: Ints
    activities: Activities
    shared: list[tuple[int, str]]
    pioneers: Ids
    helped: Ints

    @property
    def everybody(self) -> Activities:
        """The activities, and one that never comes for every pioneer: it adds nothing, and so all are scored."""
        named = np.concatenate([self.activities.pioneer, self.pioneers])
        return Activities.of(
            named, np.concatenate([self.activities.day, np.full(len(self.pioneers), np.inf)])
        )


def today(at: datetime) -> float:
    """Return the formula's day for an instant: the end of the city's day, in days since 1970.

    All runs of one day see orders equally old, so the same rows give the same index.
    """
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight.timestamp() / DAY_SECONDS


def moved(at: datetime, version: str) -> str:
    """Return a mark that changes when the index could: other rows, another day, another formula; one statement."""
    return str(_read(_MOVED, at=at, day=today(at), version=version)[0][0])


def read(at: datetime) -> Tables:
    """Read all tables as of `at`, with what was corrected since; four statements."""
    honoured = _columns(_read(_HONOURS, at=at), 4)
    shared = _columns(_read(_ACTIVITIES, at=at), 4)
    pioneers = _columns(_read(_PIONEERS), 2)
    return Tables(
        ratings=ratings(at),
        honours=Honours.of(np.array(honoured[1], np.int64), honoured[2], honoured[3]),
        recognitions=np.array(honoured[0], np.int64),
        activities=Activities.of(np.array(shared[2], np.int64), np.array(shared[3], float)),
        shared=list(zip(shared[0], shared[1], strict=True)),
        pioneers=np.array(pioneers[0], np.int64),
        helped=np.array(pioneers[1], np.int64),
    )


def ratings(at: datetime) -> Ratings:
    """Read every handling rated by `at`: stars as the nearest whole of the mean of three, wait from claim to report.

    A rating that staff have voided is not read, however long ago it was given.
    """
    column = _columns(_read(_RATINGS, at=at), 11)
    return Ratings.of(
        order=np.array(column[0], np.int64),
        pioneer=np.array(column[1], np.int64),
        rater=np.array(column[2], np.int64),
        created=column[3],
        finished=column[4],
        stars=column[5],
        benefit_yuan=np.array(column[6], float),
        verified=column[7],
        category=np.array(column[8], str),
        rater_since=column[9],
        rater_checked=column[10],
    )


def dump(folder: Path, at: datetime) -> None:
    """Write the tables as of `at` into a folder, as the file contract has them; days may have fractions there."""
    given = {"at": at}
    for name, columns, statement in (
        ("ratings", _RATING_COLUMNS, _RATINGS), ("activity", _ACTIVITY_COLUMNS, _DUMPED_ACTIVITIES),
        ("honours", _HONOUR_COLUMNS, _DUMPED_HONOURS),
    ):  # fmt: skip
        rows = ", ".join(columns)
        told = rows.replace("verified", "verified::int AS verified")
        copy = f"COPY (SELECT {told} FROM ({statement}) AS t ({rows})) TO STDOUT WITH (FORMAT csv, HEADER)"  # noqa: S608
        with (
            connection.cursor() as cursor,
            (folder / f"{name}.csv").open("wb") as file,
            cursor.copy(copy, given) as pipe,
        ):
            for part in pipe:
                file.write(part)


def _read(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _columns(rows: list[tuple[Any, ...]], count: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * count
