"""The lives of questions and of policy answers as one table. Nobody moves anything but through a row of it.

Every state that is no end has a limit and a way out.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What lives here; the record's kinds of subjects too."""

    QUESTION = "question"
    POLICY = "policy"


class Who(StrEnum):
    """Who may ask for a move."""

    ASKER = "asker"
    KEEPER = "keeper of the studio"
    MODERATOR = "moderator"
    LIMIT = "the limit"


@dataclass(frozen=True)
class Move:
    """One way from states to a state: its name, who may ask, and the code the record keeps."""

    kind: Kind
    name: str
    source: frozenset[str]
    target: str
    who: frozenset[Who]
    code: str


def _move(kind: Kind, name: str, way: str, code: str, *who: Who) -> Move:
    source, _, target = way.partition(" > ")
    return Move(kind, name, frozenset(source.split()), target, frozenset(who), code)


_Q, _P = Kind
MOVES: dict[tuple[Kind, str], Move] = {
    (move.kind, move.name): move
    for move in (
        _move(_Q, "answer", "asked handed > answered", "question.answered", Who.KEEPER),
        _move(_Q, "hand_over", "asked > handed", "question.handed-over", Who.KEEPER),
        _move(_Q, "decline", "asked handed > declined", "question.declined", Who.KEEPER),
        _move(_Q, "withdraw", "asked handed > withdrawn", "question.withdrawn", Who.ASKER),
        _move(_Q, "settle", "answered > settled", "question.settled", Who.ASKER),
        _move(_Q, "deny", "answered > asked", "question.denied", Who.ASKER),
        _move(_Q, "lapse", "answered > settled", "question.lapsed", Who.LIMIT),
        _move(_P, "publish", "submitted refused > published", "policy.published", Who.MODERATOR),
        _move(_P, "refuse", "submitted > refused", "policy.refused", Who.MODERATOR),
        _move(_P, "submit", "refused published > submitted", "policy.changed", Who.KEEPER),
        _move(_P, "withdraw", "submitted refused published > withdrawn", "policy.withdrawn", Who.KEEPER),
        _move(_P, "take_down", "published > refused", "policy.taken-down", Who.MODERATOR),
    )
}

FIRST: dict[Kind, str] = {_Q: "asked", _P: "submitted"}
ENDS: dict[Kind, frozenset[str]] = {
    _Q: frozenset({"settled", "declined", "withdrawn"}),
    _P: frozenset({"published", "refused", "withdrawn"}),
}
# What the passing of a state's limit does: a move of the table, or 'list' (a flag for those who lead; the state stays).
LIMITS: dict[tuple[Kind, str], str] = {
    (_Q, "asked"): "list", (_Q, "handed"): "list", (_Q, "answered"): "lapse", (_P, "submitted"): "list",
}  # fmt: skip
# Codes of what is written without a change of state; those of studios and constituencies too.
CODES = frozenset(
    {
        "question.asked", "question.asked-after", "question.word-given", "question.passed-on", "question.listed",
        "question.erased", "question.hidden",
        "policy.submitted", "policy.listed", "policy.erased",
        "studio.opened", "studio.changed", "studio.closed", "studio.visited",
        "studio.hours-set", "studio.hours-changed",
        "studio.erased", "constituency.drawn", "constituency.redrawn",
    }
)  # fmt: skip
WAITING = ("asked", "handed")
# When a public question is read by others: its keeper has answered it.
PUBLIC = ("answered", "settled")


def codes() -> frozenset[str]:
    """Return every event code of this room."""
    return CODES | {move.code for move in MOVES.values()}


def states(kind: Kind) -> frozenset[str]:
    """Return every state of `kind`."""
    return ENDS[kind] | {FIRST[kind]} | {move.target for move in MOVES.values() if move.kind == kind}


def ways_out(kind: Kind, state: str) -> list[Move]:
    """Return the moves that lead out of a state."""
    return [move for move in MOVES.values() if move.kind == kind and state in move.source]
