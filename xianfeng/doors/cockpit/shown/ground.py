"""The ground of a board: the drawn plates with what waits on them, the five numbered marks, and the way up and down."""

from dataclasses import dataclass
from math import hypot
from typing import Any

from django.utils.translation import gettext as _

from xianfeng.doors.cockpit import measures
from xianfeng.doors.cockpit.queries.board import Board, Line
from xianfeng.doors.cockpit.shown import plates, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.doors.cockpit.shown.plates import HEIGHT, WIDTH, Frame
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area

BY = "waiting"
APART = 34.0  # between two numbers
MEASURES = ("waiting", "late", "in_hand", "raised", "taken", "closed")


@dataclass(frozen=True)
class Ground:
    """What the server draws: plates and points as (path or place, name, waiting, url, shade), marks of the urgent."""

    plates: list["Piece"]
    points: list["Piece"]
    marks: list["Mark"]
    outline: str
    measures: list[tuple[str, str]]
    data: dict[str, Any]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Piece:
    """One area of the drawing."""

    code: str
    name: str
    url: str
    x: float
    y: float
    waiting: str
    shade: int
    path: str = ""

    @property
    def below(self) -> float:
        """Return where the second line stands."""
        return self.y + 28


@dataclass(frozen=True)
class Mark:
    """The number of an urgent matter, where it lies."""

    rank: int
    x: float
    y: float
    late: bool

    @property
    def base(self) -> float:
        """Return where the number's foot stands."""
        return self.y + 6.5


def ground(given: Board, at: Address) -> Ground:
    """Return the drawing of a board."""
    drawn = plates.drawn(given.slice.area)
    by_code = {line.code: line for line in given.areas or ()}
    most = values.most(line.figures[BY].value for line in by_code.values())
    outlines = [
        _piece(one.area, (one.x, one.y), by_code.get(one.area.code), most, at) | {"path": one.path}
        for one in drawn.plates
    ]
    points = [_piece(area, (x, y), by_code.get(area.code), most, at) for area, x, y in drawn.points]
    return Ground(
        [Piece(**one) for one in outlines], [Piece(**one) for one in points],
        _marks(given, drawn.frame), drawn.outline_path,
        [(code, measures.measure(code).name(values.language())) for code in MEASURES], _data(given, at),
    )  # fmt: skip


def _marks(given: Board, frame: Frame) -> list[Mark]:
    """Return the numbered marks; those that would cover each other stand side by side."""
    found: list[Mark] = []
    for row in given.urgent:
        x, y = frame.at(row.lon, row.lat)
        while any(hypot(one.x - x, one.y - y) < APART for one in found):
            x += APART
        found.append(Mark(row.rank, x, y, row.late))
    return found


def _piece(
    area: Area, place: tuple[float, float], line: Line | None, most: float, at: Address
) -> dict[str, Any]:
    figure = line.figures[BY] if line else None
    value = figure.value if figure else None
    return {
        "code": area.code, "name": places.name(area, values.language()), "url": at.board(line.link) if line else "",
        "x": place[0], "y": place[1], "shade": plates.shade(value, most),
        "waiting": values.told(figure)[0] if figure and (value or figure.hidden) else "",
    }  # fmt: skip


def _data(given: Board, at: Address) -> dict[str, Any]:
    """Return what the living map draws of this board: figures of areas by code, names with links, numbered marks."""
    lines = given.areas or ()
    return {
        "figures": {line.code: {code: line.figures[code].value or 0 for code in MEASURES} for line in lines},
        "names": [name for line in lines if (name := _name(line, at)) is not None],
        "urgent": [
            {"number": row.rank, "title": row.title, "late": row.late, "lon": row.lon, "lat": row.lat}
            for row in given.urgent
        ],
    }  # fmt: skip


def _name(line: Line, at: Address) -> dict[str, Any] | None:
    area = places.by_code(line.code)
    middle = plates.middle(area)
    if middle is None or plates.geometry(area) is None:
        return None
    waiting = values.told(line.figures[BY])[0] if line.figures[BY].value else ""
    return {
        "name": line.name(values.language()), "url": at.board(line.link), "lon": middle[0], "lat": middle[1],
        "waiting": _("在等 %(n)s") % {"n": waiting} if waiting else "",
    }  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """One way from here: up, here, or down."""

    name: str
    url: str
    current: bool = False


def tabs(given: Board, at: Address) -> list[Tab]:
    """Return the boards above that lead here, this one, and those below."""
    language = values.language()
    up = [Tab(places.name(places.by_code(code), language), url) for code, url in at.above()]
    here = Tab(at.scope.name(language), at.here("board"), current=True)
    below = [Tab(line.name(language), at.board(line.link)) for line in given.areas or ()]
    return [*up, here, *below]
