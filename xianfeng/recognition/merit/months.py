"""A month of the index: when it begins and ends in the city, who stands where, and what tells two editions apart."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from xianfeng.matters.models import Rating, Remark
from xianfeng.recognition.merit.formula import Scores
from xianfeng.recognition.merit.models import Month, Place
from xianfeng.recognition.merit.queries import PARTS
from xianfeng.recognition.merit.tables import DAY_SECONDS, Tables

_JUDGED = ("matter.rating-voided", "matter.rating-restored")
_DIGITS = 6  # scores that agree to a millionth of a point are the same


def first_day(month: date) -> date:
    """Return the first day of the month that `month` lies in."""
    return date(month.year, month.month, 1)


def start(month: date) -> datetime:
    """Return the instant at which a month begins in the city."""
    return datetime(month.year, month.month, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))


def end(month: date) -> datetime:
    """Return the instant at which a month is over in the city."""
    return start(first_day(month) + timedelta(days=32))


def before(at: datetime) -> date:
    """Return the first day of the last month that is over at `at`."""
    return first_day(at.astimezone(ZoneInfo(settings.TIME_ZONE)).date().replace(day=1) - timedelta(days=1))


def latest(month: date) -> Month | None:
    """Return the last edition of a month, None before it was closed."""
    return Month.objects.filter(month=first_day(month)).order_by("-edition").first()


def touched(most: int = 3) -> list[date]:
    """Return which of the last closed months rest on something changed since: ratings changed, voided or restored."""
    found = []
    for month in Month.objects.order_by("-month").values_list("month", flat=True).distinct()[:most]:
        edition = latest(month)
        if edition is not None and _changed(edition):
            found.append(month)
    return found


def _changed(edition: Month) -> bool:
    rows = Rating.objects.filter(rated_at__lt=edition.as_of)
    since = edition.looked_at or edition.closed_at
    judged = Remark.objects.filter(code__in=_JUDGED, at__gte=since, matter__handlings__rating__in=rows)
    return rows.filter(changed_at__gte=since).exists() or judged.exists()


def places(given: Tables, scores: Scores, since: datetime) -> list[Place]:
    """Return everybody's place, unsaved: by the index without honours, then evidence, then who is longer here."""
    order = np.lexsort((scores.pioneer, -scores.weight, -np.round(scores.total_without_honours, _DIGITS)))
    counts, done = _counts(given, scores, since)
    columns = {code: getattr(scores, code).tolist() for code in PARTS}
    return [
        Place(
            pioneer_id=int(scores.pioneer[at]), rank=rank, index=float(scores.total[at]),
            index_without_honours=float(scores.total_without_honours[at]), half_width=float(scores.half_width[at]),
            parts={code: column[at] for code, column in columns.items()}, orders=int(counts[at]),
            evidence=float(scores.weight[at]), done=int(done[at]),
        )
        for rank, at in enumerate(order.tolist(), 1)
    ]  # fmt: skip


def _counts(given: Tables, scores: Scores, since: datetime) -> "tuple[Any, Any]":
    """Return how many rated orders stand behind each score, and how many of them the month brought."""
    at = np.searchsorted(scores.pioneer, given.ratings.pioneer)
    fresh = given.ratings.finished >= since.timestamp() / DAY_SECONDS
    size = len(scores.pioneer)
    return np.bincount(at, minlength=size), np.bincount(at[fresh], minlength=size)


def mark(version: str, rows: list[Place]) -> str:
    """Return a digest of the formula's version and everybody's place and parts, to a millionth of a point."""
    told = [
        [
            row.pioneer_id,
            row.rank,
            row.orders,
            row.done,
            *(f"{points:.{_DIGITS}f}" for points in row.parts.values()),
        ]
        for row in sorted(rows, key=lambda row: row.pioneer_id)
    ]
    return hashlib.sha256(json.dumps([version, told]).encode()).hexdigest()
