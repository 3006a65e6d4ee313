"""What the second version of the formula was made for, in another simulator's cities. Figures: docs/index.md."""

import numpy as np
import pytest

from tests.recognition.merit.simulator import kendall
from tests.recognition.merit.worlds import World, world
from xianfeng.recognition.merit.formula import load, score

SEED = 41


def reached(city: World, version: str) -> tuple[float, int]:
    """Kendall tau against merit, ring members among the top 100."""
    scores = score(city.ratings, city.activities, city.honours, today=730, constants=load(version))
    top = scores.pioneer[np.argsort(-scores.total)[:100]]
    return kendall(scores.total, city.merit[scores.pioneer]), int(city.ring[top].sum())


@pytest.mark.parametrize(("attack", "gain"), [("two-orders", 0.008), ("forged", 0.006), ("forged-few", 0.01)])
def test_the_second_version_withstands_what_the_first_did_not(attack: str, gain: float) -> None:
    city = world(SEED, attack)
    (before, _), (after, ring) = reached(city, "v1"), reached(city, "v2")
    assert after >= before + gain
    assert ring <= 1


@pytest.mark.parametrize("kind", ["plain", "fives", "villages"])
def test_without_an_attack_the_second_version_costs_nothing(kind: str) -> None:
    city = world(SEED, kind=kind)
    assert reached(city, "v2")[0] >= reached(city, "v1")[0] - 0.002


@pytest.mark.parametrize("attack", ["camouflage", "smear", "small-rings", "served-rings"])
def test_in_villages_rings_stay_off_the_top(attack: str) -> None:
    assert reached(world(SEED, attack, "villages"), "v2")[1] <= 1
