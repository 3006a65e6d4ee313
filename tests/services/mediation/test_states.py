"""The table of mediation's lives."""

from itertools import product

import pytest

from xianfeng.foundation.kernel import catalogue
from xianfeng.services.mediation import states
from xianfeng.services.mediation.operations import limits
from xianfeng.services.mediation.states import ENDS, FIRST, LIMITS, MOVES, Kind, Who

OPEN = [(kind, state) for kind in Kind for state in sorted(states.states(kind) - ENDS[kind])]


@pytest.mark.parametrize(("kind", "state"), OPEN)
def test_every_state_that_is_no_end_has_a_limit_and_a_way_out(kind: Kind, state: str) -> None:
    assert states.ways_out(kind, state)
    act = LIMITS[kind, state]
    assert act == "list" or state in MOVES[kind, act].source


def test_ends_have_no_limit_and_every_limit_its_minutes() -> None:
    assert not [(kind, state) for kind in Kind for state in ENDS[kind] if (kind, state) in LIMITS]
    minutes = set(catalogue.load("mediation")["limits_minutes"])
    assert minutes == {f"{kind}_{state}" for kind, state in LIMITS} - {
        "confirmation_open"
    }  # its own days say it


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_is_reached_from_the_first_one(kind: Kind) -> None:
    reached, moves = {FIRST[kind]}, [move for move in MOVES.values() if move.kind == kind]
    for _, move in product(moves, moves):
        reached |= {move.target} if move.source & reached else set()
    assert reached == states.states(kind)


def test_from_every_state_of_a_case_an_end_is_reached() -> None:
    moves = [move for move in MOVES.values() if move.kind == Kind.CASE]
    ending = set(ENDS[Kind.CASE])
    for _ in moves:
        ending |= {state for move in moves if move.target in ending for state in move.source}
    assert ending == states.states(Kind.CASE)


def test_who_owes_never_says_that_it_came() -> None:
    saying = [
        move for (kind, name), move in MOVES.items() if kind == Kind.DUTY and name in {"confirm", "deny"}
    ]
    assert {who for move in saying for who in move.who} == {Who.RECEIVER}


def test_the_worker_looks_at_every_kind() -> None:
    assert {model.KIND for model in limits.MODELS} == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_listed_has_an_event_of_its_own(kind: Kind) -> None:
    assert f"{kind}.listed" in states.codes()
