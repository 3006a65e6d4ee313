"""The numbers behind each chart as a table: what a screen reader reads, and what goes out as a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.measures import Figure
from xianfeng.doors.cockpit.queries.board import BESIDE, COMPARED, FIGURES, NOW, Board, Compared, Line
from xianfeng.foundation.kernel.refusals import Refused

HIDDEN = {"zh": "少于 3", "en": "fewer than 3"}


@dataclass(frozen=True)
class Table:
    """A head and its rows, in one language. Shares take three columns: percent, n and N."""

    head: list[str]
    rows: list[list[str]]


def chart(board: Board, code: str, language: str) -> Table:
    """Return the table of a chart (figures, kinds, services, areas, organisations, trend, month, year).

    Raises Refused 'cockpit-chart-unknown', 'cockpit-too-fine' where its sums are not kept so finely.
    """
    make = _CHARTS.get(code)
    if make is None:
        raise Refused("cockpit-chart-unknown", field="chart")
    return make(board, "en" if language.startswith("en") else "zh")


def _lines(lines: Sequence[Line] | None, codes: Iterable[str], language: str) -> Table:
    if lines is None:
        raise Refused("cockpit-too-fine", field="chart")
    chosen = list(codes)
    head = [_word("code", language), _word("name", language), *_heads(chosen, language)]
    rows = [[line.code, line.name(language), *_cells(line.figures, chosen, language)] for line in lines]
    return Table(head, rows)


def _heads(codes: Iterable[str], language: str) -> list[str]:
    heads = []
    for code in codes:
        one = measures.measure(code)
        name = one.name(language)
        unit = {"minute": _word("minutes", language), "yuan": _word("yuan", language)}.get(one.unit, "")
        heads += (
            [f"{name} %", f"{name} n", f"{name} N"] if one.unit == "share" else [f"{name} {unit}".strip()]
        )
    return heads


def _cells(figures: Mapping[str, Figure], codes: Iterable[str], language: str) -> list[str]:
    return [cell for code in codes for cell in _cell(figures[code], language)]


def _cell(figure: Figure, language: str) -> list[str]:
    if figure.unit == "share":
        if figure.hidden:
            return [HIDDEN[language], "", ""]
        return [_text(figure.percent), _text(figure.n), _text(figure.total)]
    return [HIDDEN[language] if figure.hidden else _text(figure.value)]


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value)


def _word(name: str, language: str) -> str:
    return _WORDS[name][language == "en"]


_WORDS = {
    "code": ("代码", "code"), "name": ("名称", "name"), "measure": ("指标", "measure"), "minutes": ("分钟", "minutes"),
    "yuan": ("元", "yuan"), "value": ("数", "value"), "now": ("本期", "now"), "before": ("上期", "before"),
}  # fmt: skip


def _figures(board: Board, language: str) -> Table:
    head = [_word("code", language), _word("measure", language), _word("value", language), "n", "N"]
    every = {code: board.sentence[code] for code in NOW} | {code: board.figures[code] for code in FIGURES}
    return Table(head, [[*_named(code, language), *_triple(one, language)] for code, one in every.items()])


def _named(code: str, language: str) -> list[str]:
    return [code, measures.measure(code).name(language)]


def _triple(figure: Figure, language: str) -> list[str]:
    if figure.hidden:
        return [HIDDEN[language], "", ""]
    value = figure.percent if figure.unit == "share" else figure.value
    return [_text(value), _text(figure.n), _text(figure.total)]


def _compared(board: Board, which: Callable[[Board], Compared], language: str) -> Table:
    one = which(board)
    times = (one.first, one.last), (one.before_first, one.before_last)
    names = [f"{first.isoformat()}/{last.isoformat()}" for first, last in times]
    head = [_word("code", language), _word("measure", language)]
    head += [name for when in names for name in (when, f"{when} n", f"{when} N")]
    both = (
        (code, _triple(one.now[code], language), _triple(one.before[code], language)) for code in COMPARED
    )
    return Table(head, [[*_named(code, language), *now, *before] for code, now, before in both])


_BESIDE = (*BESIDE, *NOW)
_CHARTS: dict[str, Callable[[Board, str], Table]] = {
    "figures": _figures,
    "kinds": lambda board, language: _lines(board.kinds, _BESIDE, language),
    "services": lambda board, language: _lines(board.services, _BESIDE, language),
    "areas": lambda board, language: _lines(board.areas, _BESIDE, language),
    "organisations": lambda board, language: _lines(board.organisations, _BESIDE, language),
    "trend": lambda board, language: _lines(board.trend, FIGURES, language),
    "month": lambda board, language: _compared(board, lambda one: one.month, language),
    "year": lambda board, language: _compared(board, lambda one: one.year, language),
}
CHARTS = tuple(_CHARTS)
