"""成果和直播 on the desk: what pioneers want to show, judged before anybody sees it; and what stands, taken down."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.shown.lists import english
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.showcase.operations import achievements, benefits, feedback, lives
from xianfeng.recognition.showcase.queries import waiting

Act = Callable[[StaffRequest, int, str], object]
NEWEST = 50


def names() -> dict[str, str]:
    """Return what each kind of row is called."""
    return {
        "achievement": _("成果"), "live": _("直播"), "benefit": _("效益"), "comment": _("留言"), "feedback": _("反馈"),
        "published": _("已发布的成果"), "aired": _("预告和播过的"),
    }  # fmt: skip


@require_safe
@staff
def showcase(request: StaffRequest) -> HttpResponse:
    """List what waits of one kind, or what stands."""
    return _list(request)


def _list(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    given = request.GET if request.method != "POST" else request.POST
    kind = given.get("kind", "")
    counts = waiting.counts(request.reach.organisations)
    if kind not in waiting.KINDS:
        kind = next((name for name, count in counts.items() if count), "achievement")
    rows = list(waiting.rows(kind, request.reach.organisations)[: NEWEST + 1])
    context = {
        "tab": "showcase", "kind": kind, "rows": [(row, _named(kind, row)) for row in rows[:NEWEST]],
        "kinds": [(name, words, counts.get(name)) for name, words in names().items()], "key": new_key(),
        "more": len(rows) > NEWEST, "newest": NEWEST,
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/showcase.html", context, status=status(refusal.code) if refusal else 200)


def _named(kind: str, row: Any) -> str:
    """Return what the catalogue calls a row's kind."""
    known = catalogue.load("showcase")
    tables = {"benefit": "benefit_kind", "feedback": "feedback_kind"}
    if kind in tables:
        entry: dict[str, str] = known[tables[kind]][row.kind]
    elif kind in {"achievement", "published"}:
        entry = next(one for one in known["kind"] if one["code"] == row.kind)
    else:
        return ""
    return entry["en" if english() else "zh"]


def _achievement(request: StaffRequest, pk: int, name: str) -> object:
    return achievements.judge(pk, name, by=request.person, reason=request.POST.get("words", ""))


def _live(request: StaffRequest, pk: int, name: str) -> object:
    return lives.judge(pk, name, by=request.person, reason=request.POST.get("words", ""))


def _benefit(request: StaffRequest, pk: int, name: str) -> object:
    words = request.POST.get("words", "")
    return benefits.judge(pk, by=request.person, verified=name == "verify", reason=words)


def _comment(request: StaffRequest, pk: int, name: str) -> object:
    return lives.judge_comment(pk, by=request.person, shown=name == "show")


def _feedback(request: StaffRequest, pk: int, _name: str) -> object:
    return feedback.answer(pk, request.POST.get("words", ""), by=request.person)


# which names each kind knows, and what does them
_ACTS: dict[str, tuple[frozenset[str], Act]] = {
    "achievement": (frozenset({"publish", "return", "refuse", "take_down"}), _achievement),
    "live": (frozenset({"announce", "refuse", "take_down"}), _live),
    "benefit": (frozenset({"verify", "refuse"}), _benefit),
    "comment": (frozenset({"show", "hide"}), _comment),
    "feedback": (frozenset({"answer"}), _feedback),
}


@require_POST
@staff
def judge(request: StaffRequest, kind: str, pk: int, name: str) -> HttpResponse:
    """Decide on one thing; what is refused is told on the list it came from."""
    allowed, act = _ACTS.get(kind, (frozenset[str](), _achievement))
    if name not in allowed:
        raise Missing
    refusal = attempt(request, lambda: act(request, pk, name))
    if refusal:
        return _list(request, refusal)
    shown = request.POST.get("kind", kind)
    to = f"{reverse('desk:showcase')}?kind={shown if shown in waiting.KINDS else kind}"
    return flash.say(redirect(to), "showcase-judged")
