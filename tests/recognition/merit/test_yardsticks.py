"""Yardsticks are held for a day: one rating moves those it concerns, and from scratch gives the same with the same."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.cast import Cast, somebody
from tests.matters.watching import watching
from tests.recognition.merit.simulator import City, city
from tests.recognition.merit.test_refresh import again, busy, helped, tomorrow_morning
from tests.recognition.merit.test_scratch import written
from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.operations.rating import Stars, change_rating
from xianfeng.recognition.merit import holding, operations, steps
from xianfeng.recognition.merit.formula import Activities, Held, Ratings, Scores, load, score
from xianfeng.recognition.merit.models import Account, Run, Yardsticks
from xianfeng.recognition.merit.scratch import recompute
from xianfeng.recognition.merit.scratch.engines import opened


def scored(town: City, ratings: Ratings | None = None, held: Held | None = None) -> Scores:
    given = town.ratings if ratings is None else ratings
    return score(given, town.activities, town.honours, today=730, constants=load(), explain=True, held=held)


def held(scores: Scores) -> Held:
    return Held(scores.means, scores.effects)


def one_more(town: City, at: int) -> Ratings:
    """The town's ratings with one order more: that of row `at` again, a day later, with one star."""
    columns = {
        name: np.append(getattr(town.ratings, name), getattr(town.ratings, name)[at])
        for name in Ratings.__slots__
    }
    columns["order"][-1] = columns["order"].max() + 1
    columns["stars"][-1] = 1
    return Ratings(**columns)


def test_measuring_with_the_same_yardsticks_gives_the_same() -> None:
    town = city(5, "camouflage", pioneers=600, known_accounts=True)
    free = scored(town)
    same = scored(town, held=held(free))
    np.testing.assert_allclose(same.total, free.total, atol=1e-11)
    assert same.means == free.means


def test_one_rating_more_moves_only_those_it_concerns() -> None:
    """Whoever moves is rated by the same account, or by a newcomer who also rated the same pioneer."""
    town = city(5, pioneers=600)
    before = scored(town)
    ratings = one_more(town, 40)
    free = np.abs(scored(town, ratings).total - before.total) > 1e-9
    still = np.abs(scored(town, ratings, held(before)).total - before.total) > 1e-9
    at = np.searchsorted(before.pioneer, ratings.pioneer[-1])
    assert still[at]
    assert free.sum() > 0.9 * len(before.pioneer)
    raters = np.unique(town.ratings.rater[town.ratings.pioneer == ratings.pioneer[-1]])
    near = np.unique(town.ratings.pioneer[np.isin(town.ratings.rater, raters)])
    assert set(before.pioneer[still].tolist()) <= set(near.tolist())
    assert still.sum() < 30


def test_who_is_not_moved_stays_to_the_last_bit() -> None:
    town = city(5, pioneers=600)
    before = scored(town)
    with_one = scored(town, one_more(town, 40), held(before))
    assert (with_one.total == scored(town, held=held(before)).total).sum() > 570


def test_accounts_that_are_new_since_are_solved_beside_those_held() -> None:
    """With all severities held but a few, these come out as in the whole solution, which they solve."""
    town = city(5, pioneers=600)
    before = scored(town)
    some = np.arange(len(before.effects.rater)) % 50 > 0
    few = replace(before.effects, rater=before.effects.rater[some], severity=before.effects.severity[some])
    np.testing.assert_allclose(scored(town, held=Held(before.means, few)).total, before.total, atol=1e-9)


def test_one_more_star_never_lowers_the_index_with_yardsticks_held() -> None:
    town = city(6, pioneers=300)
    before = scored(town)
    rng = np.random.default_rng(3)
    for at in rng.choice(np.flatnonzero(town.ratings.stars < 5), 25, replace=False):
        stars = town.ratings.stars.copy()
        stars[at] += 1
        raised = scored(town, replace(town.ratings, stars=stars), held(before))
        place = np.searchsorted(before.pioneer, town.ratings.pioneer[at])
        assert raised.total[place] >= before.total[place] - 1e-9


def test_duckdb_gives_the_index_of_the_formula_with_the_same_yardsticks(tmp_path: Path) -> None:
    town = in_whole_numbers(city(8, "camouflage", pioneers=400, known_accounts=True))
    morning = held(scored(town))
    later = replace(town, ratings=one_more(town, 40))
    with opened("duckdb") as running:
        found = recompute(running, written(later, tmp_path), constants=load(), today=730, held=morning)
    pioneers = found.pioneer.astype(np.int64)
    order = np.argsort(pioneers)
    direct = scored(town, later.ratings, morning)
    assert pioneers[order].tolist() == direct.pioneer.tolist()
    np.testing.assert_allclose(found.scores.total[order], direct.total, atol=1e-6)
    assert found.scores.means == pytest.approx(dict(direct.means))


