"""What home shows of the reader's own need and of the people around."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown import life
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.ui import words
from xianfeng.matters import queries
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def around(area: Area) -> Area:
    """Return the area whose day is told: the town, or the county or city where nothing smaller is known."""
    return places.at_level(area, Level.TOWN) or area


@dataclass(frozen=True)
class Running:
    """The reader's newest need that has not ended: what is going on, and whether there is somebody to call."""

    matter: Matter
    said: str
    since: str
    stalk: life.Stalk
    pioneer: Pioneer | None
    call: str


def running(person: Person | None) -> Running | None:
    """Return what runs for `person`, None if nothing does."""
    matter = queries.running(person) if person else None
    if matter is None:
        return None
    taken = matter.state in {State.TAKEN, State.DONE}
    call = matter.taken_by.name if taken and matter.taken_by else ""
    return Running(
        matter, _said(matter), words.waited(matter.raised_at), life.stalk(matter), matter.taken_by, call
    )


def _said(matter: Matter) -> str:
    name = matter.taken_by.name if matter.taken_by else matter.offered_to.name if matter.offered_to else ""
    told = {
        State.RAISED: _("等工作人员核对"), State.OFFERED: _("等 %(name)s 回话"), State.OPEN: _("附近的先锋都看到了"),
        State.TAKEN: _("%(name)s 在办"), State.DONE: _("%(name)s 说办好了，等您打分"),
    }  # fmt: skip
    return told[State(matter.state)] % {"name": name}


@dataclass(frozen=True)
class Face:
    """A pioneer on home: the row, and what they are good for in a few words."""

    pioneer: Pioneer
    helped: int


def faces(pioneers: Iterable[Pioneer]) -> list[Face]:
    """Return the people of the month, as they come (best index first)."""
    return [Face(one, one.helped) for one in pioneers]
