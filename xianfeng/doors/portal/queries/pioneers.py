"""What pages tell of pioneers from several rooms: what was done, how it was rated, who belongs, who was best."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Membership, Pioneer, Recognition
from xianfeng.matters.models import Handling, Offer
from xianfeng.matters.states import LIVE_PUBLIC

MONTH_STARS = 4.0  # at least this, on average, to be shown among the month's pioneers


@dataclass(frozen=True)
class Record:
    """True counts of one pioneer: matters closed, ratings, mean stars, when the last was closed, and the rank.

    `better`: how many pioneers have a higher index; `ranked`: how many have one.
    """

    closed: int
    rated: int
    skill: float | None
    attitude: float | None
    speed: float | None
    last_at: datetime | None
    better: int
    ranked: int

    @property
    def stars(self) -> float | None:
        """Return the mean of the three means, 1 to 5."""
        if self.skill is None or self.attitude is None or self.speed is None:
            return None
        return (self.skill + self.attitude + self.speed) / 3

    @property
    def best_percent(self) -> int | None:
        """Return among the best how many percent this one is, 1 to 100; None without an index."""
        return max(1, -(-100 * (self.better + 1) // self.ranked)) if self.ranked else None

    @property
    def in_first_half(self) -> bool:
        """Tell whether the rank is one to be told: among the better half."""
        return self.best_percent is not None and self.best_percent <= 50


_RECORD = """SELECT d.closed, d.rated, d.skill, d.attitude, d.speed, d.last_at, o.better, o.ranked
FROM (SELECT count(*) AS closed, count(r.id) AS rated, avg(r.skill)::float8 AS skill,
        avg(r.attitude)::float8 AS attitude, avg(r.speed)::float8 AS speed, max(h.ended_at) AS last_at
    FROM matters_handling h LEFT JOIN matters_rating r ON r.handling_id = h.id
    WHERE h.pioneer_id = %(id)s AND h.outcome = 'done') d
CROSS JOIN (SELECT count(*) FILTER (WHERE p.index > %(index)s) AS better,
        CASE WHEN %(index)s IS NULL THEN 0 ELSE count(p.index) END AS ranked
    FROM people_pioneer p WHERE p.suspended_at IS NULL) o"""


def record(pioneer: Pioneer) -> Record:
    """Return the counts of `pioneer`; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, {"id": pioneer.id, "index": pioneer.index})
        return Record(*cursor.fetchone())


def deeds(pioneer: Pioneer, *, limit: int = 8) -> list[Handling]:
    """Return what `pioneer` did and anybody may see, newest first, with matter, requester, firm and rating."""
    rows = Handling.objects.filter(pioneer=pioneer, outcome="done", matter__state__in=LIVE_PUBLIC)
    rows = rows.select_related("matter__requester", "matter__firm", "rating").order_by("-claimed_at")
    return list(rows[:limit])


def recognitions(pioneer: Pioneer) -> list[Recognition]:
    """Return the recognitions of `pioneer` that are in force, newest first."""
    rows = Recognition.objects.filter(pioneer=pioneer, suspended_at=None).exclude(until__lte=clock.now())
    return list(rows.select_related("organisation").order_by("-since", "-id"))


def offers(pioneer: Pioneer) -> list[Offer]:
    """Return what `pioneer` has on the menu, newest first."""
    rows = Offer.objects.filter(pioneer=pioneer, withdrawn_at=None).select_related("area")
    return list(rows.defer("area__boundary").order_by("-published_at", "-id"))


def collectives(pioneer: Pioneer) -> list[Pioneer]:
    """Return the collectives that an individual speaks for or belongs to."""
    speaks = Pioneer.objects.filter(
        kind="collective", suspended_at=None, spokesperson=pioneer.spokesperson_id
    )
    member = Pioneer.objects.filter(
        kind="collective", suspended_at=None,
        memberships__person=pioneer.spokesperson_id, memberships__until=None,
    )  # fmt: skip
    return list((speaks | member).distinct().order_by("id"))


def members(collective: Pioneer, *, limit: int = 60) -> QuerySet[Membership]:
    """Return the members of a collective with their persons; `pioneer_id`, `pioneer_name` where one is a pioneer."""
    alone = Pioneer.objects.filter(kind="individual", suspended_at=None, spokesperson=OuterRef("person"))
    rows = Membership.objects.filter(collective=collective, until=None).select_related("person")
    return rows.annotate(
        pioneer_id=Subquery(alone.values("id")[:1]), pioneer_name=Subquery(alone.values("name")[:1])
    ).order_by("since", "id")[:limit]


@dataclass(frozen=True)
class Month:
    """One of the month's pioneers: how many households and firms were helped, of how many matters, the mean stars."""

    pioneer_id: int
    name: str
    kind: str
    skills: list[str]
    avatar: str
    seal: str
    organisation: str
    organisation_en: str
    area_id: int
    households: int
    matters: int
    stars: float
    first_at: datetime


_MONTH = """SELECT p.id, p.name, p.kind, p.skills, p.avatar, o.seal, o.name, o.name_en, p.area_id,
    b.households, b.matters, b.stars, b.first_at
FROM (SELECT h.pioneer_id, count(DISTINCT coalesce('f' || m.firm_id, 'p' || m.requester_id)) AS households,
        count(*) AS matters, avg((r.skill + r.attitude + r.speed) / 3.0)::float8 AS stars, min(m.closed_at) AS first_at
    FROM matters_matter m
    JOIN matters_handling h ON h.matter_id = m.id AND h.outcome = 'done' AND h.pioneer_id = m.taken_by_id
    JOIN matters_rating r ON r.handling_id = h.id
    WHERE m.state = 'closed' AND m.closed_at >= %(since)s AND m.closed_at < %(until)s
    GROUP BY h.pioneer_id HAVING avg((r.skill + r.attitude + r.speed) / 3.0) >= %(least)s) b
JOIN people_pioneer p ON p.id = b.pioneer_id AND p.suspended_at IS NULL
JOIN people_organisation o ON o.id = p.organisation_id
ORDER BY b.households DESC, b.stars DESC, b.first_at, p.id LIMIT %(limit)s"""


def of_the_month(since: datetime, until: datetime, *, limit: int = 20) -> list[Month]:
    """Return who did best between two instants, by the rule the page states; one statement.

    Most households and firms first (each counted once), then mean stars, then who was done first. Only rated matters
    count, and only a mean of MONTH_STARS or more is shown.
    """
    given: dict[str, Any] = {"since": since, "until": until, "least": MONTH_STARS, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_MONTH, given)
        return [Month(*row) for row in cursor.fetchall()]
