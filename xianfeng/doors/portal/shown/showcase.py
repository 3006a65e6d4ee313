"""What pages of the showcase show: cards of achievements and broadcasts, chains, words of the catalogue."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown import people
from xianfeng.doors.portal.shown.choices import Choice, english
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.models import Achievement, Benefit, Live, Picture
from xianfeng.recognition.showcase.queries.achievements import Link


def _said(entry: dict[str, str]) -> str:
    return str(entry["en" if english() else "zh"])


def kinds(chosen: str = "") -> list[Choice]:
    """Return what an achievement may be."""
    rows = catalogue.load("showcase")["kind"]
    return [Choice(row["code"], _said(row), row["code"] == chosen) for row in rows]


def named(table: str, chosen: str = "") -> list[Choice]:
    """Return the choices of a table of the catalogue: benefit_kind, beneficiary or feedback_kind."""
    rows = catalogue.load("showcase")[table].items()
    return [Choice(code, _said(row), code == chosen) for code, row in rows]


def kind_name(code: str) -> str:
    """Return what a kind of achievement is called."""
    return next((choice.name for choice in kinds() if choice.value == code), code)


def name_of(table: str, code: str) -> str:
    """Return what one entry of a table of the catalogue is called."""
    return next((choice.name for choice in named(table) if choice.value == code), code)


def state_name(state: str) -> str:
    """Return what a state of an achievement or a broadcast is called to its author."""
    return {
        "draft": _("还没交"), "submitted": _("等单位看"), "returned": _("请改一改"), "published": _("已发布"),
        "refused": _("没有发布"), "withdrawn": _("收回了"), "taken-down": _("撤下了"), "proposed": _("等单位看"),
        "announced": _("预告"), "live": _("正在直播"), "ended": _("已结束"), "cancelled": _("取消了"),
    }.get(state, state)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """An achievement on a card: `own` shows where it stands, `photo` is its first photograph or ''."""

    row: Achievement
    kind: str
    where: str
    state: str = ""
    photo: str = ""


def cards(rows: list[Achievement], *, own: bool = False) -> list[Card]:
    """Return achievements as cards, with their first photographs; one statement."""
    first: dict[int, str] = {}
    pictures = Picture.objects.filter(achievement__in=rows).order_by("-id")
    for achievement_id, key in pictures.values_list("achievement_id", "key"):
        if achievement_id is not None:
            first[achievement_id] = reverse("portal:achievement-photo", args=[key, "small"])
    return [
        Card(
            row, kind_name(row.kind), people.where(row.area_id), state_name(row.state) if own else "",
            first.get(row.pk, ""),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Joint:
    """One link of a chain: `total` is the verified income from the root of its line down to it (yuan)."""

    link: Link
    kind: str
    total: int
    here: bool
    grew_from: str


def chain(links: list[Link], here: int) -> list[Joint]:
    """Return the links of a chain with the sum along the line that leads to each."""
    line: list[tuple[str, int]] = []
    found = []
    for link in links:
        del line[link.depth :]
        before, total = line[-1] if line else ("", 0)
        line.append((link.title, total + link.yuan))
        found.append(Joint(link, kind_name(link.kind), total + link.yuan, link.id == here, before))
    return found


@dataclass(frozen=True)
class Worth:
    """A benefit as a line: how much of what, who had it, and whether this reader may say that it is true."""

    row: Benefit
    amount: str
    kind: str
    who: str
    may_judge: bool


def worths(rows: list[Benefit], by: Person | None) -> list[Worth]:
    """Return benefits as lines."""
    return [
        Worth(
            row, _("%(n)s 个") % {"n": row.jobs} if row.kind == "jobs" else _("%(n)s 元") % {"n": f"{row.yuan:,}"},
            name_of("benefit_kind", row.kind), _who(row),
            by is not None and row.state == "claimed" and rules.may_judge_benefit(by, row),
        )
        for row in rows
    ]  # fmt: skip


def _who(row: Benefit) -> str:
    firm = row.handling.matter.firm if row.handling else None
    return firm.name if firm else name_of("beneficiary", row.beneficiary)


def asker(matter: Any) -> str:
    """Return how others name who raised a matter."""
    return str(matter.firm.name) if matter.firm else public_name(matter.requester.name)


@dataclass(frozen=True)
class OnAir:
    """A broadcast on a card."""

    row: Live
    where: str
    state: str


def on_air(rows: list[Live]) -> list[OnAir]:
    """Return broadcasts as cards."""
    return [OnAir(row, people.where(row.area_id), state_name(row.state)) for row in rows]
