"""A matter's life as a timeline that grows: what happened, where it stands, what comes next and by when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xianfeng.doors.portal.shown.reader import Reader, asker_name
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.ui import words
from xianfeng.matters.models import Handling, Matter, Remark
from xianfeng.matters.queries import Step
from xianfeng.matters.states import State

_ELSEWHERE = {"matter.messaged", "matter.photo-added"}  # the page shows them where they belong
_BY_STAFF = {
    "matter.filed", "matter.declined", "matter.merged", "matter.assigned", "matter.extended", "matter.imported",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of ui/parts/timeline.html: shape, words, time, note; `next` is still to come."""

    mark: str
    words: str
    time: str = ""
    at: datetime | None = None
    note: str = ""
    note_class: str = ""
    next: bool = False


def life(
    matter: Matter,
    steps: Sequence[Step],
    handlings: Sequence[Handling],
    reader: Reader,
    remarks: Sequence[Remark],
) -> list[Line]:
    """Return the timeline of `matter` as `reader` sees it; `remarks` are the words this reader may read."""
    names = _names(matter, handlings, reader)
    past = [_past(step, matter, names, remarks) for step in steps if step.code not in _ELSEWHERE]
    return [*past, *_ahead(matter, reader)]


@dataclass(frozen=True)
class _Known:
    name: str
    mark: str


def _names(matter: Matter, handlings: Sequence[Handling], reader: Reader) -> dict[int, _Known]:
    """Return who acts under which name and shape, by person id: the sides, pioneers of the past, teams called."""
    leaf = [(one.pioneer.spokesperson_id, one.pioneer.name) for one in handlings]
    leaf += [(visit.team.spokesperson_id, visit.team.name) for one in handlings for visit in one.visits.all()]
    if matter.offered_to:
        leaf.append((matter.offered_to.spokesperson_id, matter.offered_to.name))
    found = {person: _Known(name, "t-leaf") for person, name in leaf}
    asker = _Known(asker_name(matter, reader), "t-dot-g")
    found[matter.requester_id] = asker
    if matter.firm:
        found[matter.firm.responsible_id] = asker
    if reader.person and reader.person.pk in found:
        found[reader.person.pk] = _Known(_("您"), found[reader.person.pk].mark)
    return found


def _past(step: Step, matter: Matter, names: dict[int, _Known], remarks: Sequence[Remark]) -> Line:
    who = _who(step, names)
    said = next((one.text for one in remarks if one.code == step.code and one.at == step.at), "")
    return Line(
        mark=who.mark, words=_told(who.name, _sentence(step.code)), time=words.when(step.at), at=step.at,
        note=said or _quick(step, matter), note_class="" if said else "took",
    )  # fmt: skip


def _told(name: str, sentence: str) -> str:
    if name == "您":
        return f"{name}{sentence}"  # a name stands apart from what it did, the reader does not
    return f"{name} {sentence}" if name else f"{sentence[:1].upper()}{sentence[1:]}"


def _who(step: Step, names: dict[int, _Known]) -> _Known:
    if step.actor_kind != "person":
        return _Known("", "t-seal")
    if known := names.get(step.actor_id):
        return known
    return _Known(_("工作人员"), "t-seal") if step.code in _BY_STAFF else _Known(_("一位先锋"), "t-leaf")


def _sentence(code: str) -> str:
    entry = catalogue.load("texts/events").get(code, {"zh": code, "en": code})
    return str(entry["en" if (get_language() or "").startswith("en") else "zh"])


def _quick(step: Step, matter: Matter) -> str:
    """Say how long somebody waited for the hand that is on it now."""
    if step.code not in {"matter.claimed", "matter.accepted"} or step.at != matter.taken_at:
        return ""
    waited = (step.at - matter.raised_at).total_seconds()
    return words.lasting(_("等了 %(span)s"), waited)


def _ahead(matter: Matter, reader: Reader) -> Iterator[Line]:
    if waiting := _waiting(matter):
        yield waiting
        yield Line("t-leaf-n", _("上门、动手"), next=True)
        yield _rating(matter, reader)
    elif matter.state == State.TAKEN:
        yield _doing(matter, reader)
        yield _rating(matter, reader)
    elif matter.state == State.DONE:
        yield _rating(matter, reader, note=_until(matter, _("%(time)s 前没打分，按办好结束")))


def _waiting(matter: Matter) -> Line | None:
    """Return what is waited for now, since when, and what happens when nobody comes; None once it is in hand."""
    offered = matter.offered_to.name if matter.offered_to else ""
    told = {
        State.RAISED: (_("等工作人员核对"), _("%(time)s 前没核对，就挂账盯办"), ""),
        State.OPEN: (_("等一位先锋来接"), _("%(time)s 前没人接，就挂账盯办"), _("等得久了，工作人员在盯")),
        State.OFFERED: (_("等 %(name)s 回话") % {"name": offered}, _("%(time)s 前没回音，谁都可以接"), ""),
    }.get(State(matter.state))
    if told is None:
        return None
    sentence, limit, beyond = told
    return Line("now", sentence, words.waited(matter.entered_at), note=_until(matter, limit) or beyond)


def _doing(matter: Matter, reader: Reader) -> Line:
    name = matter.taken_by.name if matter.taken_by else ""
    doing = _("您在办") if reader.taker else _("%(name)s 在办") % {"name": name}
    return Line("t-leaf-n", doing, note=_until(matter, _("%(time)s 前没办好，谁都可以接")), next=True)


def _rating(matter: Matter, reader: Reader, note: str = "") -> Line:
    name = asker_name(matter, reader)
    last = _("您打分，才算完") if reader.requester else _("%(name)s 打分，才算完") % {"name": name}
    return Line("t-dot-n", last, note=note, next=True)


def _until(matter: Matter, sentence: str) -> str:
    return sentence % {"time": words.when(matter.due_at)} if matter.due_at else ""


@dataclass(frozen=True)
class Joint:
    """One joint of the stalk: its state ('done', 'now' or '') and its label."""

    state: str
    label: str


@dataclass(frozen=True)
class Stalk:
    """A matter's progress as a bamboo of five joints, and the same in words."""

    spoken: str
    joints: list[Joint]


_REACHED = {
    State.RAISED: 0, State.OFFERED: 0, State.OPEN: 0, State.TAKEN: 2, State.DONE: 4, State.CLOSED: 5,
}  # fmt: skip


def stalk(matter: Matter) -> Stalk:
    """Return how far `matter` has come: 提出 接单 办理 办好 评价."""
    at = _REACHED.get(State(matter.state), 0)
    labels = [_("提出"), _("接单"), _("办理"), _("办好"), _("评价")]
    joints = [
        Joint("done" if place < at else "now" if place == at else "", label)
        for place, label in enumerate(labels)
    ]
    reached = labels[min(at, 4)]
    spoken = _("进度：共 5 步，已到第 %(n)s 步，%(name)s") % {"n": min(at, 4) + 1, "name": reached}
    return Stalk(spoken, joints)
