"""The showcase in figures: each is a count or a sum of rows that anybody may list, by county and year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.matters.models import Handling, Matter, Rating
from xianfeng.recognition.showcase.models import Achievement, Benefit, Feedback, Live

Rows = QuerySet[Any]
INCOME = Q(state="verified", kind="income", beneficiary__in=["firm", "person"])
SEEN = Q(state__in=["taken", "done", "closed"], hidden=False)


@dataclass(frozen=True)
class Asked:
    """What the figures are asked for: an area (None: the whole city) and a year of the city's calendar (None: all)."""

    area: Area | None = None
    year: int | None = None

    def within(self, at: str, *, area: str = "area_id") -> Q:
        """Return the condition on rows with the instant `at` and the area column `area`."""
        condition = Q()
        if self.area is not None:
            condition &= Q(**{f"{area}__in": places.subtree_ids(self.area)})
        if self.year is not None:
            zone = ZoneInfo(settings.TIME_ZONE)
            begin, end = (datetime(year, 1, 1, tzinfo=zone) for year in (self.year, self.year + 1))
            condition &= Q(**{f"{at}__gte": begin, f"{at}__lt": end})
        return condition


def _done() -> Exists:
    return Exists(Handling.objects.filter(matter=OuterRef("pk"), outcome="done"))


def solved(asked: Asked) -> QuerySet[Matter]:
    """Return the needs that a pioneer took and settled, open to everybody's grab (助力共富)."""
    rows = Matter.objects.filter(
        _done(), asked.within("closed_at"), service_code="help-open", state="closed", hidden=False
    )
    return rows.select_related("taken_by", "firm", "requester", "area").order_by("-closed_at", "-id")


def benefits(asked: Asked) -> QuerySet[Benefit]:
    """Return the verified income raised of firms and persons."""
    rows = Benefit.objects.filter(INCOME, asked.within("verified_at"))
    rows = rows.select_related("pioneer", "achievement", "handling__matter")
    return rows.order_by("-verified_at", "-id")


def achievements(asked: Asked) -> QuerySet[Achievement]:
    """Return the achievements that are published."""
    rows = Achievement.objects.filter(asked.within("published_at"), state="published")
    return rows.select_related("pioneer").order_by("-published_at", "-id")


def bookings(asked: Asked) -> QuerySet[Matter]:
    """Return the bookings that a pioneer took up (我要服务)."""
    rows = Matter.objects.filter(
        SEEN, asked.within("raised_at"), service_code="help-booking", taken_by__isnull=False
    )
    return rows.select_related("taken_by", "firm", "requester", "area").order_by("-raised_at", "-id")


def lives(asked: Asked) -> QuerySet[Live]:
    """Return the broadcasts that took place, the running ones too."""
    rows = Live.objects.filter(asked.within("started_at"), state__in=["live", "ended"])
    return rows.select_related("pioneer").order_by("-started_at", "-id")


def feedback(asked: Asked) -> QuerySet[Feedback]:
    """Return all messages."""
    rows = Feedback.objects.filter(asked.within("sent_at"))
    return rows.select_related("pioneer", "matter").order_by("-sent_at", "-id")


def problems(asked: Asked) -> QuerySet[Feedback]:
    """Return the messages that named a problem."""
    return feedback(asked).filter(kind="problem")


def settled(asked: Asked) -> QuerySet[Feedback]:
    """Return the problems that were done and closed."""
    done = Handling.objects.filter(matter=OuterRef("matter"), outcome="done")
    return problems(asked).filter(Exists(done), matter__state="closed")


def satisfied(asked: Asked) -> QuerySet[Feedback]:
    """Return the settled problems whose sender's last rating has at least the catalogue's stars on average."""
    least = 3 * catalogue.load("showcase")["feedback"]["satisfied_stars"]
    last = Rating.objects.filter(handling__matter=OuterRef("matter"), voided_at=None).order_by(
        "-rated_at", "-id"
    )
    stars = last.annotate(sum=F("skill") + F("attitude") + F("speed")).values("sum")[:1]
    return settled(asked).annotate(stars=Subquery(stars)).filter(stars__gte=least)


LISTS: dict[str, Callable[[Asked], Rows]] = {
    "solved": solved, "benefit": benefits, "achievements": achievements, "bookings": bookings, "lives": lives,
    "feedback": feedback, "problems": problems, "settled": settled, "satisfied": satisfied,
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The figures, in whole numbers; `benefit_yuan` is verified income raised, `views` the viewers of `lives`."""

    solved: int
    benefit_yuan: int
    benefits: int
    achievements: int
    bookings: int
    lives: int
    views: int
    feedback: int
    problems: int
    settled: int
    satisfied: int


def figures(asked: Asked) -> Figures:
    """Return every figure as of now; nine statements."""
    income = benefits(asked).order_by().aggregate(yuan=Sum("yuan"), count=Count("pk"))
    watched = lives(asked).order_by().aggregate(viewers=Sum("viewers"), count=Count("pk"))
    counted = {
        name: LISTS[name](asked).order_by().count()
        for name in ("solved", "achievements", "bookings", "feedback", "problems", "settled", "satisfied")
    }
    return Figures(
        benefit_yuan=income["yuan"] or 0, benefits=income["count"], lives=watched["count"],
        views=watched["viewers"] or 0, **counted,
    )  # fmt: skip


def years() -> list[int]:
    """Return the years in which anything was shown, the latest first: from the first achievement or feedback on."""
    zone = ZoneInfo(settings.TIME_ZONE)
    firsts = [
        Achievement.objects.order_by("drafted_at").values_list("drafted_at", flat=True).first(),
        Feedback.objects.order_by("sent_at").values_list("sent_at", flat=True).first(),
        Matter.objects.order_by("raised_at").values_list("raised_at", flat=True).first(),
    ]
    now = datetime.now(zone).year
    first = min((at.astimezone(zone).year for at in firsts if at), default=now)
    return list(range(now, first - 1, -1))
