"""Counting from the beginning, and proving that what is kept equals it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from xianfeng.doors.cockpit import columns, statements, steps
from xianfeng.doors.cockpit.models import Fact, Tally
from xianfeng.doors.cockpit.statements import CELL, FACT, SPOT
from xianfeng.foundation.kernel import clock

CHUNK = 2_000
_SHOWN = 20


@dataclass(frozen=True)
class Findings:
    """What differs: matters whose fact is not what the engine and the record say, sums and spots that are not those
    of the facts; how many matters were left out because an event about them is on its way.
    """

    facts: int
    rollups: int
    spots: int
    waiting: int
    matters: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether all is as it was counted anew."""
        return not (self.facts or self.rollups or self.spots)


def rebuild() -> int:
    """Count everything anew; return how many matters. Readers read on; events wait until it is done."""
    with transaction.atomic(durable=True):
        steps.alone()
        with connection.cursor() as cursor:
            _facts_anew(cursor)
        _sums_anew()
        _built()
        return Fact.objects.count()


def check() -> Findings:
    """Hold what is kept against a recount. Matters an event is on its way for are left out of it."""
    with transaction.atomic(durable=True):
        steps.alone()
        return _findings()


def repair() -> Findings:
    """Put right what `check` finds, and return what it found. Corrections say what changed of days that are over."""
    with transaction.atomic(durable=True):
        steps.alone()
        found = _findings(whole=True)
        for start in range(0, len(found.matters), CHUNK):
            steps.count(found.matters[start : start + CHUNK], events=0)
        if found.rollups or found.spots:
            _sums_anew()
        return found


def follow_areas() -> int:
    """Count anew what lies in areas that stand elsewhere in the tree now; return how many matters. Chunk by chunk."""
    moved = 0
    while ids := _strayed():
        with transaction.atomic(durable=True):
            steps.count(ids, events=0)
        moved += len(ids)
    return moved


def _strayed() -> list[int]:
    given = steps.given() | {"most": CHUNK}
    with connection.cursor() as cursor:
        cursor.execute(_STRAYED, given)
        return [row[0] for row in cursor.fetchall()]


_STRAYED = """SELECT f.matter_id FROM cockpit_fact f
LEFT JOIN unnest(%(was)s::bigint[], %(now)s::bigint[]) AS moved(was, now) ON moved.was = f.area_id
JOIN places_area a ON a.id = coalesce(moved.now, f.area_id) WHERE f.path <> a.path LIMIT %(most)s"""


def _built() -> None:
    at = clock.now()
    Tally.objects.update_or_create(
        id=1, defaults={"built_at": at, "at": at, "bounds": columns.bounds()}, create_defaults={
            "built_at": at, "at": at, "bounds": columns.bounds(), "sequence": 1,
        },
    )  # fmt: skip


def _facts_anew(cursor: Any) -> None:
    cursor.execute("DELETE FROM cockpit_fact")
    cursor.execute(_ALL_FACTS, steps.given())


_WHOLE_FACT = ", ".join(FACT)
_ALL_FACTS = f"""
INSERT INTO cockpit_fact ({_WHOLE_FACT}) SELECT {_WHOLE_FACT} FROM ({statements.counted(only=False)}) x"""  # noqa: S608
_FROM_FACTS = "(SELECT 1 AS sign, x.* FROM cockpit_fact x)"


def _expected(cursor: Any) -> None:
    """Put what the facts come to into temporary tables."""
    given = steps.given()
    cursor.execute("DROP TABLE IF EXISTS expected_rollup, expected_spot, expected_base")
    cursor.execute(
        f"CREATE TEMP TABLE expected_base ON COMMIT DROP AS {statements.marked(_FROM_FACTS)}", given
    )
    cursor.execute(
        f"CREATE TEMP TABLE expected_rollup ON COMMIT DROP AS {statements.summed('expected_base')}", given
    )
    cursor.execute(
        f"CREATE TEMP TABLE expected_spot ON COMMIT DROP AS {statements.spotted(_FROM_FACTS)}", given
    )
    cursor.execute("ANALYZE expected_rollup, expected_spot")


