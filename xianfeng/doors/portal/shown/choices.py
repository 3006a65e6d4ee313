"""Choices of the filters and forms about people: skills, areas, organisations, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area


@dataclass(frozen=True)
class Choice:
    """One line of a choice: what is sent, what is read, and whether it stands chosen."""

    value: str
    name: str
    chosen: bool = False


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def _said(entry: dict[str, str]) -> str:
    return str(entry["en" if english() else "zh"])


def skills(chosen: str = "", first: list[str] | None = None) -> list[Choice]:
    """Return the skills of the catalogue, those of `first` on top."""
    known = catalogue.load("skills")
    order = [*(code for code in first or [] if code in known), *known]
    return [Choice(code, _said(known[code]), code == chosen) for code in dict.fromkeys(order)]


def kinds(chosen: str = "") -> list[Choice]:
    """Return what a pioneer may be."""
    named = (("individual", _("个人")), ("collective", _("集体")))
    return [Choice(code, name, code == chosen) for code, name in named]


def organisations(chosen: str = "") -> list[Choice]:
    """Return the kinds of mass organisations."""
    told = catalogue.load("organisations")["kind"]
    return [Choice(kind["code"], _said(kind), kind["code"] == chosen) for kind in told]


def counties(chosen: str = "", *more: Area) -> list[Choice]:
    """Return the counties of the city by code, and below them the areas of `more` that are none of them."""
    language, root = get_language() or "", places.root()
    areas = [*places.children(root), *(area for area in more if area.pk != root.pk)]
    rows = [Choice(area.code, places.name(area, language), area.code == chosen) for area in areas]
    return list({row.value: row for row in rows}.values())


def area(code: str) -> Area | None:
    """Return the area of a code that an address brings; None for none and for one that is not known."""
    try:
        return places.by_code(code) if code else None
    except Missing:
        return None
