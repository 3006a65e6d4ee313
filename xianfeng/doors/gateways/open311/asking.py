"""What a program asks: parameters read one by one, an empty one as none, each fault told in the protocol's way."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Refusal, Refused

DECIMAL = re.compile(r"[+-]?(\d{1,9}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII | re.IGNORECASE
)
_LOST_PLUS = re.compile(r"(T[\d:.,]+) (\d\d:?\d\d)$", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FIRST, LAST = (
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2200, 1, 1, tzinfo=UTC),
)  # sums stay within the calendar
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\d*\])?")


class Faults(Exception):
    """Several things are wrong at once."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__(", ".join(one.code for one in refusals))


def at_fault(code: str, name: str, **params: object) -> Refused:
    """Return the refusal of the parameter `name`, whose sentence names it."""
    told = {"field": name, **params}
    return Refused(Refusal(code, name, told))


class Given:
    """The parameters of one request, the body's before the query's."""

    def __init__(self, *sources: QueryDict) -> None:
        self._sources = sources

    def text(self, name: str) -> str:
        """Return a parameter, trimmed; '' where it is empty or absent."""
        return next((value for source in self._sources if (value := source.get(name, "").strip())), "")

    def raw(self, name: str) -> str:
        """Return a parameter as it came; '' where there is none."""
        return next((value for source in self._sources if (value := source.get(name, ""))), "")

    def several(self, name: str) -> list[str] | None:
        """Return the parts of a comma list, None where nothing was asked."""
        given = [value for source in self._sources for value in source.getlist(name) if value.strip()]
        parts = [part.strip() for value in given for part in value.split(",")]
        return list(dict.fromkeys(part for part in parts if part)) if given else None

    def attributes(self) -> Mapping[str, list[str]]:
        """Return the values of attribute[code]=v and attribute[code][]=v, by code."""
        found: dict[str, list[str]] = {}
        for source in self._sources:
            for name, values in source.lists():
                if match := _ATTRIBUTE.fullmatch(name):
                    found.setdefault(match[1], []).extend(str(value) for value in values)
        return found

    def short(self, name: str, most: int) -> str:
        """Return a parameter of at most `most` characters. Raises Refused 'open311-field-long'."""
        value = self.text(name)
        if len(value) > most:
            raise at_fault("open311-field-long", name, most=most)
        return value

    def address(self, name: str) -> str:
        """Return a web address. Raises Refused 'open311-url', 'open311-field-long'."""
        value = self.short(name, limits()["url_length"])
        if value and not re.fullmatch(r"https?://[^\s<>\"'`\x00-\x1f]+", value, re.IGNORECASE):
            raise at_fault("open311-url", name)
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number. Raises Refused 'open311-number'."""
        value = self.text(name)
        if value and not (_WHOLE.fullmatch(value) and least <= int(value) <= most):
            raise at_fault("open311-number", name, least=least, most=most)
        return int(value) if value else None

    def point(self) -> tuple[float, float] | None:
        """Return lat and long in WGS-84 degrees. Raises Refused 'open311-coordinates'."""
        lat, long = self.text("lat"), self.text("long")
        if not lat and not long:
            return None
        return _degrees(lat, 90.0, "lat"), _degrees(long, 180.0, "long")

    def moment(self, name: str, *, last: bool = False) -> datetime | None:
        """Return an instant; a bare date is the beginning of its day in the city, the end of it where `last`.

        Raises Refused 'open311-date'.
        """
        value = _LOST_PLUS.sub(r"\1+\2", self.text(name))  # a plus that was not escaped comes as a space
        if not value:
            return None
        try:
            return _instant(value.upper().replace(",", "."), last=last)
        except (ValueError, OverflowError):
            raise at_fault("open311-date", name) from None


def _degrees(value: str, most: float, field: str) -> float:
    degrees = float(value) if DECIMAL.fullmatch(value) else math.nan
    if not abs(degrees) <= most:
        raise Refused("open311-coordinates", field=field)
    return degrees


def _instant(value: str, *, last: bool) -> datetime:
    if not _DATE.fullmatch(value):
        raise ValueError(value)
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if last and _bare(value):
        at += DAY - SECOND
    return min(max(at, FIRST), LAST).astimezone(UTC)


def limits() -> Mapping[str, int]:
    """Return the numbers of catalogue/open311.toml."""
    found: Mapping[str, int] = catalogue.load("open311")["limits"]
    return found


def window(given: Given, *, always: bool) -> tuple[datetime | None, datetime | None]:
    """Return start_date and end_date, both included; what is not said is as far away as is allowed.

    Without either it is the last days up to now where `always`, else (None, None). Raises Refused 'open311-window'.
    """
    most = timedelta(days=limits()["window_days"])
    start, end = given.moment("start_date"), given.moment("end_date", last=True)
    if start is None and end is None:
        return (clock.now() - most, None) if always else (None, None)
    start = start if start is not None else _shifted(end, -most)
    end = end if end is not None else _shifted(start, most)
    spare = DAY - SECOND if _bare(given.text("end_date")) else timedelta()
    if start and end and not start <= end <= start + most + spare:
        raise Refused("open311-window", field="end_date", days=most.days)
    return start, end


def _bare(value: str) -> bool:
    return len(value) == len("2026-05-01")


def _shifted(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at else None
