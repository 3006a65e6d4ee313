"""One's own matters as rows: what, where it stands, how long there is, what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.ui import words
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Row:
    """A matter of one's own: `kind` colours the tag, `other` is the other side, `due` how long there is."""

    url: str
    title: str
    state: str
    kind: str
    other: str
    at: datetime
    due: str
    waiting: bool


def rows(matters: Iterable[Matter], seen_as: str) -> list[Row]:
    """Return rows as they are `seen_as`: 'asked' by the one who asked, 'offered' or 'held' by a pioneer."""
    return [_row(matter, seen_as) for matter in matters]


def _row(matter: Matter, seen_as: str) -> Row:
    state, kind = _state(matter, seen_as)
    counts = matter.due_at is not None and matter.state in {State.TAKEN, State.OFFERED, State.DONE}
    return Row(
        url=reverse("portal:need", args=[matter.number]), title=matter.title, state=state, kind=kind,
        other=_other(matter, seen_as), at=matter.raised_at if seen_as == "asked" else matter.entered_at,
        due=words.left(matter.due_at) if counts and matter.due_at else "", waiting=matter.state == State.OPEN,
    )  # fmt: skip


def _other(matter: Matter, seen_as: str) -> str:
    if seen_as != "asked":
        return matter.firm.name if matter.firm else public_name(matter.requester.name)
    who = matter.taken_by or (matter.offered_to if matter.state == State.OFFERED else None)
    return who.name if who else ""


def _state(matter: Matter, seen_as: str) -> tuple[str, str]:
    """Return where a matter stands in words, and the tag's kind."""
    asked = seen_as == "asked"
    told = {
        State.RAISED: (_("等工作人员看一看"), "plain"),
        State.OFFERED: (_("等先锋回话"), "wait") if asked else (_("等您回话"), "soon"),
        State.OPEN: (_("还在等人接，一直挂着"), "wait") if matter.listed else (_("在等人接"), "wait"),
        State.TAKEN: (_("有人在办"), "fit") if asked else (_("您在办"), "fit"),
        State.DONE: (_("说办好了，等您打分"), "soon") if asked else (_("等对方打分"), "plain"),
        State.CLOSED: (_("办完了"), "plain"),
        State.DECLINED: (_("没有收下"), "plain"),
        State.WITHDRAWN: (_("收回了"), "plain"),
        State.MERGED: (_("和另一件并在一起了"), "plain"),
    }
    return told[State(matter.state)]


@dataclass(frozen=True)
class Counts:
    """How many of one's own matters: running, waiting for one's stars, waiting for one's answer, in hand."""

    running: int
    to_rate: int
    to_answer: int
    in_hand: int


_COUNTS = """SELECT
    (SELECT count(*) FROM matters_matter m WHERE m.state IN ('raised', 'offered', 'open', 'taken', 'done') AND
        (m.requester_id = %(id)s OR m.firm_id IN (SELECT f.id FROM people_firm f WHERE f.responsible_id = %(id)s))),
    (SELECT count(*) FROM matters_matter m WHERE m.state = 'done' AND
        (m.requester_id = %(id)s OR m.firm_id IN (SELECT f.id FROM people_firm f WHERE f.responsible_id = %(id)s))),
    (SELECT count(*) FROM matters_matter m JOIN people_pioneer p ON p.id = m.offered_to_id
        WHERE m.state = 'offered' AND p.spokesperson_id = %(id)s),
    (SELECT coalesce(sum(p.held), 0) FROM people_pioneer p WHERE p.spokesperson_id = %(id)s)"""


def counts(person: Person) -> Counts:
    """Return the counts of `person`; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"id": person.id})
        return Counts(*map(int, cursor.fetchone()))
