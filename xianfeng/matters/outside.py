"""Reads about what came with a matter besides words and a place: answers, a public address, updates from outside.

A matter read by `queries.whole` brings its particulars along: no statement here but for updates, where there are some.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from xianfeng.matters import questions, services, similar
from xianfeng.matters.models import Matter, OutsideUpdate, Particulars
from xianfeng.matters.questions import Shown
from xianfeng.matters.similar import Alike
from xianfeng.matters.states import State

UPDATED = "matter.updated-outside"
_UNDER_WAY = frozenset({State.RAISED, State.OFFERED, State.OPEN, State.TAKEN})


@dataclass(frozen=True)
class More:
    """What a page shows of it. `approximate`: the point is the middle of an area, not where it is.

    `text` are the matter's words below its title, without the line that is the title. `before`: what was done close by
    and said the same.
    """

    answers: list[Shown] = field(default_factory=list)
    address: str = ""
    media_url: str = ""
    approximate: bool = False
    updates: list[OutsideUpdate] = field(default_factory=list)
    text: str = ""
    before: list[Alike] = field(default_factory=list)


class Coded(Protocol):
    """A line of a record."""

    @property
    def code(self) -> str:
        """Return what happened."""


def more(matter: Matter, life: Iterable[Coded], language: str, *, past: bool = True) -> More:
    """Return what came along with a matter the reader was let see; `life` is its record, which tells of updates.

    `past`: look for what was done close by before, too.
    """
    kept = particulars(matter)
    updates = updates_of(matter) if any(step.code == UPDATED for step in life) else []
    if kept is None:
        return More(updates=updates, text=matter.text, before=_before(matter) if past else [])
    return More(
        answers=answers(matter, language), address=kept.address, media_url=kept.media_url,
        approximate=kept.placed != "point", updates=updates, text=_below_title(matter, kept),
        before=_before(matter) if past and kept.placed == "point" else [],
    )  # fmt: skip


def _before(matter: Matter) -> list[Alike]:
    """Return what happened here before, while that helps to handle a matter everybody sees; one statement."""
    if matter.hidden or matter.state not in _UNDER_WAY:
        return []
    found = similar.before(matter.title, matter.lat, matter.lon)
    return [one for one in found if one.number != matter.number]


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
