"""Numbers of inline drawings: the index as a bamboo of joints and as a radar. Lengths are SVG user units."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

BAMBOO, GAP = 358.0, 4.0
CENTRE, RADIUS = (170.0, 132.0), 96.0
_LABEL = RADIUS + 12


@dataclass(frozen=True)
class Part:
    """One of the index's parts: its name and what it means, points reached, points possible, the city's median."""

    name: str
    what: str
    points: float
    most: float
    median: float | None = None

    @property
    def share(self) -> float:
        """Return the share reached, 0 to 1."""
        return max(0.0, min(1.0, self.points / self.most)) if self.most else 0.0

    @property
    def percent(self) -> int:
        """Return the share in whole percent."""
        return round(100 * self.share)

    @property
    def bar(self) -> float:
        """Return the length of the part's bar, of 200 units."""
        return round(200 * self.share, 1)


@dataclass(frozen=True)
class Joint:
    """One joint of the bamboo: where it begins, how long it is, how much of it is filled, which green."""

    x: float
    length: float
    filled: float
    dark: bool


def joints(parts: Sequence[Part]) -> list[Joint]:
    """Return the bamboo: every joint as long as the part's most, together BAMBOO units."""
    whole = sum(part.most for part in parts) or 1
    room = BAMBOO - GAP * (len(parts) - 1)
    found, x = [], 0.0
    for at, part in enumerate(parts):
        length = room * part.most / whole
        found.append(Joint(round(x, 1), round(length, 1), round(length * part.share, 1), at % 2 == 0))
        x += length + GAP
    return found


@dataclass(frozen=True)
class Spoke:
    """One direction of the radar: the dot, and where and how its label stands."""

    part: Part
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Radar:
    """The radar: rings (polygon points), the shape reached, the city's median if known, and the spokes."""

    rings: list[str]
    shape: str
    median: str
    spokes: list[Spoke]


def _at(spoke: int, count: int, radius: float) -> tuple[float, float]:
    angle = 2 * pi * spoke / count - pi / 2
    return round(CENTRE[0] + radius * cos(angle), 1), round(CENTRE[1] + radius * sin(angle), 1)


def _polygon(radii: Sequence[float]) -> str:
    return " ".join(f"{x},{y}" for x, y in (_at(at, len(radii), radius) for at, radius in enumerate(radii)))


def radar(parts: Sequence[Part]) -> Radar:
    """Return the radar of `parts`, first part on top, clockwise."""
    count = len(parts)
    medians = [part.median for part in parts]
    known = all(median is not None for median in medians)
    return Radar(
        rings=[_polygon([RADIUS * ring / 4] * count) for ring in (1, 2, 3, 4)],
        shape=_polygon([RADIUS * part.share for part in parts]),
        median=_polygon([RADIUS * (median or 0) for median in medians]) if known else "",
        spokes=[_spoke(part, at, count) for at, part in enumerate(parts)],
    )


def _spoke(part: Part, at: int, count: int) -> Spoke:
    x, y = _at(at, count, RADIUS * part.share)
    label_x, label_y = _at(at, count, _LABEL)
    middle = abs(label_x - CENTRE[0]) < 1
    anchor = "middle" if middle else "start" if label_x > CENTRE[0] else "end"
    above, below = label_y < CENTRE[1] - RADIUS, label_y > CENTRE[1] + RADIUS
    return Spoke(part, x, y, label_x, round(label_y + (-2 if above else 12 if below else 5), 1), anchor)


@dataclass(frozen=True)
class Interval:
    """A score on its scale: where the interval begins, how wide it is, where the score itself stands."""

    low: float
    high: float
    x: float
    width: float
    dot: float


def interval(points: float, half_width: float, most: float = 100.0) -> Interval:
    """Return the drawing of `points` with its interval, on a scale from 0 to `most` that is BAMBOO units long."""
    low, high = max(0.0, points - half_width), min(most, points + half_width)
    unit = BAMBOO / most
    return Interval(low, high, round(low * unit, 1), round((high - low) * unit, 1), round(points * unit, 1))
