"""What of the showcase waits for staff, and what stands published: listed things first, then the longest waiting."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from xianfeng.recognition.showcase.models import Achievement, Benefit, Comment, Feedback, Live
from xianfeng.recognition.showcase.states import SEEN_LIVE

KINDS = ("achievement", "live", "benefit", "comment", "feedback", "published", "aired")
Rows = QuerySet[Any]


def _within(organisations: list[int] | None, row: str = "pioneer__") -> Q:
    """Return the condition on rows of the pioneers of these organisations; None means all."""
    return Q() if organisations is None else Q(**{f"{row}organisation_id__in": organisations})


def rows(kind: str, organisations: list[int] | None) -> Rows:
    """Return what waits of a kind (achievement, live, benefit, comment, feedback), or stands (published, aired).

    `organisations` by id are those whose pioneers are looked after; None means the whole city. Raises KeyError.
    """
    return {
        "achievement": _achievements, "live": _lives, "benefit": _benefits, "comment": _comments,
        "feedback": _feedback, "published": _published, "aired": _aired,
    }[kind](organisations)  # fmt: skip


def counts(organisations: list[int] | None) -> dict[str, int]:
    """Return how much waits of each kind; five statements."""
    return {kind: rows(kind, organisations).order_by().count() for kind in KINDS[:5]}


def _achievements(organisations: list[int] | None) -> Rows:
    found = Achievement.objects.filter(_within(organisations), state="submitted")
    found = found.select_related("pioneer__organisation", "grew_from").prefetch_related("pictures", "matters")
    return found.order_by("-listed", "entered_at", "id")


def _lives(organisations: list[int] | None) -> Rows:
    found = Live.objects.filter(_within(organisations), state="proposed")
    return found.select_related("pioneer__organisation", "achievement").order_by("starts_at", "id")


def _benefits(organisations: list[int] | None) -> Rows:
    """Return benefits that wait for staff; money that a report claims waits in the queue of matters instead."""
    waits = Q(handling=None) | Q(kind="jobs")
    found = Benefit.objects.filter(_within(organisations), waits, state="claimed")
    found = found.select_related("pioneer__organisation", "achievement").prefetch_related("pictures")
    return found.order_by("-listed", "entered_at", "id")


def _comments(organisations: list[int] | None) -> Rows:
    found = Comment.objects.filter(_within(organisations, "live__pioneer__"), state="waiting")
    return found.select_related("live__pioneer", "author").order_by("entered_at", "id")


def _feedback(organisations: list[int] | None) -> Rows:
    found = Feedback.objects.filter(_within(organisations), state="waiting")
    found = found.select_related("pioneer", "achievement", "live", "author")
    return found.order_by("-listed", "entered_at", "id")


def _published(organisations: list[int] | None) -> Rows:
    found = Achievement.objects.filter(_within(organisations), state="published")
    found = found.select_related("pioneer__organisation").annotate(uses=Count("adoptions"))
    return found.order_by("-published_at", "-id")


def _aired(organisations: list[int] | None) -> Rows:
    found = Live.objects.filter(_within(organisations), state__in=SEEN_LIVE)
    return found.select_related("pioneer__organisation").order_by("-starts_at", "-id")
