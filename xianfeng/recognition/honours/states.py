"""The life of an award round and of a candidacy in it, as two readable tables."""

from dataclasses import dataclass
from enum import StrEnum


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"  # being set up
    OPEN = "open"  # declarations come in
    REVIEW = "review"  # reviewers score, each for themself
    RANKED = "ranked"  # totals are known
    NOTICE = "notice"  # 公示
    DECIDED = "decided"
    CANCELLED = "cancelled"


class CandidacyState(StrEnum):
    """Where a candidacy stands."""

    DECLARED = "declared"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    ADMITTED = "admitted"
    SELECTED = "selected"
    PASSED = "passed"  # admitted, and others came before
    EXCLUDED = "excluded"  # an objection was upheld
    HONOURED = "honoured"


@dataclass(frozen=True)
class Move:
    """One step of a round: from where, to where, and the code of the record."""

    source: frozenset[RoundState]
    target: RoundState
    code: str


_R = RoundState


def _move(source: str, target: RoundState, code: str) -> Move:
    return Move(frozenset(_R(one) for one in source.split()), target, code)


MOVES: dict[str, Move] = {
    "open": _move("draft", _R.OPEN, "round.opened"),
    "close": _move("open", _R.REVIEW, "round.closed"),
    "rank": _move("review", _R.RANKED, "round.ranked"),
    "announce": _move("ranked", _R.NOTICE, "round.announced"),
    "revise": _move("notice", _R.RANKED, "round.revised"),
    "decide": _move("notice", _R.DECIDED, "round.decided"),
    "cancel": _move("draft open review ranked notice", _R.CANCELLED, "round.cancelled"),
}
ENDS = frozenset({_R.DECIDED, _R.CANCELLED})
BLIND = frozenset({_R.DRAFT, _R.OPEN, _R.REVIEW})  # nobody sees another's points yet
PUBLIC = frozenset({_R.OPEN, _R.REVIEW, _R.RANKED, _R.NOTICE, _R.DECIDED})
SHOWN = frozenset({_R.NOTICE, _R.DECIDED})  # anybody sees who was chosen
