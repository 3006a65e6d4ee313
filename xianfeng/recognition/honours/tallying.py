"""The numbers of a round in review, read in a fixed count of statements: totals, ranks, who lacks points, severity."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xianfeng.matters.models import Handling
from xianfeng.recognition.honours import scoring, titles
from xianfeng.recognition.honours.models import Candidacy, Criterion, Round, Score
from xianfeng.recognition.honours.scoring import Standing, Weighed


@dataclass(frozen=True)
class Result:
    """A candidacy's points by criterion, their weighted sum, and its rank."""

    id: int
    points: dict[str, float]
    total: float
    rank: int

    def columns(self) -> dict[str, Any]:
        """Return what is written on the row and told to the record."""
        return {"points": self.points, "total": self.total, "rank": self.rank}


@dataclass(frozen=True)
class Lacking:
    """A candidacy too few reviewers have scored."""

    id: int
    name: str
    reviewers: int


@dataclass(frozen=True)
class Tally:
    """All results, best first, and who lacks points (then they have no result)."""

    results: list[Result]
    lacking: list[Lacking]


Points = dict[tuple[int, int], list[float]]


def tally(row: Round, *, states: Sequence[str] | None = ("admitted",)) -> Tally:
    """Return totals and ranks of the candidacies in `states` (None: of those with a rank); five statements."""
    asked = Candidacy.objects.filter(round=row)
    asked = asked.exclude(rank=None) if states is None else asked.filter(state__in=states)
    candidacies = list(asked.select_related("pioneer").order_by("id"))
    criteria = list(row.criteria.order_by("position"))
    given = _points(row)
    ready, lacking = _sorted_out(candidacies, criteria, given)
    done = _services(row, [one.pioneer_id for one in candidacies])
    totals = {one.pk: _parts(one, criteria, given) for one in ready}
    weighed = [Weighed(one.position, one.weight) for one in criteria]
    standings = [
        Standing(
            one.pk, scoring.total(totals[one.pk], weighed), one.index or 0.0, done.get(one.pioneer_id, 0),
            one.pioneer.since.timestamp(),
        )
        for one in ready
    ]  # fmt: skip
    places = scoring.ranks(standings)
    results = [
        Result(one.id, {str(at): value for at, value in totals[one.id].items()}, one.total, places[one.id])
        for one in standings
    ]
    return Tally(sorted(results, key=lambda one: one.rank), lacking)


def _points(row: Round) -> Points:
    """Return the points of the reviewers who stayed and stand in no conflict, by candidacy and criterion."""
    rows = Score.objects.filter(candidacy__round=row, reviewer__left_at=None).order_by("reviewer_id")
    barred = set(
        Candidacy.objects.filter(round=row, conflicts__isnull=False).values_list(
            "id", "conflicts__reviewer_id"
        )
    )
    found: Points = defaultdict(list)
    for candidacy, reviewer, position, points in rows.values_list(
        "candidacy_id", "reviewer_id", "criterion__position", "points"
    ):
        if (candidacy, reviewer) not in barred:
            found[candidacy, position].append(float(points))
    return found


def _sorted_out(
    candidacies: Sequence[Candidacy], criteria: Sequence[Criterion], given: Points
) -> tuple[list[Candidacy], list[Lacking]]:
    least = titles.numbers("review")["reviewers_least"]
    judged = [one.position for one in criteria if one.source == "review"]
    counts = {
        one.pk: min((len(given.get((one.pk, at), ())) for at in judged), default=least) for one in candidacies
    }
    ready = [one for one in candidacies if counts[one.pk] >= least]
    lacking = [
        Lacking(one.pk, one.pioneer.name, counts[one.pk]) for one in candidacies if counts[one.pk] < least
    ]
    return ready, lacking


def _parts(one: Candidacy, criteria: Sequence[Criterion], given: Points) -> dict[int, float]:
    trim_from = titles.numbers("review")["trim_from"]
    return {
        at.position: one.index or 0.0 if at.source == "index"
        else scoring.trimmed_mean(given[one.pk, at.position], trim_from=trim_from)
        for at in criteria
    }  # fmt: skip


def _services(row: Round, pioneer_ids: Sequence[int]) -> dict[int, int]:
    """Return how many services each pioneer had done when declarations closed."""
    done = Handling.objects.filter(pioneer__in=pioneer_ids, outcome="done", reported_at__lte=row.closes_at)
    found: dict[int, int] = defaultdict(int)
    for pioneer_id in done.values_list("pioneer_id", flat=True):
        found[pioneer_id] += 1
    return found


def severity(row: Round) -> dict[int, float]:
    """Return by how many points each reviewer gives more or less than the others, by reviewer; one statement."""
    rows = Score.objects.filter(candidacy__round=row).values_list(
        "reviewer_id", "candidacy_id", "criterion_id", "points"
    )
    return scoring.severity([(*row[:3], float(row[3])) for row in rows])
