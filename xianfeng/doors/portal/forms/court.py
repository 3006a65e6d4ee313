"""What is typed about a case: who stands on which side, when to meet, and who gives whom how much by when."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from xianfeng.doors.portal.forms.asking import number
from xianfeng.doors.portal.forms.visit import instant
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Firm
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.operations.agreeing import Promise
from xianfeng.services.mediation.operations.opening import Named

_LINE = re.compile(r"(?P<name>.*?)[\s,，:：]*(?P<mobile>\+?[\d\s-]{7,})")
ROWS_LEAST, ROWS_MOST = 3, 40


def people(text: str, *, field: str) -> list[Named]:
    """Return who is named, a line each: a name with a mobile number, or a firm's. Raises Refused 'party-invalid'."""
    return [_one(line.strip(), field) for line in text.splitlines() if line.strip()]


def _one(line: str, field: str) -> Named:
    if found := _LINE.fullmatch(line):
        return Named(found["name"].strip() or line, found["mobile"])
    firm = Firm.objects.filter(name=line, verified_at__isnull=False).values_list("id", flat=True).first()
    if firm is None:
        raise Refused("party-invalid", field=field)
    return Named(line, firm_id=firm)


def rows(typed: Mapping[str, str], least: int) -> int:
    """Return how many lines of duties a form has."""
    return min(max(number(typed.get("rows", "")) or 0, least, ROWS_LEAST), ROWS_MOST)


def promises(typed: Mapping[str, str], count: int) -> list[Promise]:
    """Return the lines of duties that were filled in. Raises Refused 'duty-invalid', 'amount-invalid'."""
    return [_promise(typed, at) for at in range(count) if typed.get(f"amount-{at}", "").strip()]


def _promise(typed: Mapping[str, str], at: int) -> Promise:
    payer, receiver = number(typed.get(f"payer-{at}", "")), number(typed.get(f"receiver-{at}", ""))
    try:
        day = date.fromisoformat(typed.get(f"day-{at}", ""))
    except ValueError as error:
        raise Refused("duty-invalid", field="duties") from error
    if payer is None or receiver is None:
        raise Refused("duty-invalid", field="duties")
    return Promise(payer, receiver, numbers.fen(typed[f"amount-{at}"], field="duties"), day)


def starts_at(typed: Mapping[str, str]) -> datetime:
    """Return when a date or a lecture begins. Raises Refused 'time-missing'."""
    return instant(typed.get("day", ""), typed.get("hour", ""), field="starts_at")
