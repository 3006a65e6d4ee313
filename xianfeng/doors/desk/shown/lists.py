"""Rows of the lists, and the choices of their filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.desk.queries import lists
from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.shown import stages
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import queries as places
from xianfeng.matters import categories
from xianfeng.matters import services as known
from xianfeng.matters.models import Matter


@dataclass(frozen=True)
class Row:
    """One matter in a list."""

    number: str
    title: str
    under: str
    stands: str
    listed: bool
    category: str
    taker: str
    raised_at: datetime


def rows(matters: Sequence[Matter]) -> list[Row]:
    """Return matters as rows of the list; no statement."""
    language = get_language() or "zh-hans"
    return [
        Row(
            number=one.number, title=one.title, under=f"{stages.where(one)} · {stages.asker(one)}",
            stands=stages.standing(one), listed=one.listed and one.state in {"raised", "open"},
            category=categories.label(one.category, language), taker=one.taken_by.name if one.taken_by else "",
            raised_at=one.raised_at,
        )
        for one in matters
    ]  # fmt: skip


Choice = tuple[str, str]


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def services() -> list[Choice]:
    """Return the services by code, those that were withdrawn too: their matters stand."""
    return [(one.code, one.data["en" if english() else "zh"]) for one in known.all_named()]


def skills() -> list[Choice]:
    """Return the categories by code."""
    entries = catalogue.known("skills").items()
    return [(code, entry["en" if english() else "zh"]) for code, entry in entries]


def areas(reach: Reach) -> list[Choice]:
    """Return counties and towns within reach, by code."""
    language = get_language() or "zh-hans"
    return [(area.code, places.full_name(area, language)) for area in lists.areas(reach)]


def organisations(reach: Reach) -> list[Choice]:
    """Return the organisations within reach, by id; one statement."""
    rows = Organisation.objects.order_by("area__code", "kind")
    if reach.organisations is not None:
        rows = rows.filter(pk__in=reach.organisations)
    return [(str(pk), en if english() else zh) for pk, zh, en in rows.values_list("id", "name", "name_en")]


def receivers(matter: Matter) -> list[Choice]:
    """Return the organisations that a matter can be handed over to, those of its area first; two statements."""
    staffed = people.staffed_organisations() - {matter.charge_id}
    rows = list(Organisation.objects.filter(pk__in=staffed).order_by("area__code", "kind"))
    rows.sort(key=lambda one: one.area_id not in matter.area.path)
    return [(str(one.pk), one.name_en if english() else one.name) for one in rows]


def states() -> list[Choice]:
    """Return the states by code."""
    return [(state.value, str(label)) for state, label in stages.STATES.items()]


def how_many_people(count: int, more: bool) -> str:
    """Say how many pioneers there are, or that there are more than were counted."""
    return _("超过 %(n)s 位") % {"n": f"{count:,}"} if more else _("%(n)s 位") % {"n": f"{count:,}"}


def how_many(count: int, more: bool) -> str:
    """Say how many matters there are, or that there are more than were counted."""
    return _("超过 %(n)s 件") % {"n": f"{count:,}"} if more else _("%(n)s 件") % {"n": f"{count:,}"}
