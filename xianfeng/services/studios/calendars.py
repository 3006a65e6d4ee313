"""Office hours as a feed that calendars subscribe to (RFC 5545, RFC 7986): the same hours, the same ids, every time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import timezone

from xianfeng.services.studios.models import Hours, Studio

PRODUCT = "-//Xianfeng//Office hours//EN"
REFRESH = timedelta(hours=6)


def feed(studio: Studio, rows: list[Hours], *, host: str) -> bytes:
    """Return the office hours of a studio as text/calendar; `host` makes the ids of this house's events unique.

    Hours called off stay in the feed as cancelled, so that a calendar which has them takes them out.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", studio.name)
    calendar.add("x-wr-calname", studio.name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows:
        calendar.add_component(_event(studio, row, host))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(studio: Studio, row: Hours, host: str) -> icalendar.Event:
    event, start = icalendar.Event(), timezone.localtime(row.starts_at, ZoneInfo(settings.TIME_ZONE))
    event.add("uid", f"hours-{row.pk}@{host}")
    event.add("summary", studio.name)
    event.add("location", row.place)
    event.add("dtstamp", row.changed_at.astimezone(UTC))
    event.add("last-modified", row.changed_at.astimezone(UTC))
    event.add("sequence", row.sequence)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=row.minutes))
    event.add("status", "CANCELLED" if row.withdrawn_at else "CONFIRMED")
    if row.weekly and row.until:
        last = datetime.combine(row.until, time.max, start.tzinfo).replace(microsecond=0)
        event.add("rrule", {"freq": "weekly", "until": last.astimezone(UTC)})
        for day in row.off:
            event.add("exdate", datetime.combine(day, start.timetz()))
    elif row.off:
        event["status"] = icalendar.vText("CANCELLED")
    return event


def coming(rows: list[Hours], now: datetime, *, days: int = 28) -> list[tuple[datetime, Hours]]:
    """Return when somebody is there within the next `days`, the soonest first."""
    until = now + timedelta(days=days)
    found = [(start, row) for row in rows if row.withdrawn_at is None for start in _starts(row, until)]
    return sorted(
        [one for one in found if one[0] + timedelta(minutes=one[1].minutes) > now], key=lambda one: one[0]
    )


def _starts(row: Hours, until: datetime) -> list[datetime]:
    """Return every beginning up to `until`; weekly ones keep the hour of the city's clock."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start, found = timezone.localtime(row.starts_at, zone), []
    last = row.until if row.weekly and row.until else start.date()
    while start.date() <= last and start <= until:
        if start.date() not in row.off:
            found.append(start)
        start = datetime.combine(start.date() + timedelta(days=7), start.time(), zone)
    return found
