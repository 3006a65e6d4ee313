"""Office hours as a feed of RFC 5545, read back as a calendar reads it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.conf import settings

from tests.cast import Cast
from tests.services.studios.keeping import codes, keeper, later, studio
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.services.studios import calendars, queries
from xianfeng.services.studios.models import Hours, Studio
from xianfeng.services.studios.operations import keeping
from xianfeng.services.studios.operations.keeping import Sitting

ZONE = ZoneInfo(settings.TIME_ZONE)


def start() -> datetime:
    """Return nine o'clock of a day to come."""
    return (clock.now().astimezone(ZONE) + timedelta(days=2)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )


def weekly(row: Studio, place: str = "社区二楼，靠窗; 东侧") -> Hours:
    """Return weekly hours of a studio over four weeks."""
    given = Sitting(start(), 120, place, weekly=True, until=start().date() + timedelta(weeks=3))
    return keeping.set_hours(row.pk, given, by=keeper(row))


def read(row: Studio) -> tuple[bytes, list[Any]]:
    """Return the feed, and its events as a calendar reads them."""
    raw = calendars.feed(row, queries.hours_of(row), host="city.example")
    return raw, list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))


def test_weekly_hours_are_one_event_that_comes_again_without_the_day_called_off(cast: Cast) -> None:
    row = studio(cast)
    hours = weekly(row)
    keeping.drop_hours(hours.pk, by=keeper(row), day=start().date() + timedelta(weeks=1))
    keeping.drop_hours(hours.pk, by=keeper(row), day=start().date() + timedelta(weeks=1))
    raw, (event,) = read(row)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start(), start() + timedelta(hours=2))
    assert event["rrule"]["FREQ"] == ["WEEKLY"]
    assert f"EXDATE;TZID={settings.TIME_ZONE}:{start() + timedelta(weeks=1):%Y%m%dT%H%M%S}" in raw.decode()
    assert (str(event["location"]), event["sequence"]) == ("社区二楼，靠窗; 东侧", 1)
    assert b"BEGIN:VTIMEZONE" in raw
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert [one.date() for one, _ in calendars.coming(queries.hours_of(row), clock.now())] == [
        start().date() + timedelta(weeks=n) for n in (0, 2, 3)
    ]
    assert codes("studio", row.pk) == ["studio.opened", "studio.hours-set", "studio.hours-changed"]


def test_the_feed_is_the_same_bytes_each_time_and_hours_taken_back_stand_as_cancelled(cast: Cast) -> None:
    row = studio(cast)
    hours = weekly(row)
    before, (event,) = read(row)
    with later(hours=1):
        assert read(row)[0] == before
        keeping.drop_hours(hours.pk, by=keeper(row))
        _, (gone,) = read(row)
    assert (str(gone["status"]), gone["sequence"], str(gone["uid"])) == ("CANCELLED", 1, str(event["uid"]))
    assert calendars.coming(queries.hours_of(row), clock.now()) == []


def test_hours_in_the_past_too_long_or_endless_are_refused(cast: Cast) -> None:
    row = studio(cast)
    for given in (
        Sitting(clock.now() - timedelta(hours=1), 60, "窗口"),
        Sitting(start(), 0, "窗口"),
        Sitting(start(), 721, "窗口"),
        Sitting(start(), 60, "窗口", weekly=True),
        Sitting(start(), 60, "窗口", weekly=True, until=start().date() + timedelta(weeks=53)),
    ):
        with pytest.raises(Refused) as caught:
            keeping.set_hours(row.pk, given, by=keeper(row))
        assert caught.value.refusal.code == "hours-invalid"
    with pytest.raises(Missing):
        keeping.set_hours(row.pk, Sitting(start(), 60, "窗口"), by=cast.city_staff)
    assert not Hours.objects.exists()


def test_a_day_without_hours_cannot_be_called_off(cast: Cast) -> None:
    row = studio(cast)
    hours = weekly(row)
    with pytest.raises(Refused) as caught:
        keeping.drop_hours(hours.pk, by=keeper(row), day=start().date() + timedelta(days=1))
    assert caught.value.refusal.code == "hours-day"
