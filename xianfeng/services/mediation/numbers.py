"""Mediation's numbers from the catalogue, and money in words and back."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

_YUAN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?")


def of(section: str) -> dict[str, Any]:
    """Return a section of catalogue/mediation.toml."""
    found: dict[str, Any] = catalogue.load("mediation")[section]
    return found


def services() -> tuple[str, ...]:
    """Return the services whose matters are cases."""
    return tuple(catalogue.load("mediation")["services"])


def roles() -> tuple[str, ...]:
    """Return the roles of posts that lead a case, in the order in which they are asked."""
    return tuple(catalogue.load("mediation")["roles"])


def minutes(kind: str, state: str) -> timedelta:
    """Return the limit of a state."""
    return timedelta(minutes=of("limits_minutes")[f"{kind}_{state}"])


def fen(text: str, *, field: str) -> int:
    """Return yuan as people write them (21,360.50) in fen. Raises Refused 'amount-invalid'."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("元").strip()
    found = _YUAN.fullmatch(plain)
    if not found:
        raise Refused("amount-invalid", field=field)
    yuan, rest = found.groups()
    return int(yuan.replace(",", "")) * 100 + int((rest or "0").ljust(2, "0"))


def yuan(amount_fen: int) -> str:
    """Return fen as yuan, without what is no fen: 21,360, 21,360.50."""
    whole, rest = divmod(amount_fen, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def end_of(day: date) -> datetime:
    """Return the instant at which a day is over where the city is."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def today(at: datetime) -> date:
    """Return the city's day of an instant."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
