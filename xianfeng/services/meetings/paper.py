"""The minutes of a meeting as a paper: who was there, what was said and decided, what was handed to whom."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import paper
from xianfeng.services.meetings import kinds, queries
from xianfeng.services.meetings.models import Invitation, Item, Meeting, Task


def minutes(meeting: Meeting) -> bytes:
    """Return the minutes of a meeting as PDF; the same state gives the same bytes. Raises 'paper-fonts-missing'."""
    at = meeting.ended_at or meeting.opened_at or meeting.called_at
    return paper.pdf("minutes", _given(meeting), at=at)


def _given(meeting: Meeting) -> dict[str, Any]:
    language = get_language() or ""
    invited = queries.invitations(meeting)
    return {
        "lang": "en" if language.startswith("en") else "zh", "kind": kinds.named("kind", language)[meeting.kind],
        "title": meeting.title, "facts": _facts(meeting, language), "words": _words(),
        "there": [_name(one, language) for one in invited if one.present],
        "absent": [_name(one, language) for one in invited if one.present is False],
        "items": [_item(number, one) for number, one in enumerate(queries.agenda(meeting), start=1)],
        "tasks": [_task(one, language) for one in queries.tasks(meeting)], "reason": meeting.reason,
    }  # fmt: skip


def _facts(meeting: Meeting, language: str) -> list[list[str]]:
    where = places.full_name(tree.find(meeting.area_id), language)
    return [
        [_("时间"), f"{timezone.localtime(meeting.opened_at or meeting.starts_at):%Y-%m-%d %H:%M}"],
        [_("地点"), meeting.place], [_("哪里的会"), where], [_("召集"), meeting.caller.name],
    ]  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "there": _("到场"), "absent": _("没到"), "agenda": _("议程和结果"), "decision": _("定了"),
        "undecided": _("没定，留到下次"),
        "carried": _("接着上次"), "tasks": _("交办清单"), "none": _("没有"), "reason": _("取消的原因"),
    }  # fmt: skip


def _name(one: Invitation, language: str) -> str:
    return f"{one.person.name} · {roles.name(one.role, language)}" if one.role else one.person.name


def title(item: Item) -> str:
    """Return what an item is called: its own title, or that of what it is about."""
    if item.task is not None:
        return item.task.matter.title
    if item.matter is not None:
        return item.matter.title
    return item.proposal.title if item.proposal is not None else item.title


def _item(number: int, one: Item) -> dict[str, Any]:
    return {
        "number": number, "title": title(one), "carried": one.carried, "minutes": one.minutes, "decision": one.decision,
        "decided": one.state == "decided",
    }  # fmt: skip


def _task(one: Task, language: str) -> list[str]:
    return [one.matter.number, one.matter.title, organisation(one.organisation, language)]


def organisation(one: Organisation, language: str) -> str:
    """Return an organisation's name in `language`."""
    return one.name_en if language.startswith("en") and one.name_en else one.name
