"""Clocks of limits: minutes, hours and days as they pass, working hours, and workdays of the announced calendar.

A limit is written '15 minutes', '4 work-hours', '3 workdays', '30 days'. A workday is the sum of a day's working hours:
what is handed over on Monday at ten with three workdays is due on Thursday at ten. So every clock can be stopped and
resumed: what is left is seconds of that clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]
from django.conf import settings

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

_PASSING = {"minutes": 60, "hours": 3_600, "days": 86_400}
WORKING = ("work-hours", "workdays")
UNITS = (*_PASSING, *WORKING)
_WRITTEN = re.compile(rf"([1-9][0-9]{{0,4}}) ({'|'.join(UNITS)})")
_MOST_DAYS = 1_100  # beyond three years something is wrong with the limit, not with the calendar


@dataclass(frozen=True)
class Span:
    """So much time of one clock. `working`: only working hours of workdays count."""

    seconds: int
    working: bool

    def after(self, at: datetime) -> datetime:
        """Return when the span has passed that begins at `at`. Raises Refused 'calendar-year-unknown'."""
        if self.working:
            return _work_after(self.seconds, at)
        return at + timedelta(seconds=self.seconds)


def read(text: str) -> Span:
    """Return the span written as '3 workdays'. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no limit; write a number and one of {', '.join(UNITS)}")
    count, unit = int(found[1]), found[2]
    if unit in _PASSING:
        return Span(count * _PASSING[unit], working=False)
    return Span(count * (3_600 if unit == "work-hours" else day_seconds()), working=True)


def between(start: datetime, end: datetime, *, working: bool) -> int:
    """Return how many seconds of a clock pass from `start` to `end`; none where `end` is earlier.

    Raises Refused 'calendar-year-unknown'.
    """
    if end <= start:
        return 0
    if not working:
        return int((end - start).total_seconds())
    passed = timedelta()
    for begins, ends in _hours(start):
        if begins >= end:
            break
        passed += max(timedelta(), min(ends, end) - max(begins, start))
    return int(passed.total_seconds())


def _work_after(seconds: int, at: datetime) -> datetime:
    left = timedelta(seconds=seconds)
    for begins, ends in _hours(at):
        start = max(begins, at)
        if ends <= start:
            continue
        if left <= ends - start:
            return start + left
        left -= ends - start
    raise ValueError(f"{seconds} seconds of work do not pass within {_MOST_DAYS} days")


def _hours(at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of working time from the day of `at` on."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = at.astimezone(zone).date()
    for turn in range(_MOST_DAYS):
        day = first + timedelta(days=turn)
        if is_workday(day):
            for begins, ends in _of_a_day():
                yield (
                    datetime.combine(day, begins, zone).astimezone(UTC),
                    datetime.combine(day, ends, zone).astimezone(UTC),
                )


def is_workday(day: date) -> bool:
    """Tell whether a day is worked, by the announced calendar. Raises Refused 'calendar-year-unknown' past it."""
    own = _own_days()
    if day in own:
        return own[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise Refused("calendar-year-unknown", year=day.year) from None


@cache
def _own_days() -> dict[date, bool]:
    return {date.fromisoformat(day): bool(worked) for day, worked in catalogue.load("clocks")["days"].items()}


@cache
def _of_a_day() -> tuple[tuple[time, time], ...]:
    return tuple(
        (time.fromisoformat(begins), time.fromisoformat(ends))
        for begins, ends in catalogue.load("clocks")["hours"]
    )


@cache
def day_seconds() -> int:
    """Return the working seconds of a workday."""
    return sum(
        (ends.hour - begins.hour) * 3_600 + (ends.minute - begins.minute) * 60 for begins, ends in _of_a_day()
    )
