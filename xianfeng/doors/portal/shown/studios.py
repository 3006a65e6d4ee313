"""What pages of studios show: whom a studio serves, how it is judged, where a question stands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown.choices import Choice
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.people.names import public_name
from xianfeng.services.studios import numbers, queries, rules
from xianfeng.services.studios.models import Question, Studio
from xianfeng.services.studios.queries import Response


@dataclass(frozen=True)
class Card:
    """A studio on a card: who keeps it, as what, whom it serves, and how askers judge it."""

    row: Studio
    keeper: str
    role: str
    serves: str
    told: str


def cards(rows: list[Studio]) -> list[Card]:
    """Return studios as cards; one statement."""
    said = queries.responses(rows)
    return [card(row, said[row.pk]) for row in rows]


def card(row: Studio, said: Response) -> Card:
    """Return one studio as a card."""
    language = get_language() or ""
    sector = numbers.sectors(language).get(row.sector, "")
    serves = _("不限地方 · %(sector)s") % {"sector": sector} if row.sector else ""
    return Card(
        row, row.post.person.name or public_name(""), roles.name(row.post.role, language),
        serves or (row.constituency.name if row.constituency else ""), told(said),
    )  # fmt: skip


def told(said: Response) -> str:
    """Return what residents say of a studio; below the catalogue's number only that it is too early."""
    if said.rate is None:
        return _("居民回的话还少，满 %(n)s 个才公布") % {"n": numbers.table("question")["shown_from"]}
    share = f"{said.rate * 100:.0f}"
    return _("%(n)s 位居民回了话，%(share)s%% 说得到了答复") % {"n": said.said, "share": share}


def sectors(chosen: str = "") -> list[Choice]:
    """Return the sectors of online studios."""
    return [
        Choice(code, name, code == chosen) for code, name in numbers.sectors(get_language() or "").items()
    ]


def state_name(row: Question) -> str:
    """Return where a question stands, in words."""
    return {
        "asked": _("等答复"), "handed": _("转给单位在办"), "answered": _("答复了"), "settled": _("办结"),
        "declined": _("不归这里答"), "withdrawn": _("收回了"),
    }.get(row.state, row.state)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A question in a list: what is shown of it, who asked (never in public), and where it stands."""

    row: Question
    state: str
    who: str
    answers: list[tuple[str, datetime]]


def lines(rows: list[Question], *, names: bool = False) -> list[Line]:
    """Return questions as lines; `names` tells their keeper who asked."""
    return [
        Line(
            row, state_name(row), (row.asker.name or public_name("")) if names else public_name(row.asker.name),
            [(one.text, one.at) for one in row.answers.all()],
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Can:
    """What this reader may do with a question now."""

    answer: bool
    decline: bool
    hand_over: bool
    withdraw: bool
    say: bool
    hide: bool
    keeper: bool


def can(row: Question, by: Person | None) -> Can:
    """Return what `by` may do with a question; no statement but the moderator's."""
    keeps, own = rules.keeps(by, row.studio), by is not None and by.pk == row.asker_id
    waits = row.state in {"asked", "handed"}
    return Can(
        answer=keeps and waits, decline=keeps and waits, hand_over=keeps and row.state == "asked",
        withdraw=own and waits, say=own and row.state not in {"withdrawn", "declined"} and row.word is not True,
        hide=keeps and not row.private and not row.hidden and row.state in {"answered", "settled"}, keeper=keeps,
    )  # fmt: skip


def organisations(chosen: str = "") -> list[Choice]:
    """Return the organisations whose staff can be handed something now; two statements."""
    english = (get_language() or "").startswith("en")
    rows = Organisation.objects.filter(pk__in=people.staffed_organisations()).order_by("area", "id")
    return [
        Choice(str(one.pk), one.name_en if english and one.name_en else one.name, str(one.pk) == chosen)
        for one in rows
    ]
