"""What counts differently since the day was over, so that a board can say so (更正)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, QuerySet

from xianfeng.doors.cockpit.filters import Slice
from xianfeng.doors.cockpit.models import Correction


@dataclass(frozen=True)
class Corrected:
    """How many corrections of days of the period there are, by what they are about, and when the last was made."""

    total: int
    by_what: dict[str, int]
    last_at: datetime | None


def corrections(one: Slice) -> "QuerySet[Correction]":
    """Return the corrections of the days of a slice's period, newest first. Services and kinds are not told apart."""
    rows = Correction.objects.filter(
        day__range=(one.period.first, one.period.last), path__contains=[one.area.pk]
    )
    if one.organisations is not None:
        rows = rows.filter(organisation_id__in=one.organisations)
    return rows.order_by("-id")


def corrected(one: Slice) -> Corrected:
    """Return what there is to say of them; one statement."""
    rows = corrections(one).order_by().values("what").annotate(n=Count("id"), last=Max("at"))
    found = {row["what"]: row for row in rows}
    return Corrected(
        sum(row["n"] for row in found.values()), {what: row["n"] for what, row in sorted(found.items())},
        max((row["last"] for row in found.values()), default=None),
    )  # fmt: skip


def days(one: Slice) -> list[date]:
    """Return the days that were corrected, once each."""
    return sorted(set(corrections(one).order_by().values_list("day", flat=True)))
