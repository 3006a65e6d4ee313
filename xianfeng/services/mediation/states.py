"""The lives of a mediation as one table: the case, its hearings, what was promised, judicial confirmation, the lesson.

Nobody moves anything but through a row of it. Every state that is no end has a limit and a way out.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What lives by this table; the record's kinds of subjects too."""

    CASE = "case"
    HEARING = "hearing"
    DUTY = "duty"
    CONFIRMATION = "confirmation"
    LESSON = "lesson"
    LECTURE = "lecture"


class Who(StrEnum):
    """Who may ask for a move."""

    PARTY = "a party"
    RECEIVER = "the party that receives"
    MEDIATOR = "the mediator"
    STAFF = "staff"
    HOUSE = "what follows from another move"
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


_C, _H, _D, _J, _L, _T = Kind
_P, _R, _M, _S, _X, _Z = Who
MOVES: dict[tuple[Kind, str], Move] = {
    (move.kind, move.name): move
    for move in (
        _move(_C, "appoint", "opened > inviting", "case.appointed", _S, _X),
        _move(_C, "vacate", "inviting talking > opened", "case.vacated", _M, _X),
        _move(_C, "begin", "inviting > talking", "case.begun", _P),
        _move(_C, "refuse", "inviting > failed", "case.refused", _P),
        _move(_C, "consent_lapsed", "inviting > failed", "case.consent-lapsed", _Z),
        _move(_C, "agree", "talking > agreed", "case.agreed", _P),
        _move(_C, "fail", "talking > failed", "case.failed", _P, _M),
        _move(_C, "talk_lapsed", "talking > failed", "case.talk-lapsed", _Z),
        _move(_C, "withdraw", "opened inviting talking > withdrawn", "case.withdrawn", _P, _X),
        _move(_C, "decline", "opened inviting > declined", "case.declined", _S, _X),
        _move(_C, "keep", "agreed broken > kept", "case.kept", _R),
        _move(_C, "break", "agreed > broken", "case.broken", _R),
        _move(_C, "renew", "broken > talking", "case.renewed", _M),
        _move(_C, "to_court", "broken > court", "case.to-court", _R),
        _move(_C, "court_lapsed", "broken > court", "case.court-lapsed", _Z),
        _move(_H, "hold", "planned > held", "hearing.held", _M),
        _move(_H, "call_off", "planned > cancelled", "hearing.cancelled", _M, _X),
        _move(_H, "lapse", "planned > missed", "hearing.missed", _Z),
        _move(_D, "ask", "waiting > asked", "duty.asked", _Z),
        _move(_D, "confirm", "waiting asked broken > paid", "duty.paid", _R),
        _move(_D, "deny", "asked > broken", "duty.broken", _R),
        _move(_D, "replace", "waiting asked broken > replaced", "duty.replaced", _X),
        _move(_J, "ask", "open > asked", "confirmation.asked", _P),
        _move(_J, "confirm", "asked > confirmed", "confirmation.confirmed", _M),
        _move(_J, "refuse", "asked > refused", "confirmation.refused", _M),
        _move(_J, "void", "open asked confirmed > void", "confirmation.void", _X),
        _move(_J, "lapse", "open > lapsed", "confirmation.lapsed", _Z),
        _move(_L, "publish", "draft > published", "lesson.published", _M, _S),
        _move(_L, "drop", "draft > dropped", "lesson.dropped", _M, _S),
        _move(_L, "withdraw", "published > withdrawn", "lesson.withdrawn", _M, _S, _X),
        _move(_L, "lapse", "draft > dropped", "lesson.lapsed", _Z),
        _move(_T, "hold", "announced > held", "lecture.held", _M, _S),
        _move(_T, "call_off", "announced > cancelled", "lecture.cancelled", _M, _S, _X),
        _move(_T, "lapse", "announced > missed", "lecture.missed", _Z),
    )
}  # fmt: skip

FIRST: dict[Kind, str] = {
    _C: "opened", _H: "planned", _D: "waiting", _J: "open", _L: "draft", _T: "announced",
}  # fmt: skip
ENDS: dict[Kind, frozenset[str]] = {
    _C: frozenset({"failed", "withdrawn", "declined", "kept", "court"}),
    _H: frozenset({"held", "cancelled", "missed"}),
    _D: frozenset({"paid", "broken", "replaced"}),
    _J: frozenset({"confirmed", "refused", "void", "lapsed"}),
    _L: frozenset({"published", "dropped", "withdrawn"}),
    _T: frozenset({"held", "cancelled", "missed"}),
}
# What the passing of a state's limit does: a move of the table, or 'list' (a flag for staff; the state stays).
LIMITS: dict[tuple[Kind, str], str] = {
    (_C, "opened"): "list", (_C, "inviting"): "consent_lapsed", (_C, "talking"): "talk_lapsed",
    (_C, "agreed"): "list", (_C, "broken"): "court_lapsed",
    (_H, "planned"): "lapse", (_D, "waiting"): "ask", (_D, "asked"): "list",
    (_J, "open"): "lapse", (_J, "asked"): "list", (_L, "draft"): "lapse", (_T, "announced"): "lapse",
}  # fmt: skip
# Codes of what is written without a change of state.
CODES = frozenset(
    {
        "case.opened", "case.listed", "case.erased", "case.extended", "case.party-added", "case.party-left",
        "case.consented", "case.mediator-set-aside", "case.mediator-replaced", "case.spoke", "case.spoke-apart",
        "case.agreement-written", "case.signed", "case.paper-made",
        "hearing.planned", "hearing.moved", "hearing.reminded", "hearing.listed",
        "duty.promised", "duty.said-paid", "duty.listed",
        "confirmation.opened", "confirmation.party-asked", "confirmation.reminded", "confirmation.listed",
        "lesson.drafted", "lesson.changed", "lesson.listed", "lecture.announced", "lecture.attended", "lecture.listed",
    }
)  # fmt: skip
LIVE = frozenset({"opened", "inviting", "talking", "agreed", "broken"})  # a case that has not ended
LED = frozenset({"inviting", "talking", "agreed", "broken"})  # a mediator leads it
UNFOUND = frozenset({"failed", "court"})  # no settlement that holds: the way to court is told
APPLICANT, RESPONDENT, ALL = "applicant", "respondent", "all"
SIDES = (APPLICANT, RESPONDENT)
CHANNELS = (ALL, *SIDES)


def codes() -> frozenset[str]:
    """Return every event code of mediation."""
    return CODES | {move.code for move in MOVES.values()}


def states(kind: Kind) -> frozenset[str]:
    """Return every state of `kind`."""
    moves = [move for move in MOVES.values() if move.kind == kind]
    return ENDS[kind] | {FIRST[kind]} | {move.target for move in moves}


def ways_out(kind: Kind, state: str) -> list[Move]:
    """Return the moves that lead out of a state."""
    return [move for move in MOVES.values() if move.kind == kind and state in move.source]
