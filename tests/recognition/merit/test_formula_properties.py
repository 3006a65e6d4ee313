"""What must hold for any tables whatever: the promises at the end of docs/index.md."""

import tomllib
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognition.merit.simulator import city
from xianfeng.recognition.merit.formula import Activities, Constants, Honours, Ratings, Scores, load, score
from xianfeng.recognition.merit.formula.constants import FOLDER

TODAY = 730.0
NOTHING = (Activities.of(), Honours.of())
SAID_BY_V1 = 19398.3372380249  # the sum of that town's indexes, as v1 gave it when it was published

orders = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 9),
        st.integers(0, 700),
        st.integers(0, 30),
        st.integers(1, 5),
        st.sampled_from([float("nan"), 0.0, 10.0, 900.0, 1e6]),
        st.booleans(),
        st.sampled_from([float("nan"), -300.0, 0.0, 600.0]),
        st.sampled_from([float("nan"), 0.0, 1.0]),
    ),
    min_size=1,
    max_size=80,
)
activity = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 730)), max_size=20)
plaques = st.lists(
    st.tuples(
        st.integers(0, 9), st.sampled_from(["county", "city", "province", "national"]), st.integers(0, 730)
    ),
    max_size=8,
)


def table(rows: list[tuple[Any, ...]]) -> Ratings:
    pioneer, rater, created, wait, stars, yuan, verified, since, checked = (
        np.array(c) for c in zip(*rows, strict=True)
    )
    return Ratings.of(
        order=np.arange(len(rows)),
        pioneer=pioneer,
        rater=rater,
        created=created,
        finished=created + wait,
        stars=stars,
        benefit_yuan=yuan,
        verified=verified,
        rater_since=since,
        rater_checked=checked,
    )


def index(ratings: Ratings, **kw: Any) -> Scores:
    return score(ratings, *NOTHING, today=TODAY, constants=load(), **kw)


def with_stars(ratings: Ratings, stars: np.ndarray) -> Ratings:
    return replace(ratings, stars=stars)


@settings(max_examples=150, deadline=None)
@given(orders, activity, plaques)
def test_the_explanation_sums_to_the_index(rows: Any, acts: Any, held: Any) -> None:
    activities = Activities.of([a for a, _ in acts], [d for _, d in acts])
    honours = Honours.of([p for p, _, _ in held], [v for _, v, _ in held], [d for *_, d in held])
    scores = score(table(rows), activities, honours, today=TODAY, constants=load(), explain=True)
    told = scores.explanation
    assert told is not None
    for at, pioneer in enumerate(scores.pioneer.tolist()):
        points = told.base + told.orders.total[told.orders.pioneer == pioneer].sum()
        points += told.activities[activities.pioneer == pioneer].sum() if len(acts) else 0
        points += told.honours[honours.pioneer == pioneer].sum() if len(held) else 0
        assert points == pytest.approx(scores.total[at], abs=1e-9)
        assert 0 <= scores.total[at] <= 100


@settings(max_examples=100, deadline=None)
@given(orders, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: Any, rng: Any) -> None:
    ratings = table(rows)
    mixed = list(range(len(rows)))
    rng.shuffle(mixed)
    np.testing.assert_allclose(index(ratings).total, index(ratings.taken(np.array(mixed))).total, atol=1e-9)


@settings(max_examples=200, deadline=None)
@given(orders, st.integers(0, 9), st.lists(st.integers(1, 5), min_size=80, max_size=80))
def test_one_raters_stars_move_a_pioneer_by_at_most_five_points(rows: Any, rater: int, stars: Any) -> None:
    ratings = table(rows)
    changed = np.where(ratings.rater == rater, np.array(stars)[: len(rows)], ratings.stars)
    moved = np.abs(index(ratings).total - index(with_stars(ratings, changed)).total)
    assert moved.max() <= 5


@pytest.mark.parametrize("others", [0, 1, 5, 60])
def test_even_the_worst_swing_of_one_rater_stays_under_five_points(others: int) -> None:
    """The rater turns from harsh here and kind elsewhere to the reverse, on a pioneer of few other orders."""
    rows = [(0, 0, 700, 1, 1, float("nan"), False, float("nan"), float("nan"))]
    rows += [(1 + k, 0, 700, 1, 5, float("nan"), False, float("nan"), float("nan")) for k in range(others)]
    rows += [(k % (others + 1), 1 + k, 700, 1, 4, float("nan"), True, float("nan"), 1.0) for k in range(200)]
    ratings = table(rows)
    turned = np.where(ratings.rater == 0, 6 - ratings.stars, ratings.stars)
    moved = np.abs(index(ratings).total - index(with_stars(ratings, turned)).total)
    assert moved.max() <= 5


@settings(max_examples=300, deadline=None)
@given(orders, st.integers(0, 79))
def test_raising_one_star_never_lowers_the_index(rows: Any, at: int) -> None:
    ratings = table(rows)
    at %= len(rows)
    stars = ratings.stars.copy()
    stars[at] = min(5, stars[at] + 1)
    place = np.searchsorted(np.unique(ratings.pioneer), ratings.pioneer[at])
    assert index(with_stars(ratings, stars)).total[place] >= index(ratings).total[place] - 1e-9


