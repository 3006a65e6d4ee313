"""The queue's rows: what it is, how far it is, how long it has, and what we would do, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xianfeng.doors.desk.queries.candidates import Candidate
from xianfeng.doors.desk.queries.queue import Waiting
from xianfeng.doors.desk.shown import stages
from xianfeng.doors.desk.shown.stages import Left
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.ui import words
from xianfeng.matters import categories
from xianfeng.matters.models import Handling, Matter
from xianfeng.matters.states import State

KINDS = {
    "decide": gettext_lazy("要您定"), "listed": gettext_lazy("挂账"), "soon": gettext_lazy("快到时限"),
    "abuse": gettext_lazy("有人举报"), "benefit": gettext_lazy("要核实效益"),
}  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """What we would do: a leaf (seed, skill) or an icon, the words, and the reason."""

    words: str
    reason: str
    icon: str = ""
    seed: str = ""
    skill: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the queue."""

    key: str
    kind: str
    label: str
    title: str
    number: str
    under: str
    joints: list[str]
    stands: str
    left: Left
    suggestion: Suggestion
    fileable: bool


def rows(waiting: Sequence[Waiting], candidates: Mapping[int, list[Candidate]]) -> list[Row]:
    """Return the rows as they are shown."""
    return [_row(one, candidates.get(one.matter.id, [])) for one in waiting]


def _row(one: Waiting, candidates: Sequence[Candidate]) -> Row:
    matter = one.matter
    return Row(
        key=one.key, kind=one.kind, label=str(KINDS[one.kind]), title=matter.title, number=matter.number,
        under=f"{stages.where(matter)} · {stages.asker(matter)}", joints=stages.joints(matter),
        stands=stages.standing(matter), left=_left(one), suggestion=suggestion(one, candidates),
        fileable=matter.state == State.RAISED,
    )  # fmt: skip


def _left(one: Waiting) -> Left:
    if one.kind == "abuse":
        return Left(words.lasting(_("举报了 %(span)s"), _since(one.place[1])), 0.0, "soon")
    if one.kind == "benefit":
        return Left(words.lasting(_("报了 %(span)s"), _since(one.place[1])), 0.0, "ok")
    return stages.left(one.matter) or Left("", 0.0, "ok")


def _since(at: datetime) -> float:
    return (clock.now() - at).total_seconds()


def suggestion(one: Waiting, candidates: Sequence[Candidate]) -> Suggestion:
    """Return what we would do with a row, and why."""
    if one.report:
        return Suggestion(_("看看写了什么"), abuse_reason(one.report.reason), icon="warning")
    if one.handling:
        return Suggestion(
            _("核实 %(benefit)s") % {"benefit": benefit(one.handling)},
            one.handling.pioneer.name,
            icon="coins",
        )
    return _for_matter(one.matter, candidates)


def _for_matter(matter: Matter, candidates: Sequence[Candidate]) -> Suggestion:
    if matter.state == State.TAKEN:
        name = matter.taken_by.name if matter.taken_by else ""
        return Suggestion(_("问一声进度"), _("%(name)s 手上的，到时限会退回") % {"name": name}, icon="phone")
    if candidates:
        first = candidates[0]
        return Suggestion(
            first.name,
            reason(first, matter, short=True),
            seed=first.avatar or str(first.id),
            skill=first.skill,
        )
    if matter.state == State.RAISED and not matter.disputed_count:
        return Suggestion(_("核对后放出"), _("先锋就能接了"), icon="check-circle")
    skill = categories.label(matter.category, get_language() or "")
    told = _("附近没有闲着会%(skill)s的") % {"skill": skill} if skill else _("没写类别，请先看看")
    return Suggestion(_("看看能派给谁"), told, icon="users-three")


def reason(candidate: Candidate, matter: Matter, *, short: bool = False) -> str:
    """Say why a pioneer is suggested: skill, distance, what is in hand; the index where there is room."""
    language = get_language() or ""
    parts = [categories.label(matter.category if candidate.has_skill else candidate.skill, language)]
    parts += [words.distance(candidate.metres), _("手上 %(n)s 件") % {"n": candidate.held}]
    if candidate.index is not None and not short:
        parts.append(_("指数 %(points)s") % {"points": f"{candidate.index:.1f}"})
    return " · ".join(part for part in parts if part)


def benefit(handling: Handling) -> str:
    """Say what benefit was claimed: yuan, jobs."""
    parts = (
        [_("%(yuan)s 元") % {"yuan": f"{handling.benefit_yuan:,}"}]
        if handling.benefit_yuan is not None
        else []
    )
    if handling.jobs:
        parts.append(_("%(n)s 个岗位") % {"n": handling.jobs})
    return _("、").join(parts)


def abuse_reason(code: str) -> str:
    """Return the reason of a report in the reader's language."""
    entry = catalogue.load("desk")["abuse"].get(code, {"zh": code, "en": code})
    return str(entry["en" if (get_language() or "").startswith("en") else "zh"])
