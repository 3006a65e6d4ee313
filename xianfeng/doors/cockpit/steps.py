"""The private half of counting; needs an open transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from xianfeng.doors.cockpit import columns, statements, successors
from xianfeng.foundation.kernel import clock

_LOCK = 0x636F636B  # whoever counts, counts alone


@dataclass(frozen=True)
class Counted:
    """What a count moved: its number in the row of counts, and the areas (city to town) whose figures moved."""

    sequence: int
    areas: list[int]


def today(at: datetime | None = None) -> Any:
    """Return the day it is in the city."""
    return (at or clock.now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def given() -> dict[str, Any]:
    """Return what every statement of counting asks for."""
    now = successors.moved()
    return {
        "zone": settings.TIME_ZONE, "bounds": columns.bounds(), "was": list(now), "now": list(now.values()),
    }  # fmt: skip


def alone() -> None:
    """Wait until nobody else counts; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def count(matter_ids: Collection[int], *, events: int) -> Counted:
    """Count matters anew as they stand, and move the sums by the difference: the same again moves nothing."""
    alone()
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [at, events])
        sequence = int(cursor.fetchone()[0])
        more = {"ids": sorted(set(matter_ids)), "at": at, "today": today(at), "sequence": sequence}
        cursor.execute(statements.APPLY, given() | more)
        return Counted(sequence, sorted(row[0] for row in cursor.fetchall()))


_NEXT = """
INSERT INTO cockpit_tally AS t (id, sequence, at, events, area_version, bounds) VALUES (1, 1, %s, %s, -1, '{}')
ON CONFLICT (id) DO UPDATE SET sequence = t.sequence + 1, at = excluded.at, events = t.events + excluded.events
RETURNING sequence"""
