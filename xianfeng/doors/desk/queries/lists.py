"""The lists: matters, pioneers, firms, reports, deliveries; filtered, within reach, page by page."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from xianfeng.doors.desk.models import Title
from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.queries.reported import with_words
from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.people.models import Firm, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Delivery
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Matter
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Asked:
    """The filters of the list of matters, as the address says them; '' asks nothing. Days are YYYY-MM-DD."""

    words: str = ""
    state: str = ""
    service: str = ""
    category: str = ""
    area: str = ""
    organisation: str = ""
    listed: str = ""
    since: str = ""
    until: str = ""

    def address(self) -> str:
        """Return the filters as a query string, in one order, nothing empty."""
        given = QueryDict(mutable=True)
        given.update({one.name: value for one in fields(self) if (value := getattr(self, one.name))})
        return given.urlencode()


def asked(given: QueryDict) -> Asked:
    """Return the filters that an address holds; what is not known there is left out."""
    return Asked(**{one.name: given.get(one.name, "").strip()[:60] for one in fields(Asked)})


def matters(reach: Reach, asked: Asked) -> QuerySet[Matter]:
    """Return the matters within reach that answer the filters, newest first."""
    rows = queries.whole().filter(_places(reach, asked.area))
    if asked.state in {state.value for state in State}:
        rows = rows.filter(state=asked.state)
    if asked.listed:
        rows = rows.filter(listed=True, state__in=["raised", "open"])
    for column, value in (("service_code", asked.service), ("category", asked.category)):
        if value:
            rows = rows.filter(**{column: value})
    if asked.organisation.isascii() and asked.organisation.isdigit() and len(asked.organisation) < 19:
        rows = rows.filter(taken_by__organisation=int(asked.organisation))
    rows = rows.filter(_days(asked))
    return (worded(rows, asked.words) if asked.words else rows).order_by("-raised_at", "-id")


def _places(reach: Reach, code: str) -> Q:
    """Return the condition on the place: within reach, and within the area asked for, as one list of ids."""
    area = tree.current().by_code.get(code)
    if area is None or area.parent_id is None:
        return reach.matters()
    within = places.subtree_ids(area)
    held = Q(area_id__in=[one for one in within if reach.holds(one)])
    return held | Q(area_id__in=within, charge_id__in=reach.organisations) if reach.organisations else held


def _days(asked: Asked) -> Q:
    since, until = _day(asked.since), _day(asked.until)
    found = Q(raised_at__gte=since) if since else Q()
    return found & Q(raised_at__lt=until + timedelta(days=1)) if until else found


def _day(text: str) -> datetime | None:
    """Return the first moment of a day where the city is; None for what is none."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime(found.year, found.month, found.day)) if found else None  # noqa: DTZ001


def worded(rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    """Return the rows whose number is `words`, or whose title holds them: two characters enough, one finds nothing.

    What is found often is read newest first; what is rare is found by its keys. The words themselves decide.
    """
    keys = title_keys(words)
    if not keys or Matter.objects.filter(number=words).exists():
        return rows.filter(number=words)
    titled = rows.filter(title__icontains=words)
    if _is_frequent(words):
        return titled
    # the ids are read first: the planner, left to choose, walks a million titles for a word that is nowhere
    known = (
        Title.objects.filter(keys__contains=keys).order_by("-matter_id").values_list("matter_id", flat=True)
    )
    return titled.filter(pk__in=list(known[: catalogue.load("desk")["lists"]["worded_rare"]]))


def _is_frequent(words: str) -> bool:
    """Tell whether a page of the newest matters' titles holds `words`, of as many as the desk reads at once."""
    numbers = catalogue.load("desk")["lists"]
    newest = Matter.objects.order_by("-raised_at", "-id").values("title")[: numbers["worded_newest"]]
    found = Matter.objects.filter(title__icontains=words, pk__in=Subquery(newest.values("pk")))
    return len(found.values("pk")[: numbers["page"]]) == int(numbers["page"])


def title_keys(title: str) -> list[str]:
    """Return the search keys of a title: every pair of neighbouring characters, lower case, without spaces."""
    plain = "".join(title.lower().split())
    return sorted({plain[at : at + 2] for at in range(len(plain) - 1)})


def after(rows: QuerySet[Any], at: str, place: tuple[datetime, int] | None) -> QuerySet[Any]:
    """Return the part of a newest-first list behind `place`, by the column `at` and the id."""
    if place is None:
        return rows
    when, pk = place
    return rows.filter(Q(**{f"{at}__lte": when}), Q(**{f"{at}__lt": when}) | Q(id__lt=pk))


def counted(rows: QuerySet[Any], *, limit: str = "count_most") -> tuple[int, bool]:
    """Return how many rows there are, and whether there are more: counted up to the desk's number `limit`."""
    most = catalogue.load("desk")["lists"][limit]
    found = rows.order_by().values("pk")[: most + 1].count()
    return min(found, most), found > most


def pioneers(
    reach: Reach, *, words: str = "", skill: str = "", kind: str = "", suspended: str = ""
) -> QuerySet[Pioneer]:
    """Return the pioneers of the organisations within reach, newest recognised first."""
    rows = (
        Pioneer.objects.filter(reach.pioneers())
        .select_related("organisation", "area")
        .defer("area__boundary")
    )
    if keys := texts.query_keys(words):
        rows = rows.filter(search__contains=keys)
    if skill:
        rows = rows.filter(skills__contains=[skill])
    if kind:
        rows = rows.filter(kind=kind)
    if suspended:
        rows = rows.filter(suspended_at__isnull=False)
    return rows.order_by("-since", "-id")


def firms(reach: Reach, *, words: str = "") -> QuerySet[Firm]:
    """Return the firms within reach, newest first."""
    rows = Firm.objects.filter(reach.firms()).select_related("area", "responsible").defer("area__boundary")
    if words:
        rows = rows.filter(name__icontains=words)
    return rows.order_by("-id")


def reports(reach: Reach, *, judged: bool) -> QuerySet[AbuseReport]:
    """Return the reports of abuse within reach: those judged, newest first, or those that wait, oldest first."""
    rows = AbuseReport.objects.filter(reach.matters("matter__"), judged_at__isnull=not judged)
    rows = with_words(rows.select_related("matter", "reporter", "judged_by"))
    return rows.order_by("-reported_at", "-id") if judged else rows.order_by("reported_at", "id")


def undelivered() -> QuerySet[Delivery]:
    """Return the deliveries that failed and are not done, longest waiting first."""
    rows = Delivery.objects.filter(done_at=None, attempts__gt=0).select_related("outbox")
    return rows.order_by("next_try_at", "id")


def areas(reach: Reach) -> list[Area]:
    """Return the counties and towns within reach, for a filter: each county before its towns."""
    known = tree.current()
    found = [
        one
        for one in known.by_id.values()
        if one.active and one.level in {"county", "town"} and reach.holds(one.pk)
    ]
    return sorted(found, key=lambda one: one.code)