def test_raising_one_star_never_lowers_the_index_of_the_citys_only_pioneer() -> None:
    n = 5000
    rows = [(0, k, 700, 1, 5 if k else 1, float("nan"), True, float("nan"), 1.0) for k in range(n)]
    low = table(rows)
    high = with_stars(low, np.where(np.arange(n) == 0, 2, low.stars))
    assert index(high).total[0] >= index(low).total[0]


def test_one_more_star_in_one_of_many_orders_of_one_rater_never_costs_points() -> None:
    """Severity taken from the clipped order must not outweigh it in the others of the same couple."""
    rows = [(0, 0, 700, 1, s, float("nan"), False, float("nan"), float("nan")) for s in (1, 5, 5, 5, 5, 5)]
    low = table(rows)
    high = with_stars(low, np.array([2, 5, 5, 5, 5, 5]))
    assert index(high).total[0] >= index(low).total[0]


def test_no_data_gives_48() -> None:
    empty = table([(0, 0, 0, 0, 5, 0.0, False, 0.0, 0.0)]).taken(np.zeros(0, int))
    scores = score(empty, Activities.of([7], [9999]), Honours.of(), today=TODAY, constants=load())
    assert scores.total.tolist() == [48.0]
    assert scores.weight.tolist() == [0.0]
    assert score(empty, *NOTHING, today=TODAY, constants=load()).total.tolist() == []


def test_award_rounds_see_no_honours() -> None:
    town = city(3, pioneers=300)
    with_plaques = score(town.ratings, town.activities, town.honours, today=TODAY, constants=load())
    without = score(town.ratings, town.activities, Honours.of(), today=TODAY, constants=load())
    same = np.isin(with_plaques.pioneer, without.pioneer)
    np.testing.assert_allclose(with_plaques.total_without_honours[same], without.total, atol=1e-9)
    assert with_plaques.honours.max() == 3


def test_orders_after_today_do_not_count() -> None:
    town = city(3, pioneers=300)
    early = town.ratings.taken(town.ratings.finished <= 400)
    then = score(town.ratings, *NOTHING, today=400, constants=load())
    kept = np.isin(then.pioneer, early.pioneer)
    np.testing.assert_allclose(
        then.total[kept], score(early, *NOTHING, today=400, constants=load()).total, atol=1e-9
    )
    assert set(then.total[~kept]) <= {48.0}


def test_a_warm_start_gives_the_same_index() -> None:
    town = city(4, pioneers=600)
    before = index(town.ratings.taken(np.arange(len(town.ratings.stars) - 1)))
    np.testing.assert_allclose(
        index(town.ratings, start=before.effects).total, index(town.ratings).total, atol=1e-9
    )


def test_more_evidence_narrows_the_interval() -> None:
    scores = index(city(4, pioneers=600).ratings)
    most, least = scores.weight.argmax(), scores.weight.argmin()
    assert scores.half_width[most] < scores.half_width[least] / 2


def test_young_unchecked_accounts_weigh_less_than_checked_ones() -> None:
    def weight(since: float, checked: float) -> float:
        return float(index(table([(0, 0, 700, 1, 5, float("nan"), False, since, checked)])).weight[0])

    assert weight(699.0, 0.0) < weight(300.0, 0.0) < weight(699.0, 1.0)
    assert weight(float("nan"), 0.0) < weight(float("nan"), float("nan")) == weight(float("nan"), 1.0)


def test_a_rater_without_any_verified_order_weighs_less_only_after_many() -> None:
    nan = float("nan")
    others = [(p, 1 + p, 700, 1, 5, 100.0, True, nan, nan) for p in range(60)]

    def weight(orders_of_rater: int, share: int) -> float:
        own = [(p, 0, 700, 1, 5, 100.0, p < share, nan, nan) for p in range(orders_of_rater)]
        told = index(table(others + own), explain=True).explanation
        assert told is not None
        mine = np.isin(told.orders.order, np.arange(60, 60 + orders_of_rater))
        return float(told.orders.weight[mine].max())

    assert weight(30, 0) < 0.3
    assert weight(30, 30) > 0.9
    assert weight(1, 0) > 0.5


VERSIONS = sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_constant_has_a_name_a_unit_and_a_reason_in_both_languages(version: str) -> None:
    with (FOLDER / f"{version}.toml").open("rb") as file:
        rows = tomllib.load(file)["constants"]
    for name, row in rows.items():
        assert set(row) == {"value", "unit", "zh", "en"}, name
        assert row["unit"], name
        assert len(row["zh"]) > 5, name
        assert len(row["en"]) > 10, name


def test_the_formula_in_force_is_the_last_published() -> None:
    assert load().version == VERSIONS[-1]
    assert [load(version).version for version in VERSIONS] == VERSIONS


def test_what_v1_said_can_be_said_again() -> None:
    """A published version keeps its numbers, whatever the formula learns later."""
    town = city(5, "few-orders", pioneers=400)
    scores = score(town.ratings, town.activities, town.honours, today=TODAY, constants=load("v1"))
    assert scores.version == "v1"
    assert float(scores.total.sum()) == pytest.approx(SAID_BY_V1, abs=1e-6)


def test_every_constant_is_used_by_the_formula() -> None:
    folder = FOLDER.parents[1] / "recognition" / "merit" / "formula"
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "constants.py")
    code += (folder / "constants.py").read_text().split("@property")[1]
    for field in fields(Constants):
        assert f"constants.{field.name}" in code or f"self.{field.name}" in code, field.name
