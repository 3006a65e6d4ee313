"""The record in sentences: who did what, when, with the words that were given."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.desk.queries.matters import Happened
from xianfeng.foundation.kernel import catalogue, erased
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.ui import words
from xianfeng.matters.models import Matter

TRANSFERRED = "matter.transferred"


@dataclass(frozen=True)
class Line:
    """One line of ui/parts/timeline.html."""

    mark: str
    words: str
    time: str
    at: datetime
    note: str = ""
    note_class: str = ""
    next: bool = False


def lines(happened: Sequence[Happened], matter: Matter | None = None) -> list[Line]:
    """Return the record as lines of the timeline, oldest first."""
    askers = {matter.requester_id, matter.firm.responsible_id if matter.firm else 0} if matter else set()
    receivers = _receivers(happened)
    return [_line(one, askers, receivers) for one in happened]


def _line(one: Happened, askers: set[int], receivers: dict[int, str]) -> Line:
    facts = "；".join(_facts(one, receivers))
    parts = [facts, one.said] if one.code == TRANSFERRED else [one.said or facts]
    return Line(
        mark=_mark(one, askers), words=f"{_who(one)}{sentence(one.code)}", time=words.when(one.at), at=one.at,
        note="：".join(part for part in parts if part),
    )  # fmt: skip


def _receivers(happened: Sequence[Happened]) -> dict[int, str]:
    """Return by id what the organisations are called that were handed something over; no statement without any."""
    ids = {json.loads(one.new)["charge"] for one in happened if one.code == TRANSFERRED}
    english = (get_language() or "").startswith("en")
    found = Organisation.objects.filter(pk__in=ids) if ids else []
    return {one.pk: one.name_en if english else one.name for one in found}


def _mark(one: Happened, askers: set[int]) -> str:
    if one.actor_kind != "person" or (one.staff and one.actor_id not in askers):
        return "t-seal"
    return "t-dot-g" if one.actor_id in askers else "t-leaf"


def _who(one: Happened) -> str:
    if one.actor_kind != "person":
        return ""
    return f"{erased.told(one.name) or _('居民')} "


def sentence(code: str) -> str:
    """Return the sentence of an event code in the reader's language."""
    entry = catalogue.load("texts/events").get(code, {"zh": code, "en": code})
    return str(entry["en" if (get_language() or "").startswith("en") else "zh"])


def _facts(one: Happened, receivers: dict[int, str]) -> Iterator[str]:
    new: dict[str, Any] = json.loads(one.new)
    if one.code == TRANSFERRED:
        yield receivers.get(new["charge"], "")
    if survivor := new.get("survivor"):
        yield _("并到 %(number)s") % {"number": survivor}
    if new.get("due_at"):
        yield _("到 %(time)s") % {"time": words.when(datetime.fromisoformat(new["due_at"]))}
    if one.code == "matter.benefit-verified" and not new.get("verified"):
        yield _("没有认下来")
    if one.code == "matter.abuse-judged":
        yield _("不再给别人看") if new.get("hidden") else _("留着")
