"""The monthly close: a month's ranking, frozen; a later correction is a new edition beside the old."""

from datetime import date

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.recognition.merit import months, steps, tables
from xianfeng.recognition.merit.models import Month
from xianfeng.recognition.merit.operations import refreshing


def close_month(month: date) -> Month:
    """Freeze the ranking of the month that `month` lies in, once it is over; again it answers the last edition.

    Raises Refused 'month-not-over'.
    """
    return months.latest(month) or _edition(month)


def correct_month(month: date) -> Month:
    """Work a month out anew from what is known now: a new edition if anything in it differs, else the last one.

    Every edition is scored with the formula of the first. Raises Refused 'month-not-over'.
    """
    return _edition(month)


def _edition(month: date) -> Month:
    first, as_of, at = months.first_day(month), months.end(month), clock.now()
    if at < as_of:
        raise Refused("month-not-over", month=f"{first:%Y-%m}")
    before = months.latest(first)
    version = before.version if before else refreshing.VERSION
    given = tables.read(as_of)
    rows = months.places(given, refreshing.scored(given, as_of, version), months.start(first))
    with write():
        steps.lock_months()
        last, mark = months.latest(first), months.mark(version, rows)
        if last is not None and last.mark == mark:
            Month.objects.filter(pk=last.pk).update(looked_at=at)
            return last
        edition = Month(
            month=first, edition=last.edition + 1 if last else 1, version=version, as_of=as_of, closed_at=at,
            pioneers=len(rows), mark=mark,
        )  # fmt: skip
        return steps.keep_month(edition, rows)
