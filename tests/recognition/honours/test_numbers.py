"""Selection and scoring, as arithmetic: properties, and examples that can be done by hand."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.scoring import Standing, Weighed, ranks, severity, total, trimmed_mean
from xianfeng.recognition.honours.selection import Runner, Slice, select, short

RUNNERS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([(1, 11), (1, 12), (1,)])), max_size=7)
SLICES = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 1, 11, 12]), st.integers(1, 2)), max_size=3
)  # fmt: skip


def built(
    runners: list[tuple[int, tuple[int, ...]]], slices: list[tuple[int | None, int | None, int]]
) -> tuple[list[Runner], list[Slice]]:
    return (
        [Runner(at, organisation, frozenset(areas)) for at, (organisation, areas) in enumerate(runners)],
        [Slice(at, *one) for at, one in enumerate(slices)],
    )


def can_sit(group: tuple[Runner, ...], slices: list[Slice]) -> bool:
    """Tell, by trying everything, whether all of `group` find places."""
    for way in product(slices, repeat=len(group)):
        fits = all(one.takes(runner) for runner, one in zip(group, way, strict=True))
        if fits and all(way.count(one) <= one.places for one in slices):
            return True
    return not group


@given(RUNNERS, SLICES)
def test_the_choice_is_the_best_that_can_sit_and_leaves_no_place_that_could_be_filled(
    given_runners: list[tuple[int, tuple[int, ...]]], given_slices: list[tuple[int | None, int | None, int]]
) -> None:
    runners, slices = built(given_runners, given_slices)
    chosen = select(runners, slices)
    by_id = {one.id: one for one in runners}
    assert all(slices[at].takes(by_id[runner]) for runner, at in chosen.items())
    assert all(list(chosen.values()).count(one.id) <= one.places for one in slices)
    wanted: tuple[Runner, ...] = ()
    for runner in runners:  # best first: whoever can still sit with those chosen before is in
        if can_sit((*wanted, runner), slices):
            wanted += (runner,)
    assert set(chosen) == {one.id for one in wanted}
    most = max(
        (
            n
            for n in range(len(runners) + 1)
            if any(can_sit(group, slices) for group in combinations(runners, n))
        ),
        default=0,
    )
    assert len(chosen) == most
    assert sum(short(chosen, slices).values()) == sum(one.places for one in slices) - most


def test_somebody_chosen_moves_over_so_that_another_finds_a_place() -> None:
    everybody, women = Slice(1, None, None, 1), Slice(2, 7, None, 1)
    first, second = Runner(1, 7, frozenset()), Runner(2, 8, frozenset())
    assert select([first, second], [everybody, women]) == {1: 2, 2: 1}


def test_ten_thousand_runners_for_a_thousand_places_are_chosen_at_once() -> None:
    runners = [Runner(at, at % 14, frozenset({at % 5})) for at in range(10_000)]
    slices = [
        Slice(organisation * 5 + area, organisation, area, 15)
        for organisation in range(14)
        for area in range(5)
    ]
    chosen = select(runners, slices)
    assert (len(chosen), short(chosen, slices)) == (1050, {})


@pytest.mark.parametrize(
    ("points", "mean"),
    [([80, 90, 100], 90.0), ([10, 90, 100, 80], 70.0), ([0, 80, 80, 80, 100], 80.0), ([50] * 7, 50.0)],
)
def test_from_five_reviewers_on_the_highest_and_the_lowest_are_left_out(
    points: list[float], mean: float
) -> None:
    assert trimmed_mean(points, trim_from=5) == mean


@given(st.lists(st.integers(0, 100), min_size=5, max_size=12), st.integers(0, 100))
def test_one_reviewer_alone_cannot_carry_a_mean_beyond_what_the_others_gave(
    points: list[int], wild: int
) -> None:
    mean = trimmed_mean([*map(float, points), float(wild)], trim_from=5)
    assert min(points) <= mean <= max(points)


def test_totals_are_weighed_and_ties_are_broken_by_the_stated_rule() -> None:
    assert total({0: 80.0, 1: 90.0}, [Weighed(0, 40), Weighed(1, 60)]) == 86.0
    same = {"total": 86.0, "index": 70.0, "services": 5.0, "since": 100.0}
    standings = [
        Standing(1, **same), Standing(2, **{**same, "index": 71.0}), Standing(3, **{**same, "services": 6.0}),
        Standing(4, **{**same, "since": 99.0}), Standing(5, **{**same, "total": 85.0}), Standing(6, **same),
    ]  # fmt: skip
    assert ranks(standings) == {2: 1, 3: 2, 4: 3, 1: 4, 6: 5, 5: 6}


def test_a_severe_reviewer_shows_by_how_many_points_and_who_scored_alone_is_left_out() -> None:
    scores = [
        (1, 10, 1, 60.0),
        (2, 10, 1, 80.0),
        (3, 10, 1, 80.0),
        (1, 11, 1, 50.0),
        (2, 11, 1, 70.0),
        (9, 12, 1, 100.0),
    ]
    assert severity(scores) == {1: -20.0, 2: 15.0, 3: 10.0}


def test_the_catalogue_of_titles_serves_all_fourteen_organisations_and_overlaps_are_mutual() -> None:
    known = titles.all_titles()
    assert len({one.organisation for one in known.values()}) == 14
    assert all(other in known for one in known.values() for other in one.overlaps)
    assert all(set(one.levels) <= set(titles.numbers("levels")) for one in known.values())
    for code in known:
        for other in titles.overlapping(code):
            assert code in {one.code for one in titles.overlapping(other.code)}


def test_grades_are_bands_without_gaps_best_first() -> None:
    bands = titles.grades()
    assert [one.least for one in bands] == sorted((one.least for one in bands), reverse=True)
    assert titles.grade(bands[0].least) == bands[0]
    assert titles.grade(bands[0].least - 0.001) == bands[1]
    assert titles.grade(bands[-1].least - 0.001) is None
    assert titles.grade(None) is None
