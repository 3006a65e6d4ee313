"""Days and times as typed, in the city's own time zone."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused


def instant(day: str, hour: str, *, field: str) -> datetime:
    """Return the instant of a day (2026-05-01) and a time (14:30). Raises Refused 'time-missing'."""
    try:
        return datetime.combine(
            date.fromisoformat(day), time.fromisoformat(hour), tzinfo=ZoneInfo(settings.TIME_ZONE)
        )
    except ValueError as error:
        raise Refused("time-missing", field=field) from error


def ahead(at: datetime, *, field: str) -> datetime:
    """Return `at` if it is still to come. Raises Refused 'time-past'."""
    if at <= clock.now():
        raise Refused("time-past", field=field)
    return at


def visit_at(typed: Mapping[str, str]) -> datetime:
    """Return when a team comes. Raises Refused 'time-missing' or 'time-past'."""
    return ahead(instant(typed.get("day", ""), typed.get("hour", ""), field="day"), field="day")
