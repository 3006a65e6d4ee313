"""Cards drawn from a board: a number, or a chart with its table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xianfeng.doors.cockpit.cards import Card
from xianfeng.doors.cockpit.queries.board import Board, Line
from xianfeng.doors.cockpit.shown import charts, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.shown.charts import Chart
from xianfeng.doors.cockpit.shown.values import Shown

BARS = 15


@dataclass(frozen=True)
class Drawn:
    """A card as it is read: a `figure`, or a `chart`; neither where its sums are not kept so finely."""

    code: str
    name: str
    csv: str
    figure: Shown | None
    chart: Chart | None

    @property
    def key(self) -> str:
        """Return what names its data on the page."""
        return f"card-{self.code}"


def drawn(cards: Iterable[Card], given: Board, at: Address) -> list[Drawn]:
    """Return cards drawn from one board."""
    return [_drawn(card, given, at) for card in cards]


def _drawn(card: Card, given: Board, at: Address) -> Drawn:
    name, csv = card.name(values.language()), at.here("card-csv", card.code)
    if card.form == "number":
        one = given.figures.get(card.measures[0]) or given.sentence[card.measures[0]]
        return Drawn(card.code, name, csv, values.figure(one, at, f"card-{card.code}"), None)
    lines = lines_of(card, given)
    chart = charts.chart(_shortened(lines, card), card.measures, at, card.form) if lines else None
    return Drawn(card.code, name, csv, None, chart)


def lines_of(card: Card, given: Board) -> Sequence[Line]:
    """Return the lines of a board that a card is drawn from; none where sums are not kept so finely."""
    found = {
        "month": given.trend, "area": given.areas, "organisation": given.organisations, "category": given.kinds,
        "service": given.services,
    }[card.by]  # fmt: skip
    return found or ()


def _shortened(lines: Sequence[Line], card: Card) -> Sequence[Line]:
    """Return at most as many bars as can be read, the largest first where they have no order of their own."""
    if card.form != "bars":
        return lines
    first = card.measures[0]
    return sorted(lines, key=lambda line: -(line.figures[first].value or 0))[:BARS]
