"""What the showcase keeps of a person, told to that person."""

from django.db.models import Model, Q

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.people.privacy.keepers import Rows
from xianfeng.recognition.showcase.models import (
    Achievement,
    Adoption,
    Benefit,
    Comment,
    Feedback,
    Live,
    Picture,
    Subscription,
)


def tell(person: Person) -> dict[str, Rows]:
    """Tell achievements, adoptions, benefits claimed, broadcasts, subscriptions, comments, feedback and pictures."""
    speaks = Q(pioneer__spokesperson=person)
    return {
        "achievements": _rows(
            Achievement, speaks, "state", "kind", "title", "text", "video_link", "drafted_at", "published_at",
            "judgement",
        ),
        "adoptions": _rows(Adoption, Q(asked_by=person), "achievement__title", "matter__number", "asked_at"),
        "benefits": _rows(
            Benefit, Q(claimed_by=person), "state", "kind", "yuan", "jobs", "beneficiary", "text", "claimed_at",
            "judgement",
        ),
        "lives": _rows(
            Live, speaks, "state", "title", "text", "link", "starts_at", "started_at", "ended_at", "viewers"
        ),
        "subscriptions": _rows(Subscription, Q(person=person), "live__title", "at"),
        "comments": _rows(Comment, Q(author=person), "state", "live__title", "text", "written_at"),
        "feedback": _rows(
            Feedback, Q(author=person) | speaks, "state", "kind", "pioneer__name", "text", "sent_at", "answer"
        ),
        "pictures": [
            {"file": f"/achievement-photo/{one.key}/large", "taken_in_at": one.taken_in_at}
            for one in Picture.objects.filter(owner=person).order_by("id")
        ],
    }  # fmt: skip


def _rows(model: type[Model], condition: Q, *fields: str) -> Rows:
    return keepers.rows(model._default_manager.filter(condition).order_by("id"), *fields)
