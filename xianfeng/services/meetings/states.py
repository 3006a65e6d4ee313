"""The lives of meetings, proposals and teams as one table. Nobody moves anything but through a row of it.

Every state that is no end has a limit and a way out.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What lives here; the record's kinds of subjects too."""

    MEETING = "meeting"
    PROPOSAL = "proposal"
    TEAM = "team"


class Who(StrEnum):
    """Who may ask for a move."""

    CALLER = "caller"
    AUTHOR = "author"
    LEADER = "leader of the area"
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


_M, _P, _T = Kind
MOVES: dict[tuple[Kind, str], Move] = {
    (move.kind, move.name): move
    for move in (
        _move(_M, "open", "called > open", "meeting.opened", Who.CALLER),
        _move(_M, "close", "open > closed", "meeting.closed", Who.CALLER),
        _move(_M, "cancel", "called open > cancelled", "meeting.cancelled", Who.CALLER),
        _move(_M, "miss", "called > cancelled", "meeting.missed", Who.LIMIT),
        _move(_M, "close_late", "open > closed", "meeting.closed-late", Who.LIMIT),
        _move(_P, "study", "proposed > studied", "proposal.studied", Who.LEADER),
        _move(_P, "adopt", "proposed studied > adopted", "proposal.adopted", Who.LEADER),
        _move(_P, "begin", "adopted > building", "proposal.begun", Who.LEADER),
        _move(_P, "finish", "building > built", "proposal.built", Who.LEADER),
        _move(_P, "decline", "proposed studied > declined", "proposal.declined", Who.LEADER),
        _move(_P, "stop", "adopted building > stopped", "proposal.stopped", Who.LEADER),
        _move(_P, "withdraw", "proposed studied > withdrawn", "proposal.withdrawn", Who.AUTHOR),
        _move(_T, "dissolve", "formed > dissolved", "team.dissolved", Who.LEADER),
    )
}

FIRST: dict[Kind, str] = {_M: "called", _P: "proposed", _T: "formed"}
ENDS: dict[Kind, frozenset[str]] = {
    _M: frozenset({"closed", "cancelled"}),
    _P: frozenset({"built", "declined", "stopped", "withdrawn"}),
    _T: frozenset({"formed", "dissolved"}),  # a team stands until it is dissolved: nobody waits for it
}
# What the passing of a state's limit does: a move of the table, or 'list' (a flag for those who lead; the state stays).
LIMITS: dict[tuple[Kind, str], str] = {
    (_M, "called"): "miss", (_M, "open"): "close_late",
    (_P, "proposed"): "list", (_P, "studied"): "list", (_P, "adopted"): "list", (_P, "building"): "list",
}  # fmt: skip
# Codes of what is written without a change of state.
CODES = frozenset(
    {
        "meeting.called", "meeting.answered", "meeting.item-added", "meeting.item-dropped", "meeting.item-decided",
        "meeting.task-handed-over", "meeting.attended", "meeting.erased",
        "proposal.made", "proposal.noted", "proposal.listed", "proposal.erased",
        "team.formed", "team.joined", "team.left",
    }
)  # fmt: skip
# What anybody may read of a proposal: from when it was looked at on.
PUBLIC = ("studied", "adopted", "building", "built", "stopped")


def codes() -> frozenset[str]:
    """Return every event code of this room."""
    return CODES | {move.code for move in MOVES.values()}


def states(kind: Kind) -> frozenset[str]:
    """Return every state of `kind`."""
    return ENDS[kind] | {FIRST[kind]} | {move.target for move in MOVES.values() if move.kind == kind}


def ways_out(kind: Kind, state: str) -> list[Move]:
    """Return the moves that lead out of a state."""
    return [move for move in MOVES.values() if move.kind == kind and state in move.source]
