"""Lists behind figures in words: matters with what they were counted for, and pioneers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from xianfeng.doors.cockpit.filters import sliced
from xianfeng.doors.cockpit.queries.lists import Listed, Row
from xianfeng.doors.cockpit.shown import values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.matters.states import LIVE_PUBLIC

CURSOR = "cockpit-pioneers"
PAGE = 50


@dataclass(frozen=True)
class Matter:
    """One matter behind a figure. `title` '' where its words are not public; `amounts` are what was counted of it."""

    number: str
    title: str
    url: str
    place: str
    day: date
    state: str
    late: bool
    pioneer: str
    pioneer_url: str
    amounts: list[str]


def states() -> dict[str, str]:
    """Return what each state is called."""
    return {
        "raised": _("等核对"), "offered": _("等先锋回话"), "open": _("等人接"), "taken": _("在办"),
        "done": _("办好了，等打分"), "closed": _("办完了"), "declined": _("没有受理"), "withdrawn": _("收回了"),
        "merged": _("并到别的事里"),
    }  # fmt: skip


def matters(given: Listed, at: Address) -> list[Matter]:
    """Return the rows in words."""
    names = states()
    return [_matter(row, names, at) for row in given.rows]


def _matter(row: Row, names: dict[str, str], at: Address) -> Matter:
    opens = row.number and (row.state in LIVE_PUBLIC or not at.scope.public)
    return Matter(
        row.number, row.title, reverse("portal:need", args=[row.number]) if opens else "",
        places.full_name(tree.find(row.area_id), values.language()), row.day, names.get(row.state, row.state), row.late,
        row.pioneer, reverse("portal:portrait", args=[row.pioneer_id]) if row.pioneer_id else "", _amounts(row),
    )  # fmt: skip


def _amounts(row: Row) -> list[str]:
    told = []
    if row.taken_minutes is not None:
        told.append(_("%(time)s接单") % {"time": " ".join(values.minutes(row.taken_minutes))})
    if row.done_minutes is not None:
        told.append(_("%(time)s办好") % {"time": " ".join(values.minutes(row.done_minutes))})
    if row.stars is not None:
        told.append(_("%(n)s 星") % {"n": f"{row.stars / 3:.1f}".removesuffix(".0")})
    if row.benefit_yuan:
        told.append(_("增收 %(n)s") % {"n": " ".join(values.yuan(row.benefit_yuan))})
    return told


def further(at: Address, measure: str, cursor: str, *, whole: bool) -> str:
    """Return the address of the following rows; '' at the end."""
    return _with(at.here("rows", measure), cursor=cursor, whole="1" if whole else "") if cursor else ""


def csv(at: Address, measure: str, *, whole: bool) -> str:
    """Return the address of all rows as a file."""
    name = f"api/v1/cockpit/{at.kind}/{at.scope.code}/rows/{measure}"
    query = at.filters.query()
    address = f"{get_script_prefix()}{name}" + (f"?{query}" if query else "")
    return _with(address, whole="1" if whole else "", form="csv")


def _with(address: str, **query: str) -> str:
    told = "&".join(f"{name}={value}" for name, value in query.items() if value)
    return f"{address}{'&' if '?' in address else '?'}{told}"


@dataclass(frozen=True)
class Person:
    """A pioneer of the list."""

    name: str
    url: str
    leaf: str
    skill: str
    organisation: str
    place: str
    helped: int
    index: float | None


def pioneers(at: Address, cursor: str | None) -> tuple[list[Person], str]:
    """Return a page of pioneers, and the address of the next. Raises Refused 'cursor-invalid'; Missing as the board."""
    one, place = sliced(at.scope, at.filters), cursors.unpack(CURSOR, cursor)
    found = Pioneer.objects.filter(suspended_at=None, area__path__contains=[one.area.pk]).select_related(
        "organisation"
    )
    if one.organisations is not None:
        found = found.filter(organisation__in=one.organisations)
    if one.category:
        found = found.filter(skills__contains=[one.category])
    if place is not None:
        found = found.filter(people.behind(*_place(place)))
    rows = list(found.order_by(F("index").desc(nulls_last=True), "id")[: PAGE + 1])
    more = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        more = _with(at.here("pioneers"), cursor=cursors.pack(CURSOR, [last.index, last.pk]))
    return [_person(row) for row in rows[:PAGE]], more


def _place(place: Any) -> tuple[float | None, int]:
    match place:
        case [float() | int() | None as index, int() as row]:
            return index, row
    raise Refused("cursor-invalid", field="cursor")


def _person(row: Pioneer) -> Person:
    organisation = row.organisation
    return Person(
        row.name, reverse("portal:portrait", args=[row.pk]), str(row.pk), next(iter(row.skills), ""),
        organisation.name_en if values.english() else organisation.name,
        places.full_name(tree.find(row.area_id), values.language()), row.helped, row.index,
    )  # fmt: skip
