"""The table of the showcase's lives."""

from itertools import product

import pytest

from xianfeng.foundation.kernel import catalogue
from xianfeng.recognition.showcase import states
from xianfeng.recognition.showcase.states import ENDS, FIRST, LIMITS, MOVES, Kind, Who

OPEN = [(kind, state) for kind in Kind for state in sorted(states.states(kind) - ENDS[kind])]


@pytest.mark.parametrize(("kind", "state"), OPEN)
def test_every_state_that_is_no_end_has_a_limit_and_a_way_out(kind: Kind, state: str) -> None:
    assert states.ways_out(kind, state)
    act = LIMITS[kind, state]
    assert act == "list" or state in MOVES[kind, act].source


def test_ends_have_no_limit_and_every_limit_its_minutes() -> None:
    assert not [(kind, state) for kind in Kind for state in ENDS[kind] if (kind, state) in LIMITS]
    minutes = catalogue.load("showcase")["limits_minutes"]
    assert set(minutes) == {f"{kind}_{state}" for kind, state in LIMITS}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_is_reached_from_a_first_one(kind: Kind) -> None:
    reached, moves = set(FIRST[kind]), [move for move in MOVES.values() if move.kind == kind]
    for _, move in product(moves, moves):
        reached |= {move.target} if move.source & reached else set()
    assert reached == states.states(kind)


def test_an_author_never_publishes_announces_or_verifies() -> None:
    own = {(kind, name) for (kind, name), move in MOVES.items() if Who.AUTHOR in move.who}
    assert not own & {(Kind.ACHIEVEMENT, "publish"), (Kind.LIVE, "announce"), (Kind.BENEFIT, "verify")}


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for (kind, state), act in LIMITS.items() if act == "list"]
)
def test_what_is_listed_has_an_event_of_its_own(kind: Kind, state: str) -> None:
    assert f"{kind}.listed" in states.codes(), state
