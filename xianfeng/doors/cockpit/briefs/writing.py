"""Sentences from numbers by the rules of catalogue/cockpit/briefs.toml. None is kept: what is corrected reads so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from xianfeng.doors.cockpit import measures, steps
from xianfeng.doors.cockpit.columns import LIVE
from xianfeng.doors.cockpit.filters import Filters, Slice, month_after, summed
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries import behind, sums
from xianfeng.doors.cockpit.queries.sums import NOTHING, Part
from xianfeng.doors.cockpit.scope import Scope
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing

WEEK, MONTH = "week", "month"
_PERIODS = {WEEK: ("周", "week"), MONTH: ("月", "month")}


@dataclass(frozen=True)
class Sentence:
    """One sentence in both languages: its measure, how that moved (rose, fell, same, nothing), figure and rows."""

    measure: str
    moved: str
    zh: str
    en: str
    figure: Figure
    before: Figure

    def text(self, language: str) -> str:
        """Return it in a language."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Reading:
    """A matter worth reading: which (its number), its title, and why (late, benefit, quick) in both languages."""

    why: str
    number: str
    title: str
    zh: str
    en: str


@dataclass(frozen=True)
class Brief:
    """A brief: of a week or a month from `first` to `last`, held against the one before."""

    kind: str
    first: date
    last: date
    scope: Scope
    sentences: list[Sentence]
    readings: list[Reading]

    @property
    def broken(self) -> Sentence:
        """Return the sentence about limits that were passed."""
        return next(one for one in self.sentences if one.measure == "listed")


def begin(kind: str, day: date) -> date:
    """Return the first day of the week (Monday) or month that `day` lies in. Raises Missing for another kind."""
    if kind == WEEK:
        return day - timedelta(days=day.weekday())
    if kind == MONTH:
        return day.replace(day=1)
    raise Missing


def end(kind: str, first: date) -> date:
    """Return the last day of the week or month that begins on `first`."""
    return first + timedelta(days=6) if kind == WEEK else month_after(first) - timedelta(days=1)


def before(kind: str, first: date) -> date:
    """Return when the week or month before begins."""
    return first - timedelta(days=7) if kind == WEEK else month_after(first, -1)


def brief(scope: Scope, kind: str, first: date) -> Brief:
    """Return the brief of a time that is over; two statements. Raises Missing for one that is not, or long past."""
    _check(kind, first)
    one = summed(scope, _filters(kind, first))
    earlier = before(kind, first)
    grain = one.period.grain
    parts = [Part("now", grain, first, end(kind, first)), Part("before", grain, earlier, end(kind, earlier))]
    found = sums.read(one, parts)
    now, then = (found.get(label, {}).get("", NOTHING) for label in ("now", "before"))
    was = summed(scope, _filters(kind, earlier))
    least = catalogue.load("cockpit/board")["public"]["persons_least"] if scope.public else 0
    sentences = []
    for rule in catalogue.load("cockpit/briefs")["sentence"]:
        both = [
            measures.figure(rule["measure"], values, at.link(), least=least)
            for values, at in ((now, one), (then, was))
        ]
        sentences.append(_sentence(rule, both[0], both[1], kind))
    return Brief(kind, first, end(kind, first), scope, sentences, _readings(one))


def _check(kind: str, first: date) -> None:
    today = steps.today()
    oldest = begin(kind, today)
    for _ in range(catalogue.load("cockpit/briefs")["kept"]["periods"]):
        oldest = before(kind, oldest)
    if begin(kind, first) != first or end(kind, first) >= today or first < oldest:
        raise Missing


def _filters(kind: str, first: date) -> Filters:
    if kind == MONTH:
        return Filters(since=f"{first:%Y-%m}", until=f"{first:%Y-%m}")
    return Filters(since=first.isoformat(), until=end(kind, first).isoformat())


