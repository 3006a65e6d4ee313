"""What is typed when somebody asks: words, when, where, and whom they book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xianfeng.doors.portal.forms.visit import ahead, instant
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.places import queries as places
from xianfeng.matters.operations.raising import Need


@dataclass(frozen=True)
class Booking:
    """Whom a booking goes to: a pioneer, or an offer of the menu."""

    pioneer_id: int | None = None
    offer_id: int | None = None


Times = tuple[str, datetime | None, datetime | None]


def need(
    typed: Mapping[str, str], photos: Sequence[str], booking: Booking | None, *,
    service: str, answers: Mapping[str, Sequence[str]],
) -> Need:  # fmt: skip
    """Return the need as typed. Raises Refused naming the field at fault."""
    lat, lon, datum = point(typed)
    wanted, start, until = _window(typed) if booking else _wanted(typed)
    return Need(
        title=typed.get("title", ""), text=typed.get("text", ""), category=typed.get("category", ""),
        lat=lat, lon=lon, datum=datum, address=typed.get("address", ""), wanted=wanted, wanted_from=start,
        wanted_until=until, firm_id=number(typed.get("firm", "")), photos=photos,
        service=service, answers=answers,
        pioneer_id=booking.pioneer_id if booking else None, offer_id=booking.offer_id if booking else None,
    )  # fmt: skip


def number(text: str) -> int | None:
    """Return a row's number as it came in an address or a form; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def point(typed: Mapping[str, str]) -> tuple[float, float, str]:
    """Return the pin or position, if it belongs to the area that is chosen; the area's own point otherwise."""
    area = typed.get("area", "")
    if typed.get("lat") and typed.get("lon") and typed.get("point_area", "") == area:
        try:
            return float(typed["lat"]), float(typed["lon"]), typed.get("datum", "wgs84")
        except ValueError as error:
            raise Refused("coordinates-invalid", field="area") from error
    try:
        found = places.by_code(area)
    except Missing:
        raise Refused("area-unknown", field="area") from None
    if found.lat is None or found.lon is None:
        raise Refused("area-unknown", field="area")
    return found.lat, found.lon, "wgs84"


def _wanted(typed: Mapping[str, str]) -> Times:
    wanted = typed.get("wanted") or "days"
    if wanted != "date":
        return wanted, None, None
    until = instant(typed.get("day", ""), "23:59", field="day")
    return wanted, None, ahead(until, field="day")


def _window(typed: Mapping[str, str]) -> Times:
    """Return the window of a booking: one of those offered, or a day with two times."""
    chosen = typed.get("window", "")
    if chosen and chosen != "other":
        day, _, hours = chosen.partition("T")
        start_hour, _, end_hour = hours.partition("/")
    else:
        day, start_hour, end_hour = (typed.get(name, "") for name in ("day", "hour", "hour_until"))
    field = "day" if chosen == "other" else "window"
    start, until = instant(day, start_hour, field=field), instant(day, end_hour, field=field)
    if until <= start:
        raise Refused("time-missing", field=field)
    ahead(until, field=field)
    return "date", start, until
