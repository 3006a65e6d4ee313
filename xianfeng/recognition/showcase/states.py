"""The lives of what is shown, as one table: achievements, live broadcasts, comments, benefits, feedback.

Nobody moves anything but through a row of it. Every state that is no end has a limit and a way out.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What lives by this table; the record's kinds of subjects too."""

    ACHIEVEMENT = "achievement"
    LIVE = "live"
    COMMENT = "comment"
    BENEFIT = "benefit"
    FEEDBACK = "feedback"


class Who(StrEnum):
    """Who may ask for a move."""

    AUTHOR = "author"
    REQUESTER = "requester"
    STAFF = "staff"
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


_A, _L, _C, _B, _F = Kind
MOVES: dict[tuple[Kind, str], Move] = {
    (move.kind, move.name): move
    for move in (
        _move(_A, "submit", "draft returned > submitted", "achievement.submitted", Who.AUTHOR),
        _move(_A, "publish", "submitted > published", "achievement.published", Who.STAFF),
        _move(_A, "return", "submitted > returned", "achievement.returned", Who.STAFF),
        _move(_A, "refuse", "submitted > refused", "achievement.refused", Who.STAFF),
        _move(_A, "withdraw", "draft submitted returned published > withdrawn", "achievement.withdrawn", Who.AUTHOR),
        _move(_A, "take_down", "published > taken-down", "achievement.taken-down", Who.STAFF),
        _move(_A, "lapse", "draft returned > withdrawn", "achievement.lapsed", Who.LIMIT),
        _move(_L, "announce", "proposed > announced", "live.announced", Who.STAFF),
        _move(_L, "refuse", "proposed > refused", "live.refused", Who.STAFF),
        _move(_L, "cancel", "proposed announced > cancelled", "live.cancelled", Who.AUTHOR),
        _move(_L, "start", "announced > live", "live.started", Who.AUTHOR),
        _move(_L, "end", "live > ended", "live.ended", Who.AUTHOR),
        _move(_L, "take_down", "announced live ended > taken-down", "live.taken-down", Who.STAFF),
        _move(_L, "lapse", "proposed > cancelled", "live.lapsed", Who.LIMIT),
        _move(_L, "miss", "announced > cancelled", "live.missed", Who.LIMIT),
        _move(_L, "cut", "live > ended", "live.cut", Who.LIMIT),
        _move(_C, "show", "waiting > shown", "comment.shown", Who.AUTHOR, Who.STAFF),
        _move(_C, "hide", "waiting shown > hidden", "comment.hidden", Who.AUTHOR, Who.STAFF),
        _move(_C, "lapse", "waiting > hidden", "comment.lapsed", Who.LIMIT),
        _move(_B, "verify", "claimed refused > verified", "benefit.verified", Who.REQUESTER, Who.STAFF),
        _move(_B, "refuse", "claimed verified > refused", "benefit.refused", Who.REQUESTER, Who.STAFF),
        _move(_F, "answer", "waiting > answered", "feedback.answered", Who.AUTHOR, Who.STAFF),
    )
}  # fmt: skip

# Where each begins. A problem of the feedback is a matter from the beginning: its life is the engine's.
FIRST: dict[Kind, frozenset[str]] = {
    _A: frozenset({"draft"}), _L: frozenset({"proposed"}), _C: frozenset({"waiting"}),
    _B: frozenset({"claimed", "verified"}), _F: frozenset({"waiting", "matter"}),
}  # fmt: skip
ENDS: dict[Kind, frozenset[str]] = {
    _A: frozenset({"published", "refused", "withdrawn", "taken-down"}),
    _L: frozenset({"refused", "cancelled", "ended", "taken-down"}),
    _C: frozenset({"shown", "hidden"}),
    _B: frozenset({"verified", "refused"}),
    _F: frozenset({"answered", "matter"}),
}
# What the passing of a state's limit does: a move of the table, or 'list' (a flag for staff; the state stays).
LIMITS: dict[tuple[Kind, str], str] = {
    (_A, "draft"): "lapse", (_A, "returned"): "lapse", (_A, "submitted"): "list",
    (_L, "proposed"): "lapse", (_L, "announced"): "miss", (_L, "live"): "cut",
    (_C, "waiting"): "lapse", (_B, "claimed"): "list", (_F, "waiting"): "list",
}  # fmt: skip
# Codes of what is written without a change of state.
CODES = frozenset(
    {
        "achievement.drafted", "achievement.changed", "achievement.listed", "achievement.adopted", "achievement.erased",
        "live.proposed", "live.reminded", "live.subscribed", "live.unsubscribed", "live.erased",
        "comment.written", "comment.erased",
        "benefit.claimed", "benefit.changed", "benefit.listed", "benefit.erased",
        "feedback.sent", "feedback.listed", "feedback.erased",
    }
)  # fmt: skip
SEEN_LIVE = ("announced", "live", "ended")


def codes() -> frozenset[str]:
    """Return every event code of the showcase."""
    return CODES | {move.code for move in MOVES.values()}


def states(kind: Kind) -> frozenset[str]:
    """Return every state of `kind`."""
    moves = [move for move in MOVES.values() if move.kind == kind]
    return FIRST[kind] | ENDS[kind] | {move.target for move in moves}


def ways_out(kind: Kind, state: str) -> list[Move]:
    """Return the moves that lead out of a state."""
    return [move for move in MOVES.values() if move.kind == kind and state in move.source]
