"""What stands in one cell of an office's list: names, numbers, days, several people at once."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.tables.faults import Reason, Unfit
from xianfeng.foundation.people import mobiles

_SEVERAL = re.compile(r"[、，,;；/\n|]+")
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_MOBILE = re.compile(r"((?:(?:\+|00)?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
_BETWEEN_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?\s*[日月]?(?:\s.*)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119, as Excel counts days
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Member:
    """One who belongs to a collective; `mobile` is '' where the list has none."""

    name: str
    mobile: str


def plain(text: str) -> str:
    """Return a cell with full-width letters and digits made usual ones, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def line(text: str, column: str, limit: int, *, required: bool = True) -> str:
    """Return a cell as one clean line. Raises Unfit: missing, too long."""
    return _kept(text, column, limit, required=required, one_line=True)


def words(text: str, column: str, limit: int) -> str:
    """Return a cell as clean words, lines kept. Raises Unfit: too long."""
    return _kept(text, column, limit, required=False, one_line=False)


def _kept(text: str, column: str, limit: int, *, required: bool, one_line: bool) -> str:
    clean = texts.clean_line if one_line else texts.clean_text
    try:
        return clean(text, field=column, limit=limit, required=required)
    except Refused as refused:
        if refused.refusal.code == "text-missing":
            raise Unfit(column, Reason("blank")) from None
        length = refused.refusal.params.get("length")
        raise Unfit(column, Reason("too-long", length=length, limit=limit)) from None


def name(text: str, column: str, limit: int, *, one: bool) -> str:
    """Return a name without the blanks that fill it up (张　三). Raises Unfit for several where `one` is asked."""
    if one and len(several(text)) > 1:
        raise Unfit(column, Reason("several-names", n=len(several(text))))
    return _BETWEEN_HAN.sub("", line(text, column, limit))


def several(text: str) -> list[str]:
    """Return what stands in a cell with several things, blanks and marks between them left out."""
    parts = (_BETWEEN_HAN.sub("", " ".join(part.split())) for part in _SEVERAL.split(plain(text)))
    return [part for part in parts if part]


def mobile(text: str, column: str) -> str:
    """Return a mobile number in its plain form. Raises Unfit: blank, several, rounded by Excel, none."""
    whole = plain(text)
    if not whole:
        raise Unfit(column, Reason("blank"))
    if _ROUNDED.fullmatch(whole):
        raise Unfit(column, Reason("rounded", text=whole))
    try:
        return mobiles.normal(whole)
    except Refused:
        found = len(_MOBILE.findall(whole))
        told = Reason("several-numbers", n=found) if found > 1 else Reason("no-mobile", text=whole[:30])
        raise Unfit(column, told) from None


def members(text: str, numbers: str) -> list[Member]:
    """Return the members in a cell: names with their numbers behind them, or numbers in a column of their own.

    Raises Unfit when both columns name a different count.
    """
    if numbers.strip():
        named, found = several(text), [mobile(one, "member_mobiles") for one in several(numbers)]
        if len(named) != len(found):
            raise Unfit("member_mobiles", Reason("counts-differ", numbers=len(found), names=len(named)))
        return [Member(who, number) for who, number in zip(named, found, strict=True)]
    parts = _MOBILE.split(plain(text))
    told: list[Member] = []
    for at in range(0, len(parts), 2):
        people = [
            one for part in several(parts[at]) if (one := part.strip(" :：()（）-")) and not one.isdigit()
        ]
        if at + 1 < len(parts) and people:
            told += [Member(one, "") for one in people[:-1]]
            told.append(Member(people[-1], mobile(parts[at + 1], "members")))
        else:
            told += [Member(one, "") for one in people]
    return told


def day(text: str, column: str, now: datetime) -> datetime | None:
    """Return the instant at which a written day begins in the city; None for a blank cell. Raises Unfit."""
    whole = plain(text)
    if not whole:
        return None
    found = _day(whole)
    if found is None:
        raise Unfit(column, Reason("no-day", text=whole[:30]))
    at = datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
    if at > now:
        raise Unfit(column, Reason("future", text=whole[:30]))
    return at


def _day(whole: str) -> date | None:
    if whole.isdigit() and int(whole) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(whole))
    match = _EIGHT.fullmatch(whole) or _DAY.fullmatch(whole)
    if match is None:
        return None
    year, month, on = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, on) if year >= 1949 else None
    except ValueError:
        return None


def degrees(lat: str, lon: str) -> tuple[float, float] | None:
    """Return a point in WGS-84, None where both cells are blank. Raises Unfit for one alone, or for none on earth."""
    if not (lat or lon):
        return None
    try:
        point = float(plain(lat)), float(plain(lon))
    except ValueError:
        raise Unfit("lat", Reason("degrees-both")) from None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise Unfit("lat", Reason("no-coordinates", lat=lat, lon=lon))
    return point
