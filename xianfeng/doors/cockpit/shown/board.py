"""A board in words: what the templates of the big screen are filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xianfeng.doors.cockpit import steps
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries.board import Board, Compared, Line
from xianfeng.doors.cockpit.queries.people import Best
from xianfeng.doors.cockpit.queries.waiting import Waits
from xianfeng.doors.cockpit.shown import charts, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.shown.values import Shown
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import words
from xianfeng.matters.states import LIVE_PUBLIC

KEYS = ("take_minutes", "settle_minutes", "settled", "satisfied", "benefit_yuan")
FLOW = ("raised", "taken", "closed", "settled", "satisfied", "take_minutes", "benefit_yuan")
KINDS, LISTED, STARS = 12, 10, 5


def board(given: Board, at: Address) -> dict[str, Any]:
    """Return everything the board's sections show."""
    return {
        "now": values.figures(given.sentence, at, "now-"),
        "keys": [values.figure(given.figures[code], at, f"key-{code}") for code in KEYS],
        "flow": _flow(given, at),
        "urgent": [_waits(row, public=given.slice.public) for row in given.urgent],
        "listed": [_waits(row, public=given.slice.public) for row in given.listed[:LISTED]],
        "listed_all": values.figure(given.sentence["late"], at, "listed-all"),
        "organisations": lines(given.organisations, "taken", at, ("take_minutes",), _seals()),
        "areas": lines(given.areas, "raised", at, ("waiting", "late")),
        "kinds": lines((given.kinds or given.services or [])[:KINDS], "raised", at, ("take_minutes",)),
        "by_kind": given.kinds is not None,
        "trend": charts.trend(given.trend, at),
        "stars": _stars(given.pioneers),
        "month": given.pioneers.month, "picked": given.pioneers.picked,
        "corrections": given.corrections, "counted_at": given.counted_at, "sequence": given.sequence,
        "period": period(given),
    }  # fmt: skip


def period(given: Board) -> str:
    """Say the time that is shown: 2026 年 11 月, or from and until."""
    asked = given.slice.period
    first, last = _said(asked.first, asked.grain), _said(asked.last, asked.grain)
    return first if first == last else _("%(first)s 到 %(last)s") % {"first": first, "last": last}


def _said(day: date, grain: str) -> str:
    return str(date_format(day, _("Y 年 n 月") if grain == "m" else _("Y 年 n 月 j 日")))


@dataclass(frozen=True)
class Moved:
    """One row of what was done: the figure, its bar out of 100, and how it moved against last month and last year."""

    figure: Shown
    bar: float
    tone: str
    month: str
    year: str


_TONES = {"raised": "k-c", "satisfied": "k-o"}


def _flow(given: Board, at: Address) -> list[Moved]:
    most = values.most(given.figures[code].value for code in FLOW[:3])
    return [
        Moved(
            values.figure(given.figures[code], at, f"flow-{code}"), _length(given.figures[code], most),
            _TONES.get(code, "k-g"), _against(given.month, code), _against(given.year, code),
        )
        for code in FLOW
    ]  # fmt: skip


def _length(one: Figure, most: float) -> float:
    if one.unit == "matter":
        return values.bar(one.value, most)
    return values.bar(one.value, 1.0) if one.unit == "share" else -1.0


def _against(compared: Compared, code: str) -> str:
    return values.moved(compared.now[code], compared.before[code])


@dataclass(frozen=True)
class Row:
    """One line of a chart: its name, where it leads, its figure with its bar out of 100, and figures beside it."""

    code: str
    name: str
    url: str
    seal: str
    figure: Shown
    bar: float
    more: list[Shown]


def lines(
    given: Sequence[Line] | None, by: str, at: Address, more: Sequence[str] = (), seals: Mapping[str, str] | None = None
) -> list[Row]:  # fmt: skip
    """Return lines in words with bars of the measure `by`; `seals` by code where they have some."""
    most = values.most(line.figures[by].value for line in given or ())
    return [
        Row(
            line.code, line.name(values.language()), at.board(line.link), (seals or {}).get(line.code, ""),
            values.figure(line.figures[by], at, f"{line.code}-{by}"), values.bar(line.figures[by].value, most),
            [values.figure(line.figures[code], at, f"{line.code}-{code}") for code in more],
        )
        for line in given or ()
    ]  # fmt: skip


def _seals() -> dict[str, str]:
    return {kind["code"]: kind["seal"] for kind in catalogue.load("organisations")["kind"]}


@dataclass(frozen=True)
class Waiting:
    """A matter that waits, in words: `time` since it was raised, `limit` how long over or left, `owes` who acts."""

    rank: int
    title: str
    url: str
    place: str
    time: str
    limit: str
    late: bool
    owes: str
    lat: float
    lon: float


def _owed(row: Waits) -> str:
    who = _who(row)
    told = {
        "file": _("等%(who)s核对"), "answer": _("等%(who)s答应"), "take": _("等人接"), "finish": _("%(who)s在办"),
        "rate": _("等求助人打分"),
    }  # fmt: skip
    return told[row.owes] % {"who": who}


def _who(row: Waits) -> str:
    if row.owes in {"finish", "answer"} and row.pioneer:
        return row.pioneer
    if row.owner is None:
        return _("当地单位")
    return row.owner.name_en if values.english() else row.owner.name


def _limit(row: Waits) -> str:
    """Say how long a matter is over its limit, how long it has been listed, or what is left."""
    over = (clock.now() - row.due_at).total_seconds() if row.due_at else 0.0
    if not row.late:
        return words.left(row.due_at) if row.due_at else ""
    if over > 0:
        return words.lasting(_("超 %(span)s"), over)
    days = (steps.today() - row.listed_on).days if row.listed_on else 0
    return words.lasting(_("挂账 %(span)s"), days * 86_400.0) if days else _("刚挂账")


def _waits(row: Waits, *, public: bool) -> Waiting:
    now, area = clock.now(), tree.find(row.area_id)
    url = reverse("portal:need", args=[row.number]) if row.state in LIVE_PUBLIC or not public else ""
    return Waiting(
        row.rank, row.title, url, places.full_name(area, values.language()),
        words.span((now - row.raised_at).total_seconds()), _limit(row), row.late, _owed(row), row.lat, row.lon,
    )  # fmt: skip


@dataclass(frozen=True)
class Star:
    """A pioneer of the month."""

    rank: int
    name: str
    url: str
    leaf: str
    skill: str
    organisation: str
    done: int
    index: float | None


def _stars(best: Best) -> list[Star]:
    return [
        Star(
            one.rank, one.pioneer.name, reverse("portal:portrait", args=[one.pioneer.pk]), str(one.pioneer.pk),
            next(iter(one.pioneer.skills), ""), _organisation(one.pioneer.organisation), one.done, one.index,
        )
        for one in best.stars[:STARS]
    ]  # fmt: skip


def _organisation(row: Any) -> str:
    return str(row.name_en if values.english() else row.name)


def asked(at: Address, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the filters say, each with the address without it."""
    told = []
    for name, field in (("from", "since"), ("until", "until"), ("area", "area"), ("organisation", "organisation"),
                        ("service", "service"), ("category", "category")):  # fmt: skip
        value = getattr(at.filters, field)
        if value:
            told.append((names.get(f"{name}:{value}", value), at.here("board", **{field: ""})))
    return told
