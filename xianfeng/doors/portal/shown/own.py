"""One's own data as a page reads it: sections with their names, rows of named values, and who looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import looks, telling
from xianfeng.matters.models import Matter

ROWS = 20


@dataclass(frozen=True)
class Field:
    """One value with its name; `at` is set for an instant."""

    name: str
    value: Any
    at: datetime | None = None


@dataclass(frozen=True)
class Section:
    """One kind of things that are kept: its name, the first rows, and how many more the file has."""

    title: str
    rows: list[list[Field]]
    count: int
    more: int


def sections(person: Person) -> list[Section]:
    """Return what is kept of `person`, sections with nothing in them left out."""
    language = get_language() or "zh-hans"
    told = telling.own_data(person)
    return [
        _section(telling.label(name, language), rows, language)
        for name, rows in told.items()
        if isinstance(rows, list) and rows and name != "looks"  # these have a page of their own
    ]


def _section(title: str, rows: list[dict[str, Any]], language: str) -> Section:
    return Section(title, [_row(row, language) for row in rows[:ROWS]], len(rows), max(0, len(rows) - ROWS))


def _row(row: dict[str, Any], language: str) -> list[Field]:
    return [
        Field(telling.label(name, language), _plain(value), _instant(name, value))
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]


def _plain(value: Any) -> Any:
    """Return a value as it is read on a line: what is several is written one after the other."""
    if isinstance(value, dict):
        return "，".join(f"{name} {_plain(one)}" for name, one in value.items())
    return "、".join(str(_plain(one)) for one in value) if isinstance(value, list) else value


def _instant(name: str, value: Any) -> datetime | None:
    timed = name.endswith("_at") or name in {"at", "since", "until"}
    return parse_datetime(value) if timed and isinstance(value, str) else None


@dataclass(frozen=True)
class Look:
    """One line: when, who, what they saw, and the number of the need it was about."""

    at: datetime
    who: str
    words: str
    number: str


def looks_at(person: Person, limit: int) -> list[Look]:
    """Return who looked at the data of `person`, newest first."""
    found = looks.looks_at(person, limit=limit)
    ids = {look.matter_id for look in found if look.matter_id}
    numbers = dict(Matter.objects.filter(pk__in=ids).values_list("id", "number"))
    words = {
        "person.contact-shown": _("看了您的手机号"), "person.contact-shown-to-staff": _("看了您的手机号"),
        "person.looked-at": _("看了您求助的全部内容"), "person.exported": _("导出的表里有您"),
    }  # fmt: skip
    return [Look(one.at, one.who, words[one.what], numbers.get(one.matter_id or 0, "")) for one in found]
