"""Everything the big screen draws, in at most ten statements: all sums come with one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from xianfeng.doors.cockpit import measures, steps
from xianfeng.doors.cockpit.filters import Filters, Period, Slice, month_after, summed
from xianfeng.doors.cockpit.measures import Figure, Sums
from xianfeng.doors.cockpit.models import Tally
from xianfeng.doors.cockpit.queries import people, sums, waiting
from xianfeng.doors.cockpit.queries.corrections import Corrected, corrected
from xianfeng.doors.cockpit.queries.sums import NOTHING, Part
from xianfeng.doors.cockpit.queries.waiting import Waits
from xianfeng.doors.cockpit.scope import Scope
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import queries as places
from xianfeng.matters import services

NOW = ("waiting", "late", "in_hand", "unrated")
FIGURES = (
    "raised", "taken", "done", "closed", "listed", "settled", "satisfied", "take_minutes", "settle_minutes",
    "benefit_yuan", "benefits", "jobs",
)  # fmt: skip
BESIDE = (
    "raised",
    "taken",
    "closed",
    "settled",
    "satisfied",
    "take_minutes",
    "settle_minutes",
    "benefit_yuan",
)
COMPARED = (
    "raised",
    "taken",
    "closed",
    "listed",
    "settled",
    "satisfied",
    "take_minutes",
    "settle_minutes",
    "benefit_yuan",
)


@dataclass(frozen=True)
class Line:
    """One bar of a chart, one plate of the map: its code, its names, its figures by measure. `link` drills down."""

    code: str
    zh: str
    en: str
    figures: Mapping[str, Figure]
    link: Mapping[str, str]

    def name(self, language: str) -> str:
        """Return its name."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Compared:
    """The same measure over two times: `first` to `last`, and as many days before (`whole`: whole months, both)."""

    first: date
    last: date
    before_first: date
    before_last: date
    whole: bool
    now: Mapping[str, Figure]
    before: Mapping[str, Figure]


@dataclass(frozen=True)
class Board:
    """All a board shows. `sequence`: the last count it holds. A list is None where sums are not kept so finely."""

    slice: Slice
    sequence: int
    counted_at: datetime | None
    at: datetime
    sentence: Mapping[str, Figure]
    figures: Mapping[str, Figure]
    kinds: list[Line] | None
    services: list[Line] | None
    areas: list[Line] | None
    organisations: list[Line] | None
    trend: list[Line]
    month: Compared
    year: Compared
    urgent: list[Waits]
    listed: list[Waits]
    pioneers: people.Best
    corrections: Corrected


def board(scope: Scope, filters: Filters) -> Board:
    """Return the board of `scope` narrowed by `filters`. Raises Missing, Refused as filters.summed does."""
    one = summed(scope, filters)
    today = steps.today()
    spans = _spans(one.period, today)
    tally = Tally.objects.filter(pk=1).first() or Tally()
    found = sums.read(one, _parts(one, today, spans))
    known = list(Organisation.objects.order_by("id"))
    waits = waiting.longest(one, known)
    shown = catalogue.load("cockpit/board")["shown"]
    return Board(
        slice=one, sequence=tally.sequence, counted_at=tally.at, at=clock.now(),
        sentence=_sentence(one, found, today),
        figures=_figures(one, FIGURES, found["period"].get("", NOTHING), one.link()),
        kinds=_kinds(one, found), services=_services(one, found), areas=_areas(one, found),
        organisations=_organisations(one, found, known), trend=_trend(one, found, today),
        month=_compared(one, found, "month", spans["month"]), year=_compared(one, found, "year", spans["year"]),
        urgent=waits[: shown["urgent"]], listed=[row for row in waits if row.late][: shown["listed"]],
        pioneers=people.best(one), corrections=corrected(one),
    )  # fmt: skip


Span = tuple[date, date, date, date, bool]


