"""From the points of reviewers to totals and ranks. Pure, no database: the same numbers give the same order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DIGITS = 6


def trimmed_mean(points: Sequence[float], *, trim_from: int) -> float:
    """Return the mean; from `trim_from` points on without the highest and the lowest. Raises ValueError for none."""
    if not points:
        raise ValueError("no points")
    kept = sorted(points)[1:-1] if len(points) >= trim_from else list(points)
    return sum(kept) / len(kept)


@dataclass(frozen=True)
class Weighed:
    """A criterion as it counts: its position, its weight in hundredths."""

    position: int
    weight: int


def total(points: Mapping[int, float], criteria: Sequence[Weighed]) -> float:
    """Return the weighted sum, 0 to 100, rounded to a millionth: so ties are ties."""
    return round(sum(points[one.position] * one.weight / 100 for one in criteria), DIGITS)


@dataclass(frozen=True)
class Standing:
    """What a rank is decided by: the total, then the index without honours, then services done, then being a pioneer
    longer (`since`, a time as a number), then the lower id.
    """

    id: int
    total: float
    index: float
    services: float
    since: float

    def key(self) -> tuple[float, float, float, float, int]:
        """Return what standings are sorted by, best first."""
        return (-self.total, -self.index, -self.services, self.since, self.id)


def ranks(standings: Sequence[Standing]) -> dict[int, int]:
    """Return the rank of each, 1 the best; no two share one."""
    return {one.id: place for place, one in enumerate(sorted(standings, key=Standing.key), 1)}


def severity(scores: Sequence[tuple[int, int, int, float]]) -> dict[int, float]:
    """Return by how many points each reviewer gives more (+) or less (-) than the others on the same.

    `scores`: (reviewer, candidacy, criterion, points). Where nobody else scored, nothing is compared; a reviewer of
    whom nothing can be compared is left out.
    """
    sheets: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for reviewer, candidacy, criterion, points in scores:
        sheets[candidacy, criterion].append((reviewer, points))
    apart: dict[int, list[float]] = defaultdict(list)
    for given in sheets.values():
        whole = sum(points for _, points in given)
        for reviewer, points in given if len(given) > 1 else []:
            apart[reviewer].append(points - (whole - points) / (len(given) - 1))
    return {reviewer: sum(each) / len(each) for reviewer, each in apart.items()}
