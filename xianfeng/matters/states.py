"""A matter's life as one table. Services switch links on or off; nobody moves a matter but through a row of it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a matter stands."""

    RAISED = "raised"
    OFFERED = "offered"
    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    FILED = "filed"
    HANDED = "handed"
    CHECKING = "checking"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Who(StrEnum):
    """Who may ask for a move."""

    REQUESTER = "requester"
    PIONEER = "pioneer"
    TAKER = "taker"
    OFFERED = "offered pioneer"
    STAFF = "staff"
    LIMIT = "the limit"
    ROOM = "a room of services"
    POST = "who has it in duty"
    CHECKER = "somebody who did not handle it"


@dataclass(frozen=True)
class Move:
    """One way from states to a state: its name, who may ask, and the code the record keeps."""

    name: str
    source: frozenset[State]
    target: State
    who: frozenset[Who]
    code: str


def _move(name: str, source: str, target: str, who: set[Who], code: str) -> Move:
    return Move(
        name, frozenset(State(state) for state in source.split()), State(target), frozenset(who), code
    )


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        _move("file", "raised", "open", {Who.STAFF}, "matter.filed"),
        _move("claim", "open", "taken", {Who.PIONEER}, "matter.claimed"),
        _move("accept", "offered", "taken", {Who.OFFERED}, "matter.accepted"),
        _move("turn_down", "offered", "open", {Who.OFFERED}, "matter.turned-down"),
        _move("offer_lapsed", "offered", "open", {Who.LIMIT}, "matter.offer-lapsed"),
        _move("release", "taken", "open", {Who.TAKER}, "matter.released"),
        _move("take_lapsed", "taken", "open", {Who.LIMIT}, "matter.take-lapsed"),
        _move("suspended", "taken", "open", {Who.LIMIT}, "matter.released-by-suspension"),
        _move("report", "taken", "done", {Who.TAKER}, "matter.reported"),
        _move("rate", "done", "closed", {Who.REQUESTER}, "matter.rated"),
        _move("close_unrated", "done", "closed", {Who.LIMIT}, "matter.closed-unrated"),
        _move("dispute", "done", "taken", {Who.REQUESTER}, "matter.disputed"),
        _move("dispute_again", "done", "raised", {Who.REQUESTER}, "matter.disputed-to-staff"),
        _move("reopen", "closed", "taken", {Who.REQUESTER}, "matter.reopened"),
        _move(
            "withdraw", "raised offered open filed handed", "withdrawn", {Who.REQUESTER}, "matter.withdrawn"
        ),
        _move("decline", "raised offered open filed handed", "declined", {Who.STAFF}, "matter.declined"),
        _move("merge", "raised offered open filed handed", "merged", {Who.STAFF}, "matter.merged"),
        _move("assign", "raised open", "taken", {Who.STAFF}, "matter.assigned"),
        # the links of a service with a course (duties/): filed, handed over, handled, checked by another
        _move("put_on_file", "raised", "filed", {Who.STAFF}, "matter.put-on-file"),
        _move("hand_over", "filed handed", "handed", {Who.STAFF, Who.LIMIT}, "matter.handed"),
        _move("escalate", "handed", "handed", {Who.POST, Who.STAFF, Who.LIMIT}, "matter.escalated"),
        _move("send_back", "handed", "filed", {Who.POST}, "matter.sent-back"),
        _move("report_handled", "handed", "checking", {Who.POST}, "matter.handled"),
        _move("pass_check", "checking", "closed", {Who.CHECKER}, "matter.checked"),
        _move("fail_check", "checking", "handed", {Who.CHECKER}, "matter.check-failed"),
        _move("close_unchecked", "checking", "closed", {Who.LIMIT}, "matter.closed-unchecked"),
        _move("take_up_again", "closed", "handed", {Who.REQUESTER}, "matter.taken-up-again"),
        _move("settle", "raised open", "closed", {Who.ROOM}, "matter.settled"),
    )
}

ENDS = frozenset({State.DECLINED, State.WITHDRAWN, State.MERGED, State.CLOSED})

# What the passing of a state's limit does: a move of the table, or 'list' (a flag; the state stays).
LIMITS: dict[State, str] = {
    State.RAISED: "list",
    State.OPEN: "list",
    State.OFFERED: "offer_lapsed",
    State.TAKEN: "take_lapsed",
    State.DONE: "close_unrated",
    State.FILED: "list",
    State.HANDED: "escalate",
    State.CHECKING: "close_unchecked",
}

# States that only a service with a course knows; their limits stand in its course.
OF_A_COURSE = (State.FILED, State.HANDED, State.CHECKING)

# Codes of what is written without a change of state.
CODES = frozenset(
    {
        "matter.raised", "matter.listed", "matter.extended", "matter.messaged",
        "matter.benefit-verified", "matter.rating-changed", "matter.rating-voided", "matter.rating-restored",
        "matter.team-called", "matter.visit-agreed",
        "matter.team-declined", "matter.photo-added", "matter.imported", "matter.abuse-reported", "matter.abuse-judged",
        "matter.transferred", "matter.erased", "matter.forgotten", "matter.updated-outside", "matter.reporter-shown",
        "matter.paused", "matter.resumed", "matter.time-asked", "matter.evaluated", "matter.linked",
        "matter.placed-again",
    }
)  # fmt: skip

LIVE_PUBLIC = (State.OPEN, State.TAKEN, State.DONE, State.CLOSED)


def codes() -> frozenset[str]:
    """Return every event code a matter's record may carry."""
    return CODES | {move.code for move in MOVES.values()}


def ways_out(state: State) -> list[Move]:
    """Return the moves that lead out of `state`."""
    return [move for move in MOVES.values() if state in move.source]
