"""Days, moments and numbers as forms send them. What cannot be read is refused, naming its field."""

from datetime import date, datetime

from django.utils import timezone

from xianfeng.foundation.kernel.refusals import Refused


def moment(text: str, *, field: str) -> datetime:
    """Return an instant of the city's clock, as `datetime-local` sends it. Raises Refused 'date-unread'."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("date-unread", field=field) from None
    return timezone.make_aware(read) if timezone.is_naive(read) else read


def day(text: str, *, field: str) -> date | None:
    """Return a day, None for nothing typed. Raises Refused 'date-unread'."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused("date-unread", field=field) from None


def whole(text: str, *, field: str) -> int:
    """Return a whole number. Raises Refused 'number-unread'."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise Refused("number-unread", field=field)
    return int(plain)


def ids(values: list[str]) -> list[int]:
    """Return the whole numbers among what was ticked."""
    return [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 16]
