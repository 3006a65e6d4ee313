"""每月先锋: proposed by the published rule from the month's frozen ranking, confirmed by staff, told to residents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Case, F, QuerySet, Subquery, Value, When

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import rules, titles
from xianfeng.recognition.honours.models import Pick
from xianfeng.recognition.merit import queries as merit
from xianfeng.recognition.merit.models import Place

_PICKS = 0x7069636B  # one confirmation at a time


@dataclass(frozen=True)
class Scope:
    """Whose month: a county's, or one organisation's (then `area_id` is where it stands)."""

    area_id: int
    organisation_id: int | None = None


def months_before(month: date, count: int) -> date:
    """Return the first day of the month `count` months before the one `month` lies in."""
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def proposals(month: date, scope: Scope) -> list[Place]:
    """Return whom the rule proposes, best first: enough services in the month, not picked within the last months.

    Empty before the month is closed. Three statements.
    """
    numbers = titles.numbers("monthly")
    area = None if scope.organisation_id else scope.area_id
    ranking = merit.month_ranking(month, area_id=area, organisation_id=scope.organisation_id)
    fresh = ranking.filter(done__gte=numbers["done_least"], pioneer__suspended_at=None)
    lately = _lately(month).values("pioneer_id")
    return list(fresh.exclude(pioneer__in=lately)[: numbers["places"]])


def _lately(month: date) -> "QuerySet[Pick]":
    apart = titles.numbers("monthly")["months_apart"]
    first = months_before(month, apart - 1)
    return Pick.objects.filter(month__gte=first, month__lt=months_before(month, -apart))


def picks(month: date, scope: Scope) -> list[Pick]:
    """Return who was confirmed for a month, best first; one statement."""
    rows = Pick.objects.filter(
        month=month.replace(day=1), area=scope.area_id, organisation=scope.organisation_id
    )
    return list(rows.select_related("pioneer", "pioneer__organisation").order_by("rank"))


def published(near: Area | None, month: date | None = None) -> list[Pick]:
    """Return who was confirmed anywhere in the city for a month, or for the last one that has picks.

    Those of the county `near` come first, then by county, counties before organisations; one statement.
    """
    last = Pick.objects.order_by("-month").values("month")[:1]
    rows = Pick.objects.filter(month=month.replace(day=1) if month else Subquery(last))
    rows = rows.select_related("pioneer", "pioneer__organisation", "organisation", "area").defer(
        "area__boundary"
    )
    here = Case(When(area=near.pk, then=0), default=1) if near else Value(0)
    order = (here, "area__code", F("organisation__name").asc(nulls_first=True), "rank", "id")
    return list(
        rows.filter(pioneer__suspended_at=None).order_by(*order)[: titles.numbers("monthly")["shown"]]
    )


def month_before(month: date) -> date | None:
    """Return the last month before `month` that has picks, None if there is none."""
    return Pick.objects.filter(month__lt=month).order_by("-month").values_list("month", flat=True).first()


def scopes_of(by: Person) -> list[Scope]:
    """Return whose months `by` may confirm: their organisations', and for staff of the city every county's."""
    found = []
    for one in people.scopes(by):
        if one.organisation_id is not None:
            found.append(Scope(one.area_id, one.organisation_id))
        else:
            counties = Area.objects.filter(level="county", active=True).order_by("code")
            found += [Scope(pk) for pk in counties.values_list("id", flat=True)]
    return found


def confirm(month: date, scope: Scope, pioneer_id: int, *, by: Person, story: str = "") -> Pick:
    """Confirm one of the proposals; it is published at once and the area's residents are told. Again is the same.

    Raises Missing without that scope; Refused 'not-proposed' for whom the rule does not propose now,
    'month-full' where the month has its number.
    """
    numbers, at, first = titles.numbers("monthly"), clock.now(), month.replace(day=1)
    words = texts.clean_line(story, field="story", limit=numbers["story_length"], required=False)
    if not _may(by, scope):
        raise Missing
    with write():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PICKS])
        before = Pick.objects.filter(month=first, pioneer=pioneer_id).first()
        if before is not None and (before.area_id, before.organisation_id) == (
            scope.area_id,
            scope.organisation_id,
        ):
            return before
        if len(picks(first, scope)) >= numbers["places"]:
            raise Refused("month-full", places=numbers["places"])
        place = _place(proposals(first, scope), pioneer_id)
        row = Pick.objects.create(
            month=first, area_id=scope.area_id, organisation_id=scope.organisation_id, pioneer_id=pioneer_id,
            edition=place.month.edition, rank=place.rank, done=place.done, story=words, confirmed_by=by,
            confirmed_at=at,
        )  # fmt: skip
        new = {
            "pioneer": pioneer_id, "month": first, "area": scope.area_id, "organisation": scope.organisation_id,
            "edition": row.edition, "rank": row.rank, "done": row.done,
        }  # fmt: skip
        record.append("pick", row.pk, "pick.confirmed", actor=actor(by.id), at=at, new=new)
        idempotency.note("pick", row.pk)
        return row


def _may(by: Person, scope: Scope) -> bool:
    if scope.organisation_id is not None:
        stands = Organisation.objects.filter(pk=scope.organisation_id, area=scope.area_id).exists()
        return stands and rules.is_staff_for(by, scope.organisation_id)
    return rules.is_staff_for(by, None) and Area.objects.filter(pk=scope.area_id, level="county").exists()


def _place(found: Sequence[Place], pioneer_id: int) -> Place:
    for one in found:
        if one.pioneer_id == pioneer_id:
            return one
    raise Refused("not-proposed", field="pioneer")