def _sentence(rule: Mapping[str, Any], now: Figure, then: Figure, kind: str) -> Sentence:
    moved = _moved(now, then)
    if moved == "nothing" and "zh_nothing" not in rule:
        moved = "same"
    zh, en = (
        rule[f"{language}_{moved}"].format(
            now=_told(now, language), before=_told(then, language), change=_change(now, then, language), period=period
        )
        for language, period in zip(("zh", "en"), _PERIODS[kind], strict=True)
    )  # fmt: skip
    return Sentence(rule["measure"], moved, zh, en, now, then)


def _moved(now: Figure, then: Figure) -> str:
    """Return how a figure moved: little changes, and changes of little, are none."""
    least = catalogue.load("cockpit/briefs")["change"]
    if not now.value:
        return "nothing" if not then.value else ("fell" if then.value >= least["least_count"] else "same")
    if then.value is None or (now.unit == "matter" and max(now.value, then.value) < least["least_count"]):
        return "same"
    if now.unit == "share":
        by, enough = 100 * (now.value - then.value), least["least_points"]
    else:
        by, enough = (
            100 * (now.value - then.value) / then.value if then.value else 100.0,
            least["least_percent"],
        )
    return "same" if abs(by) < enough else "rose" if by > 0 else "fell"


def _told(figure: Figure, language: str) -> str:
    if figure.value is None:
        return "—"
    if figure.unit == "share":
        return f"{figure.percent} % ({figure.n}/{figure.total})"
    if figure.unit == "minute":
        return minutes(figure.value, language)
    return f"{figure.value:,.0f}"


def minutes(value: float, language: str) -> str:
    """Return minutes as people say them: 45 分钟, 3.5 小时, 2 天."""
    for size, zh, en in ((1440, "天", "days"), (60, "小时", "hours")):
        if value >= size:
            return f"{value / size:.1f}".removesuffix(".0") + (f" {en}" if language == "en" else f" {zh}")
    return f"{value:.0f} minutes" if language == "en" else f"{value:.0f} 分钟"


def _change(now: Figure, then: Figure, language: str) -> str:
    if now.value is None or then.value is None:
        return "—"
    by = abs(now.value - then.value)
    if now.unit == "share":
        return f"{100 * by:.1f} points" if language == "en" else f"{100 * by:.1f} 个百分点"
    if now.unit == "minute":
        return minutes(by, language)
    return f"{by:,.0f}" + (f" ({100 * by / then.value:.0f} %)" if then.value else "")


def _readings(one: Slice) -> list[Reading]:
    """Return the three matters; of those that anybody may read, for the public. One statement."""
    where, given = behind.condition(one)
    public = " AND m.state IN ('open', 'taken', 'done', 'closed') AND NOT m.hidden" if one.public else ""
    given |= {"first": one.period.first, "last": one.period.last}
    text = _READINGS.format(where=f"{where}{public}", live=LIVE)
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return [_reading(*row) for row in cursor.fetchall()]


_FROM = "FROM cockpit_fact f JOIN matters_matter m ON m.id = f.matter_id WHERE {where}"
_READINGS = f"""
(SELECT 'late', m.number, m.title, f.benefit_yuan, f.done_minutes {_FROM} AND f.late AND {{live}}
    ORDER BY f.listed_on, f.matter_id LIMIT 1)
UNION ALL (SELECT 'benefit', m.number, m.title, f.benefit_yuan, f.done_minutes {_FROM}
    AND f.benefit_on BETWEEN %(first)s AND %(last)s AND f.benefit_yuan > 0
    ORDER BY f.benefit_yuan DESC, f.matter_id LIMIT 1)
UNION ALL (SELECT 'quick', m.number, m.title, f.benefit_yuan, f.done_minutes {_FROM}
    AND f.rated_on BETWEEN %(first)s AND %(last)s AND f.stars = 15
    ORDER BY f.done_minutes, f.matter_id LIMIT 1)"""


def _reading(why: str, number: str, title: str, yuan: int | None, took: int | None) -> Reading:
    words = catalogue.load("cockpit/briefs")["reading"]
    texts = [
        words[f"{language}_{why}"].format(yuan=f"{yuan or 0:,}", minutes=minutes(took or 0, language))
        for language in ("zh", "en")
    ]
    return Reading(why, number, title, *texts)
