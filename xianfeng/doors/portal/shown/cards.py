"""Needs as cards of feed and home: what first, then where and when, then why it is shown to this reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import words
from xianfeng.matters import categories
from xianfeng.matters.queries import Near

_SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Card:
    """One need as ui/parts/need.html draws it; `tags` are (kind, text), `metres` None where nobody knows."""

    number: str
    url: str
    title: str
    where: str
    metres: float | None
    waited: str
    wanted: str
    fit: str
    tags: list[tuple[str, str]]
    photo: str
    solid: bool
    help: bool
    waiting: bool = True


def cards(rows: Iterable[Near], pioneers: Sequence[Pioneer]) -> list[Card]:
    """Return the cards of `rows` for a reader who speaks for `pioneers` (none: a reader who cannot help)."""
    skills = {skill for pioneer in pioneers for skill in pioneer.skills}
    return [_card(row, skills, pioneers) for row in rows]


def _card(row: Near, skills: set[str], pioneers: Sequence[Pioneer]) -> Card:
    fits = row.category in skills
    return Card(
        number=row.number, url=reverse("portal:need", args=[row.number]), title=row.title,
        where=places.name(tree.find(row.area_id), get_language() or ""), metres=row.metres,
        waited=words.waited(row.raised_at), wanted=_wanted(row),
        fit=categories.label(row.category, get_language() or "") if fits else "", tags=_tags(row, fits=fits),
        photo=photo_address(row.photo_key), solid=fits, help=_may_help(row, pioneers),
    )  # fmt: skip


def photo_address(key: str | None, size: str = "small") -> str:
    """Return the address of a photograph in a size, '' for none."""
    return reverse("portal:photo", args=[key, size]) if key else ""


def _may_help(row: Near, pioneers: Sequence[Pioneer]) -> bool:
    return any(row.requester_id not in {pioneer.spokesperson_id, *pioneer.kin} for pioneer in pioneers)


def _wanted(row: Near) -> str:
    return "" if row.wanted == "days" else wanted_words(row.wanted, None, row.wanted_until)


def wanted_words(wanted: str, start: datetime | None, until: datetime | None) -> str:
    """Say when help is wanted: 现在就要, 今天, 7 月 3 日前, 明天 14:00 到 16:00."""
    if wanted == "now":
        return _("现在就要")
    if wanted == "today":
        return _("今天")
    if wanted == "date" and start and until:
        same = timezone.localdate(start) == timezone.localdate(until)
        end = f"{timezone.localtime(until):%H:%M}" if same else words.when(until)
        return _("%(start)s 到 %(end)s") % {"start": words.planned(start), "end": end}
    if wanted == "date" and until:
        return _("%(day)s前") % {"day": words.day(until)}
    return _("这几天")


def _tags(row: Near, *, fits: bool) -> list[tuple[str, str]]:
    found = []
    if row.firm_id:
        found.append(("firm", _("企业难题")))
    if row.wanted_until and clock.now() < row.wanted_until < clock.now() + _SOON:
        found.append(("soon", words.left(row.wanted_until)))
    elif row.wanted != "days":
        found.append(("wait", words.waited(row.raised_at)))
    if row.listed:
        found.append(("soon", _("挂账盯办")))
    if not fits and row.category:
        found.append(("plain", categories.label(row.category, get_language() or "")))
    return found
