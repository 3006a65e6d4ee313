"""Where a matter stands, in words and as a bamboo of five joints."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import words
from xianfeng.matters import services
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State

STATES = {
    State.RAISED: gettext_lazy("等核对"), State.OFFERED: gettext_lazy("等先锋回话"), State.OPEN: gettext_lazy("等人接"),
    State.TAKEN: gettext_lazy("在办"), State.DONE: gettext_lazy("办好了，等打分"), State.CLOSED: gettext_lazy("办完了"),
    State.DECLINED: gettext_lazy("没有受理"), State.WITHDRAWN: gettext_lazy("收回了"),
    State.MERGED: gettext_lazy("并到别的事里"),
}  # fmt: skip
_REACHED = {State.RAISED: 0, State.OFFERED: 1, State.OPEN: 1, State.TAKEN: 2, State.DONE: 4, State.CLOSED: 5}
BAR = 110.0


def joints(matter: Matter) -> list[str]:
    """Return the five joints of the stalk: 'done', 'now' or ''; the first, the dot, is done once somebody has it."""
    at = _REACHED.get(State(matter.state), 0)
    found = ["done" if place < at else "now" if place == at else "" for place in range(5)]
    return ["", *found[1:]] if at == 1 else found


def standing(matter: Matter) -> str:
    """Return where a matter stands, with who holds it."""
    if matter.state == State.TAKEN and matter.taken_by:
        return _("%(name)s 在办") % {"name": matter.taken_by.name}
    if matter.state == State.RAISED and matter.disputed_count:
        return _("两次说没办好，等您定")
    return str(STATES[State(matter.state)])


def asker(matter: Matter) -> str:
    """Return who asked, by the name staff read."""
    return matter.firm.name if matter.firm else matter.requester.name or _("居民")


def where(matter: Matter) -> str:
    """Return the place of a matter from the county down, read from memory."""
    return places.full_name(tree.find(matter.area_id), get_language() or "zh-hans")


@dataclass(frozen=True)
class Left:
    """How much time is left: in words, as a bar of BAR units, and how pressing it is: 'over', 'soon' or 'ok'."""

    words: str
    bar: float
    kind: str


def left(matter: Matter) -> Left | None:
    """Return what is left of the running limit; for a listed matter how long it has stood; None where nothing runs."""
    now = clock.now()
    if matter.due_at is None:
        waited = words.lasting(_("等了 %(span)s"), (now - matter.entered_at).total_seconds())
        return Left(waited, BAR, "over") if matter.listed else None
    limit = timedelta(minutes=_minutes(matter))
    remaining = matter.due_at - now
    spent = 1 - remaining / limit if limit else 1.0
    kind = "over" if remaining <= timedelta() else "soon" if remaining < timedelta(hours=4) else "ok"
    return Left(words.left(matter.due_at), round(BAR * min(1.0, max(0.04, spent)), 1), kind)


def _minutes(matter: Matter) -> int:
    return services.version(matter.service_code, matter.service_version).minutes(State(matter.state))
