"""The table of the lives of questions and policy answers."""

import pytest

from xianfeng.foundation.kernel import catalogue
from xianfeng.services.studios import states
from xianfeng.services.studios.states import ENDS, FIRST, LIMITS, MOVES, Kind, Who

OPEN = [(kind, state) for kind in Kind for state in sorted(states.states(kind) - ENDS[kind])]


@pytest.mark.parametrize(("kind", "state"), OPEN)
def test_every_state_that_is_no_end_has_a_limit_and_a_way_out(kind: Kind, state: str) -> None:
    assert states.ways_out(kind, state)
    act = LIMITS[kind, state]
    assert act == "list" or (state in MOVES[kind, act].source and Who.LIMIT in MOVES[kind, act].who)


def test_ends_have_no_limit_and_every_limit_its_minutes() -> None:
    assert not [(kind, state) for kind in Kind for state in ENDS[kind] if (kind, state) in LIMITS]
    minutes = catalogue.load("studios")["limits_minutes"]
    assert set(minutes) == {f"{kind}_{state}" for kind, state in LIMITS}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_is_reached_from_the_first(kind: Kind) -> None:
    reached, moves = {FIRST[kind]}, [move for move in MOVES.values() if move.kind == kind]
    for _ in moves:
        reached |= {move.target for move in moves if move.source & reached}
    assert reached == states.states(kind)


def test_a_keeper_never_settles_a_question_nor_publishes_a_policy_answer() -> None:
    own = {(kind, name) for (kind, name), move in MOVES.items() if Who.KEEPER in move.who}
    assert not own & {(Kind.QUESTION, "settle"), (Kind.POLICY, "publish")}
