"""Pioneers on a board: who was picked for the month, or stands best in its frozen ranking."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from xianfeng.doors.cockpit.filters import Slice
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.honours.models import Pick
from xianfeng.recognition.merit.models import Place


@dataclass(frozen=True)
class Star:
    """One pioneer of the month: rank in the city, what was done in it, the picture the portal shows."""

    rank: int
    pioneer: Pioneer
    done: int
    index: float | None


@dataclass(frozen=True)
class Best:
    """Pioneers of a month: `picked` by staff after the rule, or else the first of the ranking."""

    month: date | None
    picked: bool
    stars: list[Star]


def best(one: Slice) -> Best:
    """Return the pioneers of the last month that is known within the period; at most two statements."""
    most = catalogue.load("cockpit/board")["shown"]["pioneers"]
    picks = Pick.objects.filter(month__lte=one.period.last, pioneer__suspended_at=None)
    picks = picks.filter(pioneer__area__path__contains=[one.area.pk])
    if one.organisations is not None:
        picks = picks.filter(pioneer__organisation__in=one.organisations)
    newest = picks.order_by().values("month").annotate(n=Max("month")).order_by("-month").values("month")[:1]
    rows = list(picks.filter(month=newest).select_related("pioneer__organisation").order_by("rank")[:most])
    if rows:
        stars = [Star(row.rank, row.pioneer, row.done, row.pioneer.index) for row in rows]
        return Best(rows[0].month, picked=True, stars=stars)
    return _ranked(one, most)


def _ranked(one: Slice, most: int) -> Best:
    places = Place.objects.filter(
        month__month__lte=one.period.last,
        pioneer__suspended_at=None,
        pioneer__area__path__contains=[one.area.pk],
    )
    if one.organisations is not None:
        places = places.filter(pioneer__organisation__in=one.organisations)
    newest = Place.objects.filter(month__month__lte=one.period.last).order_by(
        "-month__month", "-month__edition"
    )
    rows = places.filter(month=newest.values("month")[:1]).select_related("pioneer__organisation", "month")
    found = list(rows.order_by("rank")[:most])
    stars = [Star(row.rank, row.pioneer, row.done, row.index_without_honours) for row in found]
    return Best(found[0].month.month if found else None, picked=False, stars=stars)
