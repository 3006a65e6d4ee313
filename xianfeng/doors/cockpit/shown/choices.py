"""Choices of the filters of a board, in the reader's language, and what a chosen one is called."""

from collections.abc import Iterable
from dataclasses import dataclass

from xianfeng.doors.cockpit.shown import values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import queries as places
from xianfeng.matters import services


@dataclass(frozen=True)
class Choice:
    """One line of a choice."""

    value: str
    name: str
    chosen: bool = False


@dataclass(frozen=True)
class Filter:
    """The form: where it leads, its two months, and its choices."""

    action: str
    since: str
    until: str
    areas: list[Choice]
    organisations: list[Choice]
    services: list[Choice]
    categories: list[Choice]


def filters(at: Address) -> Filter:
    """Return the form with what stands chosen."""
    chosen, language = at.filters, values.language()
    below = [(area.code, places.name(area, language)) for area in places.children(at.scope.area)]
    return Filter(
        at.to("board"), chosen.since, chosen.until, _choices(below, chosen.area),
        _choices(_organisations(), chosen.organisation), _choices(_services(), chosen.service),
        _choices(_categories(), chosen.category),
    )  # fmt: skip


def _choices(pairs: Iterable[tuple[str, str]], chosen: str) -> list[Choice]:
    return [Choice(code, name, code == chosen) for code, name in pairs]


def _said(entry: dict[str, str]) -> str:
    return entry["en" if values.english() else "zh"]


def _organisations() -> list[tuple[str, str]]:
    return [(kind["code"], _said(kind)) for kind in catalogue.load("organisations")["kind"]]


def _services() -> list[tuple[str, str]]:
    return [(one.code, _said(one.data)) for one in services.all_current()]


def _categories() -> list[tuple[str, str]]:
    return [(code, _said(entry)) for code, entry in catalogue.load("skills").items()]


def names() -> dict[str, str]:
    """Return what each chosen filter is called, by 'filter:value'."""
    found = {f"organisation:{code}": name for code, name in _organisations()}
    found |= {f"service:{code}": name for code, name in _services()}
    return found | {f"category:{code}": name for code, name in _categories()}