def in_whole_numbers(town: City) -> City:
    """The town as its files have it, without knowledge shared."""
    r = town.ratings
    whole = {
        name: np.floor(getattr(r, name)) for name in ("created", "finished", "benefit_yuan", "rater_since")
    }
    return replace(town, ratings=replace(r, **whole), activities=Activities.of())


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small history count as a city that does not change at once."""
    monkeypatch.setattr(holding, "DRIFT", 1)


@pytest.mark.usefixtures("steady")
def test_a_refresh_writes_only_whom_the_rating_concerns(cast: Cast) -> None:
    busy(cast)
    with time_machine.travel(tomorrow_morning(), tick=False):
        first = operations.refresh()
        assert first is not None
        before = again(cast.collective)
        helped(somebody(700), cast.second, 3)
        with watching() as seen:
            run = operations.refresh()
        assert run is not None
        assert (first.touched, run.touched) == (Pioneer.objects.count(), 1)
        assert run.yardsticks_id == first.yardsticks_id
        assert seen.rows["people_pioneer"] == {cast.second.id}
        assert seen.rows["merit_account"] == {Account.objects.get(pioneer=cast.second).id}
        assert "merit_yardsticks" not in seen.rows
        assert again(cast.collective).index == before.index


@pytest.mark.usefixtures("steady")
def test_the_standing_is_that_of_scratch_with_the_day_s_yardsticks_and_the_next_day_s_are_new(
    cast: Cast,
) -> None:
    busy(cast)
    with time_machine.travel(tomorrow_morning(), tick=False) as moment:
        first = operations.refresh()
        number = helped(somebody(700), cast.pioneer, 1)
        operations.refresh()
        change_rating(number, Stars(2, 2, 2), by=somebody(700))
        second = operations.refresh()
        assert first is not None
        assert second is not None
        assert second.yardsticks_id == first.yardsticks_id
        out = StringIO()
        call_command("index", "recompute", stdout=out, stderr=StringIO())
        assert "the standing is the same" in out.getvalue()
        moment.shift(timedelta(days=1))
        third = operations.refresh()
        assert third is not None
        assert third.yardsticks_id != first.yardsticks_id
        call_command("index", "recompute", stdout=out, stderr=StringIO())


@pytest.mark.usefixtures("steady")
def test_other_yardsticks_are_noticed_by_recompute(cast: Cast) -> None:
    busy(cast)
    with time_machine.travel(tomorrow_morning(), tick=False):
        operations.refresh()
        row = Yardsticks.objects.get()
        row.means["stars"] += 0.1
        row.save()
        with pytest.raises(CommandError, match="differs from this by up to"):
            call_command("index", "recompute", stdout=StringIO(), stderr=StringIO())


def test_where_the_city_became_another_yardsticks_are_held_anew_the_same_day(cast: Cast) -> None:
    busy(cast)
    with time_machine.travel(tomorrow_morning(), tick=False):
        first = operations.refresh()
        helped(somebody(700), cast.second, 3)  # one of fourteen: more than a twentieth
        second = operations.refresh()
    assert first is not None
    assert second is not None
    assert second.yardsticks_id != first.yardsticks_id
    assert second.yardsticks is not None
    assert second.yardsticks.orders == 14


def test_how_severe_each_account_was_is_forgotten_when_the_day_is_over(cast: Cast) -> None:
    busy(cast)
    with time_machine.travel(tomorrow_morning(), tick=False) as moment:
        operations.refresh()
        kept = Yardsticks.objects.get()
        assert holding.held(kept).effects.rater.tolist() == sorted(holding.held(kept).effects.rater.tolist())
        assert len(holding.held(kept).effects.rater) == 7
        moment.shift(timedelta(days=1))
        operations.refresh()
        kept.refresh_from_db()
        assert (kept.raters, kept.severities) == (None, None)
        assert kept.means["stars"] > 0
        assert holding.of_day(kept.day, kept.version) is None


def test_a_run_that_ends_before_it_vouches_is_done_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(cast)
    operations.refresh()
    helped(somebody(700), cast.second, 3)

    def torn(_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(steps, "keep_accounts", torn)
        with pytest.raises(RuntimeError):
            operations.refresh()
    assert Run.objects.count() == 1
    run = operations.refresh()
    assert run is not None
    account = Account.objects.get(pioneer=cast.second)
    assert len(account.orders) == 2
