"""数字: what all this came to, by county and year; each figure leads to exactly its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.forms.asking import number
from xianfeng.doors.portal.shown import choices, newest
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.recognition.showcase.queries import figures
from xianfeng.recognition.showcase.queries.figures import LISTS, Asked

PAGE = 50
AT = {
    "solved": "closed_at", "benefit": "verified_at", "achievements": "published_at", "bookings": "raised_at",
    "lives": "started_at", "feedback": "sent_at", "problems": "sent_at", "settled": "sent_at", "satisfied": "sent_at",
}  # fmt: skip


def _asked(request: HttpRequest) -> tuple[Asked, dict[str, str]]:
    """Return what the address asks for; an area or a year that is none asks for everything."""
    kept = {name: request.GET.get(name, "").strip()[:24] for name in ("area", "year")}
    year = number(kept["year"])
    if year is not None and not 2000 <= year <= 2100:
        year = None
    return Asked(choices.area(kept["area"]), year), kept


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show every figure, filtered by county and year."""
    asked, kept = _asked(request)
    found = figures.figures(asked)
    years = [choices.Choice(str(year), str(year), asked.year == year) for year in figures.years()]
    context = {
        "tab": "pioneers", "figures": found, "lines": _lines(found, kept), "years": years, "asked": kept,
        "areas": choices.counties(kept["area"]),
    }  # fmt: skip
    return render(request, "portal/showcase/figures.html", context)


@dataclass(frozen=True)
class Line:
    """One figure: what it counts, how much, in which unit, and where its rows stand."""

    name: str
    words: str
    value: str
    unit: str
    url: str


def titles() -> dict[str, str]:
    """Return what each list of rows is called."""
    return {
        "solved": _("解决的难题"),
        "benefit": _("核实的增收"),
        "achievements": _("发布的成果"),
        "bookings": _("一键预约"),
        "lives": _("直播"),
        "feedback": _("收到的反馈"),
        "problems": _("其中有问题的"),
        "settled": _("办结的问题"),
        "satisfied": _("满意的问题"),
    }


def _lines(found: figures.Figures, kept: dict[str, str]) -> list[Line]:
    words, of = titles(), f" / {found.problems}"
    given: list[tuple[str, str, str, str]] = [
        ("solved", words["solved"], f"{found.solved:,}", _("件")),
        ("benefit", words["benefit"], f"{found.benefit_yuan:,}", _("元")),
        ("achievements", words["achievements"], f"{found.achievements:,}", _("项")),
        ("bookings", words["bookings"], f"{found.bookings:,}", _("次")),
        ("lives", words["lives"], f"{found.lives:,}", _("场")),
        ("lives", _("看直播的人"), f"{found.views:,}", _("人次")),
        ("feedback", words["feedback"], f"{found.feedback:,}", _("条")),
        ("problems", words["problems"], f"{found.problems:,}", _("条")),
        ("settled", words["settled"], f"{found.settled:,}{of}", _("件")),
        ("satisfied", words["satisfied"], f"{found.satisfied:,}{of}", _("件")),
    ]
    query = urlencode({name: value for name, value in kept.items() if value})
    return [
        Line(name, what, value, unit, f"{reverse('portal:figure-rows', args=[name])}?{query}".rstrip("?"))
        for name, what, value, unit in given
    ]


@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """List exactly the rows a figure counts, newest first."""
    if name not in LISTS:
        raise Missing
    asked, kept = _asked(request)
    given = LISTS[name](asked)
    count = given.order_by().count()
    place, at = newest.before(request, "portal:figures"), AT[name]
    found = list(given.filter(newest.older(at, place))[: PAGE + 1])
    context = {
        "tab": "pioneers", "title": titles()[name], "count": count, "asked": kept, "name": name,
        "rows": [_ROWS[name](row, getattr(row, at)) for row in found[:PAGE]],
        "more": _more(name, found, at, kept), "back_to": f"{reverse('portal:figures')}?{urlencode(kept)}",
    }  # fmt: skip
    return render(request, "portal/showcase/figure_rows.html", context)


def _more(name: str, found: list[Any], at: str, kept: dict[str, str]) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    query = newest.address("portal:figures", (getattr(last, at), last.pk), kept).partition("?")[2]
    return f"{reverse('portal:figure-rows', args=[name])}?{query}"


@dataclass(frozen=True)
class Row:
    """One row of a figure: what, where it leads ('' where it is nobody else's to read), who, when, how much."""

    what: str
    url: str
    who: str
    at: datetime
    amount: str = ""


def _matter(row: Any, at: datetime) -> Row:
    return Row(row.title, reverse("portal:need", args=[row.number]), row.taken_by.name, at)


def _achievement(row: Any, at: datetime) -> Row:
    return Row(row.title, reverse("portal:achievement", args=[row.pk]), row.pioneer.name, at)


def _benefit(row: Any, at: datetime) -> Row:
    matter = row.handling.matter if row.handling else None
    seen = matter is not None and not matter.hidden and matter.state in {"taken", "done", "closed"}
    if row.achievement and row.achievement.state == "published":
        what, url = row.achievement.title, reverse("portal:achievement", args=[row.achievement_id])
    elif matter is not None and seen:
        what, url = matter.title, reverse("portal:need", args=[matter.number])
    else:
        what, url = _("已不公开"), ""
    return Row(what, url, row.pioneer.name, at, _("%(n)s 元") % {"n": f"{row.yuan:,}"})


def _live(row: Any, at: datetime) -> Row:
    seen = _("%(n)s 人次") % {"n": f"{row.viewers:,}"}
    return Row(row.title, reverse("portal:live", args=[row.pk]), row.pioneer.name, at, seen)


def _feedback(row: Any, at: datetime) -> Row:
    """Tell of a message without its words; a problem that is being settled may be read as any need."""
    matter, kind = row.matter, shown.name_of("feedback_kind", row.kind)
    seen = matter is not None and not matter.hidden and matter.state in {"open", "taken", "done", "closed"}
    return Row(kind, reverse("portal:need", args=[matter.number]) if seen else "", row.pioneer.name, at)


_ROWS: dict[str, Callable[[Any, datetime], Row]] = {
    "solved": _matter, "bookings": _matter, "benefit": _benefit, "achievements": _achievement, "lives": _live,
    "feedback": _feedback, "problems": _feedback, "settled": _feedback, "satisfied": _feedback,
}  # fmt: skip
