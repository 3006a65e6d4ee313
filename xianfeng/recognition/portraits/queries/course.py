"""The course of the index: what each closed month's last edition says of a pioneer."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from xianfeng.recognition.merit.models import Month, Place


@dataclass(frozen=True)
class Point:
    """Where a pioneer stood at the end of a month (its first day): index, half of the interval, rank in the city."""

    month: date
    index: float
    half_width: float
    rank: int
    of: int


def course_of(pioneer_id: int, since: date) -> list[Point]:
    """Return the closed months from `since` on, oldest first; months without a place are left out. One statement."""
    last = Month.objects.filter(month=OuterRef("month__month")).order_by("-edition").values("edition")[:1]
    rows = Place.objects.filter(
        pioneer=pioneer_id, month__month__gte=since, month__edition=Subquery(last)
    ).order_by("month__month")
    return [
        Point(*row)
        for row in rows.values_list("month__month", "index", "half_width", "rank", "month__pioneers")
    ]


def months_back(day: date, count: int) -> list[date]:
    """Return the first days of the `count` months up to the one of `day`, oldest first."""
    last = day.year * 12 + day.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(last - count + 1, last + 1)]