def _differing(table: str, expected: str, key: tuple[str, ...], counted: tuple[str, ...]) -> str:
    """Return the keys whose amounts differ; a row that is nil says the same as none."""
    same = " AND ".join(f"k.{name} = e.{name}" for name in key)
    names = ", ".join(f"coalesce(k.{name}, e.{name}) AS {name}" for name in key)
    differ = " OR ".join(f"coalesce(k.{name}, 0) <> coalesce(e.{name}, 0)" for name in counted)
    return f"SELECT {names} FROM {table} k FULL JOIN {expected} e ON {same} WHERE {differ}"  # noqa: S608 - constants


def _findings(*, whole: bool = False) -> Findings:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING_FACTS, steps.given())
        matters = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT count(*) FROM ({_PENDING}) p")  # noqa: S608 - constants
        waiting = int(cursor.fetchone()[0])
        _expected(cursor)
        cursor.execute(f"SELECT count(*) FROM ({_ROLLUPS}) d")  # noqa: S608 - constants
        rollups = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT count(*) FROM ({_SPOTS}) d")  # noqa: S608 - constants
        spots = int(cursor.fetchone()[0])
    return Findings(len(matters), rollups, spots, waiting, matters if whole else matters[:_SHOWN])


_ROLLUPS = _differing("cockpit_rollup", "expected_rollup", CELL, columns.COUNTED)
_SPOTS = _differing(
    "(SELECT *, coalesce(month, DATE '0001-01-01') AS mon FROM cockpit_spot)",
    "(SELECT *, coalesce(month, DATE '0001-01-01') AS mon FROM expected_spot)",
    ("cell", "area_id", "mon"), SPOT,
)  # fmt: skip
_PENDING = """
SELECT subject_id FROM record_outbox WHERE NOT dispatched AND subject_kind = 'matter'
UNION SELECT o.subject_id FROM record_delivery d JOIN record_outbox o ON o.id = d.outbox_id
    WHERE d.consumer = 'cockpit.count' AND d.done_at IS NULL"""
_OLD, _NEW = (", ".join(f"{side}.{name}" for name in FACT[1:]) for side in "ke")
_DIFFERING_FACTS = f"""
SELECT matter_id FROM (
    SELECT coalesce(k.matter_id, e.matter_id) AS matter_id
    FROM (SELECT {_WHOLE_FACT} FROM cockpit_fact) k FULL JOIN ({statements.counted(only=False)}) e USING (matter_id)
    WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
) d WHERE matter_id NOT IN ({_PENDING}) ORDER BY 1"""  # noqa: S608 - constants


def _sums_anew() -> None:
    """Write what differs from the facts' sums; rows that are right stay untouched."""
    with connection.cursor() as cursor:
        _expected(cursor)
        cursor.execute(_written("cockpit_rollup", "expected_rollup", _ROLLUPS, CELL, columns.COUNTED))
        cursor.execute("DELETE FROM cockpit_spot")
        names = ", ".join(("area_id", "cell", "month", *SPOT))
        cursor.execute(f"INSERT INTO cockpit_spot ({names}) SELECT {names} FROM expected_spot")  # noqa: S608


def _written(
    table: str, expected: str, differing: str, key: tuple[str, ...], counted: tuple[str, ...]
) -> str:
    names, amounts = ", ".join(key), ", ".join(counted)
    sets = ", ".join(f"{name} = excluded.{name}" for name in counted)
    amount = ", ".join(f"coalesce(e.{name}, 0)" for name in counted)
    chosen = ", ".join(f"d.{name}" for name in key)
    return f"""
INSERT INTO {table} ({names}, {amounts})
SELECT {chosen}, {amount} FROM ({differing}) d LEFT JOIN {expected} e USING ({names})
ON CONFLICT ({names}) DO UPDATE SET {sets}"""  # noqa: S608 - constants
