"""Reads of the inbox; each begins from its person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person


@dataclass(frozen=True)
class Line:
    """One inbox row as it is read: the sentence in the reader's language, what it is about, when, read or not."""

    id: int
    code: str
    sentence: str
    about: str
    at: datetime
    unread: bool


def inbox(person: Person) -> QuerySet[Notice]:
    """Return the notices of `person`, newest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-id")


def unread_count(person: Person) -> int:
    """Return how many notices `person` has not read."""
    return Notice.objects.filter(person=person, read_at=None).count()


def line(notice: Notice, language: str) -> Line:
    """Return a notice in `language` ('zh-hans' or 'en')."""
    entry = catalogue.load("texts/notices").get(notice.code, {"zh": notice.code, "en": notice.code})
    text = str(entry["en" if language.startswith("en") else "zh"])
    return Line(
        notice.id,
        notice.code,
        text.format_map(_Known(notice.params)),
        notice.about,
        notice.at,
        notice.read_at is None,
    )


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
