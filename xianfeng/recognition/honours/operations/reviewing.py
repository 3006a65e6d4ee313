"""From the close of declarations to the ranks: who is admitted, who may score whom, points, totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import conflicts, eligibility, steps, tallying, titles
from xianfeng.recognition.honours.models import Candidacy, Conflict, Reviewer, Round, Score
from xianfeng.recognition.honours.states import CandidacyState, RoundState


def close(pk: int, *, by: Person) -> Round:
    """End the declarations: every candidacy is held against the rules, and conflicts of interest are looked for.

    The numbers behind each answer are kept, on the row and on the record. Again answers the same.
    Raises Missing, Refused 'round-too-early', 'round-wrong-state'.
    """
    at = clock.now()
    with write():
        row = steps.own_round(pk, by)
        if row.state == RoundState.REVIEW:
            return row
        if at < row.closes_at:
            raise Refused("round-too-early", until=row.closes_at.isoformat())
        admitted = _admit(row, actor(by.id), at)
        _keep_conflicts(row, actor(by.id), at)
        idempotency.note("round", pk)
        return steps.move_round(row, "close", actor=actor(by.id), at=at, new=admitted)


def _admit(row: Round, who: Actor, at: datetime) -> dict[str, int]:
    rules = list(row.rules.order_by("position"))
    waiting = dict(row.candidacies.filter(state=CandidacyState.DECLARED).values_list("pioneer_id", "id"))
    changed: list[steps.Changed] = []
    for one in eligibility.read(row, rules, row.closes_at, only=list(waiting)):
        fine = eligibility.fulfils(rules, one.numbers)
        facts = {str(rule.position): number for rule, number in zip(rules, one.numbers, strict=True)}
        columns = {"state": "admitted" if fine else "ineligible", "index": one.index, "facts": facts}
        changed.append((waiting[one.pioneer_id], columns, columns))
    steps.change_many("candidacy.checked", changed, actor=who, at=at)
    count = sum(columns["state"] == "admitted" for _, columns, _ in changed)
    return {"admitted": count, "ineligible": len(changed) - count}


def _keep_conflicts(row: Round, who: Actor, at: datetime) -> None:
    found = conflicts.found(row.pk)
    Conflict.objects.bulk_create(
        Conflict(candidacy_id=candidacy, reviewer_id=reviewer, kind=kind, at=at)
        for candidacy, reviewer, kind in found
    )
    pairs: dict[int, list[list[Any]]] = {}
    for candidacy, reviewer, kind in found:
        pairs.setdefault(candidacy, []).append([reviewer, kind])
    for candidacy, told in sorted(pairs.items()):
        record.append(
            "candidacy", candidacy, "candidacy.conflicts-found", actor=who, at=at, new={"conflicts": told}
        )


def score(candidacy_id: int, points: Mapping[int, int], *, by: Person) -> list[Score]:
    """Give points, 0 to 100, by criterion position, as a reviewer of the round; anew overwrites one's own.

    Nobody sees them but who gave them until the round is ranked. Raises Missing for who reviews nothing here;
    Refused 'round-wrong-state', 'conflict-of-interest', 'points-invalid'.
    """
    at = clock.now()
    with write():
        row, reviewer = _reviewing(candidacy_id, by)
        if row.conflicts.filter(reviewer=reviewer).exists() or _pair_conflict(row, reviewer):
            raise Refused("conflict-of-interest")
        judged = {one.position: one for one in row.round.criteria.filter(source="review")}
        if set(points) != set(judged) or not all(0 <= given <= 100 for given in points.values()):
            raise Refused("points-invalid", field="points")
        for position, given in points.items():
            Score.objects.update_or_create(
                candidacy=row,
                reviewer=reviewer,
                criterion=judged[position],
                defaults={"points": given, "at": at},
            )
        new = {
            "reviewer": reviewer.pk,
            "points": {str(position): given for position, given in sorted(points.items())},
        }
        record.append("candidacy", row.pk, "candidacy.scored", actor=actor(by.id), at=at, new=new)
        idempotency.note("candidacy", row.pk)
        return list(row.scores.filter(reviewer=reviewer))


def _reviewing(candidacy_id: int, by: Person) -> tuple[Candidacy, Reviewer]:
    """Return an admitted candidacy, locked, and its reviewer. Raises Missing, Refused 'round-wrong-state'."""
    row = steps.locked(Candidacy, candidacy_id)
    reviewer = Reviewer.objects.filter(round_id=row.round_id, person=by, left_at=None).first()
    if reviewer is None or row.state == CandidacyState.WITHDRAWN:
        raise Missing
    steps.shared(row.round_id)
    row.round.refresh_from_db()
    if row.round.state != RoundState.REVIEW or row.state != CandidacyState.ADMITTED:
        raise Refused("round-wrong-state", state=row.round.state, move="score")
    if clock.now() > row.round.review_until:
        raise Refused("review-over")
    return row, reviewer


def _pair_conflict(row: Candidacy, reviewer: Reviewer) -> bool:
    """Tell whether a conflict has come about since the close (a reviewer who was added later)."""
    return any(pair[:2] == (row.pk, reviewer.pk) for pair in conflicts.found(row.round_id))


def declare_conflict(candidacy_id: int, *, by: Person) -> Conflict:
    """Say as a reviewer that one is too near to a candidate: own points for them are dropped. Again the same."""
    at = clock.now()
    with write():
        row, reviewer = _reviewing(candidacy_id, by)
        found, made = Conflict.objects.get_or_create(
            candidacy=row, reviewer=reviewer, defaults={"kind": "declared", "at": at}
        )
        if made:
            row.scores.filter(reviewer=reviewer).delete()
            new = {"reviewer": reviewer.pk}
            record.append(
                "candidacy", row.pk, "candidacy.conflict-declared", actor=actor(by.id), at=at, new=new
            )
        idempotency.note("candidacy", row.pk)
        return found


def rank(pk: int, *, by: Person) -> Round:
    """End the review: totals and ranks by the stated rule, each kept with its parts. Again answers the same.

    Raises Missing; Refused 'scores-too-few' with who lacks points ({names}, {least}), 'round-wrong-state'.
    """
    at = clock.now()
    with write():
        row = steps.own_round(pk, by)
        if row.state == RoundState.RANKED:
            return row
        tally = tallying.tally(row)
        if row.state == RoundState.REVIEW and tally.lacking:
            names = "、".join(one.name for one in tally.lacking[:5])
            raise Refused(
                "scores-too-few", names=names, count=len(tally.lacking),
                least=titles.numbers("review")["reviewers_least"],
            )  # fmt: skip
        changed = [(one.id, one.columns(), one.columns()) for one in tally.results]
        row = steps.move_round(row, "rank", actor=actor(by.id), at=at, new={"ranked": len(changed)})
        steps.change_many("candidacy.ranked", changed, actor=actor(by.id), at=at)
        idempotency.note("round", pk)
        return row


@dataclass(frozen=True)
class Difference:
    """A number on a row that does not follow from what is kept: whose, which, what stands and what should."""

    candidacy_id: int
    what: str
    stands: float | None
    follows: float | None


def reproduce(row: Round) -> list[Difference]:
    """Work every total and rank of a ranked round out anew; return where one differs from what stands."""
    stands = {one.pk: one for one in row.candidacies.exclude(rank=None)}
    found = []
    for one in tallying.tally(row, states=None).results:
        kept = stands[one.id]
        for what, was, follows in (("total", kept.total, one.total), ("rank", kept.rank, one.rank)):
            if was != follows:
                found.append(Difference(one.id, what, was, follows))
    return found
