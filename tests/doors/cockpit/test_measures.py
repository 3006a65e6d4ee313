"""Measures are defined once, told in docs/measures.md, and what is drawn knows no other."""

import pytest

from tools import measures as page
from xianfeng.doors.cockpit import columns, measures
from xianfeng.doors.cockpit.queries.board import BESIDE, COMPARED, FIGURES, NOW
from xianfeng.doors.cockpit.queries.sums import NOTHING
from xianfeng.foundation.kernel import catalogue


def test_the_page_is_that_of_the_catalogue() -> None:
    assert page.main(["check"]) == 0


def test_every_measure_counts_a_column_that_has_rows() -> None:
    for code, one in measures.all_measures().items():
        for column in filter(None, (one.column, one.of, one.counts)):
            assert column in columns.COUNTED, code
            assert column in columns.ROWS, code
        assert one.histogram in {"", *columns.HISTOGRAMS}
        assert all(one.names.values()), code
        assert all(one.formulas.values()), code
        assert one.source, code


def test_boards_briefs_and_cards_know_no_measure_that_is_not_defined() -> None:
    known = set(measures.all_measures())
    drawn = {*BESIDE, *COMPARED, *FIGURES, *NOW}
    drawn |= {rule["measure"] for rule in catalogue.load("cockpit/briefs")["sentence"]}
    drawn |= {code for card in catalogue.load("cockpit/cards").values() for code in card["measures"]}
    assert drawn <= known
    assert {*NOW, *FIGURES} == known, "every measure stands on the board"


def test_the_buckets_are_one_more_than_their_bounds_and_rise() -> None:
    bounds = columns.bounds()
    assert len(bounds) == columns.BUCKETS - 1
    assert bounds == sorted(set(bounds))


@pytest.mark.parametrize(
    ("minutes", "low", "high"),
    [([1, 2, 3], 0, 5), ([7, 40, 50], 30, 60), ([99_999], 43_200, None), ([], None, None)],
)
def test_the_median_lies_in_the_bucket_of_the_true_one(
    minutes: list[int], low: int | None, high: int | None
) -> None:
    bounds = columns.bounds()
    counts = [0] * columns.BUCKETS
    for one in minutes:
        counts[sum(one >= bound for bound in bounds)] += 1
    found = measures.median(counts, bounds)
    if low is None:
        assert found is None
        return
    assert found is not None
    assert found[1:] == (low, high)
    assert low <= found[0] <= (high or found[0])


def test_a_share_of_nothing_says_nothing_and_few_are_hidden_from_the_public() -> None:
    assert measures.figure("settled", NOTHING, {}).value is None
    few = {**NOTHING, "owed": 9, "settled": 2}
    shown, hidden = measures.figure("settled", few, {}), measures.figure("settled", few, {}, least=3)
    assert (shown.n, shown.total, shown.percent) == (2, 9, 22.2)
    assert (hidden.value, hidden.n, hidden.total, hidden.hidden) == (None, None, None, True)
