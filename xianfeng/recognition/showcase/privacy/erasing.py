"""Erasure: an individual's achievements and broadcasts are taken back and blanked; words go, facts and sums stay."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from xianfeng.foundation.notices import privacy as notices
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import announcements
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM, Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import pictures
from xianfeng.matters.models import Matter
from xianfeng.recognition.showcase import steps
from xianfeng.recognition.showcase.models import (
    Achievement,
    Benefit,
    Comment,
    Feedback,
    Live,
    Living,
    Picture,
    Subscription,
)
from xianfeng.recognition.showcase.operations.adoption import named_by
from xianfeng.recognition.showcase.operations.pictures import video_path

ERASED = "（已删除）"
Row = TypeVar("Row", bound=Living)


def erase(person: Person, at: datetime) -> None:
    """Take back and blank what `person` showed alone, and their words. Needs an open transaction; OSError."""
    by = actor(person.pk)
    alone = Q(pioneer__spokesperson=person, pioneer__kind="individual")
    for row in _locked(Achievement, alone):
        _achievement(row, by, at)
    for live in _locked(Live, alone):
        _live(live, by, at)
    for comment in _locked(Comment, Q(author=person)):
        kept = steps.move(comment, "lapse", actor=SYSTEM, at=at) if comment.state == "waiting" else comment
        _blank(kept, by, at, {"text": ""})
    for benefit in _locked(Benefit, Q(claimed_by=person) & alone):
        _blank(benefit, by, at, {"text": "", "judgement": ""})
    _feedback(person, alone, by, at)
    Subscription.objects.filter(person=person).delete()
    remove(Picture.objects.filter(owner=person))


def _locked(model: type[Row], condition: Q) -> list[Row]:
    rows = model._default_manager.select_for_update(of=("self",)).filter(condition).order_by("id")
    return list(rows)


def _achievement(row: Achievement, by: Actor, at: datetime) -> None:
    if row.state in {"draft", "submitted", "returned", "published"}:
        row = steps.move(row, "withdraw", actor=by, at=at)
    if row.video_key:
        default_storage.delete(video_path(row.video_key))
    remove(row.pictures.all())
    _named_by(row)
    sets = {"title": ERASED, "text": "", "video_link": "", "video_key": "", "search": [], "judgement": ""}
    _blank(row, by, at, sets)
    notices.forget_words([f"achievement:{row.pk}"], "title")


def _named_by(row: Achievement) -> None:
    """Take the title out of the needs of others that are called by it; what they wrote themselves stays."""
    asked = Matter.objects.filter(adoption__achievement=row, title=named_by(row.title)[:60])
    numbers = list(asked.values_list("number", flat=True))
    asked.update(title=named_by(ERASED))
    for number in numbers:
        announcements.forget(f"matter:{number}")
    notices.forget_words(numbers, "title")


def _live(row: Live, by: Actor, at: datetime) -> None:
    if row.state in {"proposed", "announced"}:
        row = steps.move(row, "cancel", actor=by, at=at)
    elif row.state == "live":
        row = steps.move(row, "end", actor=by, at=at, sets={"ended_at": at})
    _blank(row, by, at, {"title": ERASED, "text": "", "link": "", "judgement": ""})
    notices.forget_words([f"live:{row.pk}"], "title")


def _feedback(person: Person, alone: Q, by: Actor, at: datetime) -> None:
    for row in _locked(Feedback, Q(author=person) | alone):
        sets: dict[str, Any] = {"text": ""} if row.author_id == person.pk else {}
        if row.state == "waiting":
            steps.move(row, "answer", actor=SYSTEM, at=at)
        if row.answered_by_id == person.pk:
            sets["answer"] = ""
        _blank(row, by, at, sets)


def _blank(row: Living, by: Actor, at: datetime, sets: dict[str, Any]) -> None:
    record.change(row.KIND, row.pk, f"{row.KIND}.erased", actor=by, at=at, sets=sets)


def remove(rows: "QuerySet[Picture]") -> int:
    """Delete photographs with their files, the files first; return how many. Needs an open transaction; OSError."""
    found = list(rows)
    for row in found:
        pictures.removed(row.key)
    Picture.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)
