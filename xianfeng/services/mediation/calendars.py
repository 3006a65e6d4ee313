"""Hearings as iCalendar (RFC 5545), for the calendar on a phone: when and where, and no word of what it is about."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import clock, signing
from xianfeng.foundation.people.models import Person
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Hearing

PURPOSE = "court-calendar"
TICKET_DAYS = 400
_LINE = 75  # octets of a content line, RFC 5545 section 3.1


def ticket(person: Person) -> str:
    """Return the signed ticket in the address of a person's own calendar: its program can send no cookie."""
    return signing.ticket(PURPOSE, person.pk)


def owner(signed: str) -> int | None:
    """Return whose calendar a ticket opens, None for one that is forged or too old."""
    found = signing.read_ticket(PURPOSE, signed, seconds=TICKET_DAYS * 86_400)
    return found if isinstance(found, int) else None


def calendar(hearings: Iterable[Hearing], *, host: str) -> bytes:
    """Return dates as one calendar; `host` makes their names unique. A date that was called off says so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xianfeng//mediation//ZH", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(_('调解日程'))}"]  # fmt: skip
    for hearing in hearings:
        lines += _event(hearing, host)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _event(hearing: Hearing, host: str) -> Iterator[str]:
    ends_at = hearing.starts_at + timedelta(minutes=hearing.minutes)
    minutes = numbers.of("hearing")["remind_minutes"]
    yield from ("BEGIN:VEVENT", f"UID:hearing-{hearing.pk}@{host}", f"DTSTAMP:{_utc(clock.now())}")
    yield from (
        f"DTSTART:{_utc(hearing.starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SEQUENCE:{hearing.sequence}",
    )
    number = hearing.case.matter.number
    yield f"SUMMARY:{_escaped(_('调解 %(number)s') % {'number': number})}"
    yield f"LOCATION:{_escaped(hearing.place)}"
    yield f"STATUS:{'CANCELLED' if hearing.state == 'cancelled' else 'CONFIRMED'}"
    if hearing.state == "planned":
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{minutes}M")
        yield from (f"DESCRIPTION:{_escaped(_('调解 %(number)s') % {'number': number})}", "END:VALARM")
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a content line in parts of at most 75 octets, none cut within a character."""
    part, size = "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > _LINE:
            yield part
            part, size = " ", 1
        part, size = part + mark, size + octets
    yield part
