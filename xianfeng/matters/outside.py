"""Reads about what came with a matter besides words and a place: answers, a public address, updates from outside.

A matter read by `queries.whole` brings its particulars along: no statement here but for updates, where there are some.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from xianfeng.matters import questions, services
from xianfeng.matters.models import Matter, OutsideUpdate, Particulars
from xianfeng.matters.questions import Shown

UPDATED = "matter.updated-outside"


@dataclass(frozen=True)
class More:
    """What a page shows of it. `approximate`: the point is the middle of an area, not where it is.

    `text` are the matter's words below its title, without the line that is the title.
    """

    answers: list[Shown] = field(default_factory=list)
    address: str = ""
    media_url: str = ""
    approximate: bool = False
    updates: list[OutsideUpdate] = field(default_factory=list)
    text: str = ""


class Coded(Protocol):
    """A line of a record."""

    @property
    def code(self) -> str:
        """Return what happened."""


def more(matter: Matter, life: Iterable[Coded], language: str) -> More:
    """Return what came along with a matter the reader was let see; `life` is its record, which tells of updates."""
    kept = particulars(matter)
    updates = updates_of(matter) if any(step.code == UPDATED for step in life) else []
    if kept is None:
        return More(updates=updates, text=matter.text)
    return More(
        answers=answers(matter, language), address=kept.address, media_url=kept.media_url,
        approximate=kept.placed != "point", updates=updates, text=_below_title(matter, kept),
    )  # fmt: skip


def _below_title(matter: Matter, kept: Particulars) -> str:
    """Return the words of a matter; a program sends its first line as part of them."""
    first, _, rest = matter.text.partition("\n")
    return rest.strip() if kept.source and first.strip() == matter.title else matter.text


def particulars(matter: Matter) -> Particulars | None:
    """Return the particulars of a matter, None where it has none."""
    found: Particulars | None = getattr(matter, "particulars", None)
    return found


def answers(matter: Matter, language: str) -> list[Shown]:
    """Return the answers to the questions of the service version the matter was raised under."""
    kept = particulars(matter)
    if kept is None or not kept.answers:
        return []
    service = services.version(matter.service_code, matter.service_version)
    return questions.shown(service, kept.answers, language)


def updates_of(matter: Matter) -> list[OutsideUpdate]:
    """Return what programs told of a matter, oldest first."""
    return list(
        OutsideUpdate.objects.filter(matter=matter).select_related("author").order_by("told_at", "id")
    )