def _spans(period: Period, today: date) -> dict[str, Span]:
    """Return the month and the year that end with the period (today at the latest), and what they are held against."""
    last = max(min(period.last, today), date(2001, 2, 1))
    first = last.replace(day=1)
    over = last == month_after(first) - timedelta(days=1)
    month_before = month_after(first, -1)
    year_before = month_after(first, -12)
    return {
        "month": (first, last, month_before, _same_day(month_before, last, over), over),
        "year": (
            date(last.year, 1, 1),
            last,
            date(last.year - 1, 1, 1),
            _same_day(year_before, last, over),
            over,
        ),
    }


def _same_day(month: date, last: date, over: bool) -> date:
    end = month_after(month) - timedelta(days=1)
    return end if over else min(end, month.replace(day=min(last.day, end.day)))


def _parts(one: Slice, today: date, spans: Mapping[str, Span]) -> list[Part]:
    period, grain = one.period, one.period.grain
    below = tuple(area.pk for area in places.children(one.area)) if one.level < 4 else ()
    trend = catalogue.load("cockpit/board")["shown"]["trend_months"]
    end = max(min(period.last, today), date(2001, 2, 1))
    parts = [
        Part("now", "n"), Part("today", "d", today, today), Part("period", grain, period.first, period.last),
        Part("trend", "m", month_after(end, 1 - trend), end, by="month"),
        Part("kind", grain, period.first, period.last, by="category"), Part("kind", "n", by="category"),
        Part("service", grain, period.first, period.last, by="service"), Part("service", "n", by="service"),
        Part("organisation", grain, period.first, period.last, by="organisation"),
        Part("organisation", "n", by="organisation"),
    ]  # fmt: skip
    if below:
        parts += [
            Part("area", grain, period.first, period.last, by="area", areas=below),
            Part("area", "n", by="area", areas=below),
        ]
    for name, span in spans.items():
        parts += [
            *_over(f"{name}_now", span[0], span[1], one),
            *_over(f"{name}_before", span[2], span[3], one),
        ]
    return parts


def _over(label: str, first: date, last: date, one: Slice) -> list[Part]:
    """Return the parts that sum these days: whole months, and the days of the last one if it is not whole."""
    begins = last.replace(day=1)
    if last == month_after(last) - timedelta(days=1) or not sums.kept(one, "d"):
        return [Part(label, "m", first, last)]
    months = [Part(label, "m", first, begins - timedelta(days=1))] if first < begins else []
    return [*months, Part(label, "d", begins, last)]


def _figures(one: Slice, codes: Iterable[str], found: Sums, link: Mapping[str, str]) -> dict[str, Figure]:
    least = catalogue.load("cockpit/board")["public"]["persons_least"] if one.public else 0
    return {code: measures.figure(code, found, link, least=least) for code in codes}


def _sentence(one: Slice, found: Mapping[str, Mapping[str, Sums]], today: date) -> dict[str, Figure]:
    told = _figures(one, NOW, found["now"].get("", NOTHING), one.link())
    day = found.get("today", {}).get("", NOTHING)
    link = one.link(**{"from": today.isoformat(), "until": today.isoformat()})
    if sums.kept(one, "d"):
        for code in ("raised", "taken", "closed"):
            told[f"{code}_today"] = _figures(one, [code], day, link)[code]
    return told


def _lines(
    one: Slice, found: Mapping[str, Sums], names: Mapping[str, tuple[str, str]], parameter: str
) -> list[Line]:
    lines = []
    for key, (zh, en) in names.items():
        link = one.link(**{parameter: key})
        values = found.get(key, NOTHING)
        lines.append(Line(key, zh, en, _figures(one, (*BESIDE, *NOW), values, link), link))
    return _two_hidden(lines) if one.public else lines


def _two_hidden(lines: list[Line]) -> list[Line]:
    """Hide a second figure where one alone is hidden: else it is what the others lack of the whole."""
    hide: dict[str, set[str]] = {}
    for code in (*BESIDE, *NOW):
        shown = [line for line in lines if line.figures[code].value and not line.figures[code].hidden]
        if shown and sum(line.figures[code].hidden for line in lines) == 1:
            least = min(shown, key=lambda line: line.figures[code].value or 0)
            hide.setdefault(least.code, set()).add(code)
    return [_hiding(line, hide[line.code]) if line.code in hide else line for line in lines]


