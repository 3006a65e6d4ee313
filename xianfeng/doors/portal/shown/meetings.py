"""What pages of meetings and proposals show."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown import people
from xianfeng.doors.portal.shown.choices import Choice
from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.services.meetings import kinds, paper, queries, rules
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Note, Proposal, Task
from xianfeng.services.meetings.states import ways_out


def kind_name(code: str) -> str:
    """Return what a kind of meeting is called."""
    return kinds.named("kind", get_language() or "").get(code, code)


def kind_choices(chosen: str = "") -> list[Choice]:
    """Return the kinds of meetings."""
    named = kinds.named("kind", get_language() or "")
    return [Choice(code, name, code == (chosen or "joint")) for code, name in named.items()]


def state_name(state: str) -> str:
    """Return where a meeting or a proposal stands, in words."""
    return {
        "called": _("要开"), "open": _("正在开"), "closed": _("开完了"), "cancelled": _("取消了"),
        "proposed": _("刚提出"), "studied": _("在研究"), "adopted": _("决定做"), "building": _("在建"),
        "built": _("建成了"),
        "declined": _("没有采纳"), "stopped": _("停了"), "withdrawn": _("收回了"),
    }.get(state, state)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A meeting in a list."""

    row: Meeting
    kind: str
    where: str
    state: str


def rows(found: list[Meeting]) -> list[Row]:
    """Return meetings as lines."""
    return [Row(one, kind_name(one.kind), people.where(one.area_id), state_name(one.state)) for one in found]


@dataclass(frozen=True)
class Point:
    """An item of an agenda as it is read: its title, its matter if it has one, what was handed over."""

    row: Item
    title: str
    number: str
    proposal_id: int | None
    tasks: list[tuple[Task, str]]


def agenda(meeting: Meeting) -> list[Point]:
    """Return the agenda with what was handed over under each item; two statements."""
    handed: dict[int, list[tuple[Task, str]]] = {}
    for task in queries.tasks(meeting):
        handed.setdefault(task.item_id, []).append((task, people.organisation(task.organisation)))
    return [
        Point(one, paper.title(one), _number(one), one.proposal_id, handed.get(one.pk, []))
        for one in queries.agenda(meeting)
    ]


def _number(item: Item) -> str:
    matter = item.task.matter if item.task else item.matter
    return matter.number if matter else ""


def invited(meeting: Meeting) -> list[tuple[Invitation, str, str]]:
    """Return who is invited: the row, as what, and what they said."""
    said = {"coming": _("来"), "away": _("来不了"), "": _("还没回话")}
    language = get_language() or ""
    return [
        (one, roles.name(one.role, language) if one.role else "", said[one.answer])
        for one in queries.invitations(meeting)
    ]


@dataclass(frozen=True)
class Card:
    """A proposal on a card."""

    row: Proposal
    state: str
    where: str
    who: str


def cards(found: list[Proposal]) -> list[Card]:
    """Return proposals as cards."""
    return [
        Card(one, state_name(one.state), people.where(one.area_id), public_name(one.author.name))
        for one in found
    ]


STEPS = ("studied", "adopted", "building", "built")


def steps(row: Proposal) -> list[tuple[str, bool, bool]]:
    """Return the way from proposed to built: each step's name, whether it is behind, whether it stands there."""
    line = ("proposed", *STEPS)
    if row.state not in line:
        return [(state_name(row.state), True, True)]
    at = line.index(row.state)
    return [(state_name(one), place <= at, place == at) for place, one in enumerate(line)]


def notes(row: Proposal) -> list[Note]:
    """Return the words on a proposal's way, newest first; erased ones are left out."""
    return list(row.notes.exclude(text="").order_by("-at", "-id"))


def moves(row: Proposal, by: Person | None) -> list[tuple[str, str, bool]]:
    """Return what `by` may do with a proposal: the move, its words, whether it needs a reason."""
    named = {
        "study": (_("拿来研究"), False), "adopt": (_("决定做"), False), "begin": (_("动工了"), False),
        "finish": (_("建成了"), False), "decline": (_("不采纳"), True), "stop": (_("停下"), True),
        "withdraw": (_("收回建议"), False),
    }  # fmt: skip
    if by is None:
        return []
    leads, author = rules.leads(by, row), by.pk == row.author_id
    found = []
    for move in ways_out(row.KIND, row.state):
        if (move.name == "withdraw" and author) or (move.name != "withdraw" and leads):
            words, reason = named[move.name]
            found.append((move.name, words, reason))
    return found
