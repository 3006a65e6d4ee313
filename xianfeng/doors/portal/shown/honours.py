"""What the public pages of honours say: rounds, who was honoured, a file with its gaps."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xianfeng.doors.portal.shown.pioneer import Honour as Seal
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.recognition.honours import choosing, eligibility, titles
from xianfeng.recognition.honours.certificates import giver
from xianfeng.recognition.honours.models import Honour, Pick, Round
from xianfeng.recognition.honours.queries import Graded, Honoured

STATES = {
    "open": lazy("正在申报"), "review": lazy("正在评审"), "ranked": lazy("正在评审"), "notice": lazy("公示中"),
    "decided": lazy("有结果了"),
}  # fmt: skip
GAPS = {
    "profile": lazy("介绍写得少，说说您是谁、做什么"), "specialities": lazy("还没选会做什么"),
    "deed": lazy("还没写一件事迹"), "evidence": lazy("还没放一件办好的求助，或者一份材料"),
}  # fmt: skip


@dataclass(frozen=True)
class RoundCard:
    """A round in a list."""

    row: Round
    stands: str
    title: str
    level: str
    giver: str


@dataclass(frozen=True)
class Card:
    """Somebody honoured, once, with the names of all their honours."""

    one: Honoured
    where: str
    names: list[tuple[str, str]]


@dataclass(frozen=True)
class Picked:
    """A pioneer of a month: the pick, whose month it is, and where the pioneer is at home."""

    pick: Pick
    of: str
    where: str


def picks(found: Iterable[Pick]) -> list[Picked]:
    """Return the pioneers of a month as cards; no statement."""
    language = get_language() or ""
    return [
        Picked(one, _whose(one, language), places.full_name(tree.find(one.pioneer.area_id), language))
        for one in found
    ]


def _whose(pick: Pick, language: str) -> str:
    if pick.organisation is None:
        return places.full_name(tree.find(pick.area_id), language)
    return pick.organisation.name_en if language.startswith("en") else pick.organisation.name


def graded(found: Graded | None) -> list[Seal]:
    """Return a grade as a pioneer's page shows it beside the honours, nothing for who holds none; no statement."""
    if found is None:
        return []
    grade = found.grade
    name = grade.en if (get_language() or "").startswith("en") else grade.zh
    if found.year:
        return [Seal(_("级"), f"{name} · {found.year}", _("每年评一次"))]
    return [Seal(_("级"), name, _("按眼下的指数，还没评过"))]


def rounds(found: Iterable[Round]) -> list[RoundCard]:
    """Return rounds as cards; no statement."""
    language = get_language() or ""
    return [
        RoundCard(
            one, str(STATES[one.state]), titles.title(one.title).name(language), titles.level_name(one.level, language),
            _giver(one, language),
        )
        for one in found
    ]  # fmt: skip


def _giver(about: Round, language: str) -> str:
    if about.organisation is None:
        return _("全市")
    return about.organisation.name_en if language.startswith("en") else about.organisation.name


def cards(found: Iterable[Honoured]) -> list[Card]:
    """Return who was honoured as cards; no statement."""
    language = get_language() or ""
    return [
        Card(
            one,
            places.full_name(tree.find(one.pioneer.area_id), language),
            [named(row) for row in one.honours],
        )
        for one in found
    ]


def named(honour: Honour) -> tuple[str, str]:
    """Return an honour's title with its level, and who gave it."""
    language = get_language() or ""
    title = f"{titles.level_name(honour.level, language)} · {titles.title(honour.title).name(language)}"
    return title, giver(honour, language)


def rules(about: Round) -> list[str]:
    """Return the rules of a round in words; one statement."""
    return [eligibility.rule_words(rule, get_language() or "") for rule in about.rules.order_by("position")]


def quotas(about: Round) -> list[tuple[str, int]]:
    """Return whose places there are, and how many; one statement."""
    return [
        (choosing.name(one), one.places) for one in about.quotas.select_related("organisation").order_by("id")
    ]


def gaps(codes: Iterable[str]) -> list[str]:
    """Return what a file lacks, in words."""
    return [str(GAPS[code]) for code in codes]


def seals(found: Iterable[Honour]) -> list[Seal]:
    """Return honours as a pioneer's page shows them; no statement."""
    return [_seal(one) for one in found]


def _seal(one: Honour) -> Seal:
    title, by = named(one)
    seal = one.organisation.seal if one.organisation else _("市")
    return Seal(seal, f"{title} · {timezone.localtime(one.since).year}", by)