def _hiding(line: Line, codes: set[str]) -> Line:
    figures = {
        code: Figure(code, one.unit, None, hidden=True, link=one.link) if code in codes else one
        for code, one in line.figures.items()
    }
    return replace(line, figures=figures)


def _kinds(one: Slice, found: Mapping[str, Mapping[str, Sums]]) -> list[Line] | None:
    if one.category or not sums.kept(one, one.period.grain, "category"):
        return None
    names = {code: (row["zh"], row["en"]) for code, row in catalogue.load("skills").items()}
    lines = [line for line in _lines(one, found["kind"], names, "category") if line.code in found["kind"]]
    return sorted(lines, key=lambda line: -found["kind"][line.code]["raised"])


def _services(one: Slice, found: Mapping[str, Mapping[str, Sums]]) -> list[Line] | None:
    if one.service or not sums.kept(one, one.period.grain, "service"):
        return None
    known = {definition.code: definition.data for definition in services.all_current()}
    names = {
        code: (known[code]["zh"], known[code]["en"]) if code in known else (code, code)
        for code in found["service"]
    }
    lines = _lines(one, found["service"], names, "service")
    return sorted(lines, key=lambda line: -found["service"][line.code]["raised"])


def _areas(one: Slice, found: Mapping[str, Mapping[str, Sums]]) -> list[Line] | None:
    if one.level == 4 or not sums.kept(one, one.period.grain, "area"):
        return None
    below = places.children(one.area)
    by_code = {area.code: found.get("area", {}).get(str(area.pk), NOTHING) for area in below}
    names = {area.code: (places.name(area, "zh"), places.name(area, "en")) for area in below}
    return _lines(one, by_code, names, "area")


def _organisations(
    one: Slice, found: Mapping[str, Mapping[str, Sums]], known: list[Organisation]
) -> list[Line] | None:
    """Return the kinds of organisations side by side, each with all of its kind below."""
    if not sums.kept(one, one.period.grain, "organisation"):
        return None
    kinds = {row["code"]: row for row in catalogue.load("organisations")["kind"]}
    by_kind: dict[str, Sums] = dict.fromkeys(kinds, NOTHING)
    for row in known:
        if row.kind in by_kind and (values := found["organisation"].get(str(row.pk))):
            by_kind[row.kind] = {name: by_kind[row.kind][name] + value for name, value in values.items()}
    seen = {row.kind for row in known if one.organisations is None or row.pk in one.organisations}
    names = {code: (row["zh"], row["en"]) for code, row in kinds.items() if code in seen}
    return _lines(one, by_kind, names, "organisation")


def _trend(one: Slice, found: Mapping[str, Mapping[str, Sums]], today: date) -> list[Line]:
    """Return month after month up to the period's last; a month without data reads nil."""
    count = catalogue.load("cockpit/board")["shown"]["trend_months"]
    end = max(min(one.period.last, today), date(2001, 2, 1))
    lines = []
    for number in range(count):
        name = f"{month_after(end, 1 + number - count):%Y-%m}"
        link = one.link(**{"from": name, "until": name})
        lines.append(
            Line(name, name, name, _figures(one, FIGURES, found["trend"].get(name, NOTHING), link), link)
        )
    return lines


def _compared(one: Slice, found: Mapping[str, Mapping[str, Sums]], name: str, span: Span) -> Compared:
    first, last, before_first, before_last, over = span
    whole = over or not sums.kept(one, "d")
    now = _figures(one, COMPARED, found[f"{name}_now"].get("", NOTHING), _between(one, first, last, whole))
    before = _figures(
        one,
        COMPARED,
        found[f"{name}_before"].get("", NOTHING),
        _between(one, before_first, before_last, whole),
    )
    return Compared(first, last, before_first, before_last, whole, now, before)


def _between(one: Slice, first: date, last: date, whole: bool) -> dict[str, str]:
    if whole:
        return one.link(**{"from": f"{first:%Y-%m}", "until": f"{last:%Y-%m}"})
    return one.link(**{"from": first.isoformat(), "until": last.isoformat()})
