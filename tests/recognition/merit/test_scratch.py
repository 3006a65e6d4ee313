"""The index from scratch with Ibis is the index of the formula, from files and from the database."""

import csv
import importlib.util
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.cast import Cast
from tests.recognition.merit.simulator import City, city, kendall
from tests.recognition.merit.test_refresh import busy, helped
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Pioneer
from xianfeng.recognition.merit import operations
from xianfeng.recognition.merit.files import HONOURS, RATINGS, score_directory
from xianfeng.recognition.merit.formula import LEVELS, Scores, load, score
from xianfeng.recognition.merit.formula.independence import block_size
from xianfeng.recognition.merit.scratch import STEPS, Recomputed, recompute
from xianfeng.recognition.merit.scratch.engines import opened

SPARK = importlib.util.find_spec("pyspark") and shutil.which("java")


def written(town: City, folder: Path) -> Path:
    """Write a town as the file contract has it, every account known."""
    r, h = town.ratings, town.honours
    yuan = ["" if np.isnan(value) else int(value) for value in r.benefit_yuan]
    columns = (
        r.order, r.pioneer, r.rater, r.category, r.created.astype(int), r.finished.astype(int), r.stars, yuan,
        [""] * len(yuan), r.verified.astype(int), r.rater_since.astype(int), r.rater_checked.astype(int),
    )  # fmt: skip
    with (folder / "ratings.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[*RATINGS, "rater_since", "rater_checked"], *zip(*columns, strict=True)])
    with (folder / "honours.csv").open("w", newline="") as file:
        rows = zip(h.pioneer, [LEVELS[at] for at in h.level], h.day.astype(int), strict=True)
        csv.writer(file).writerows([HONOURS, *rows])
    return folder


def both(folder: Path, engine: str) -> tuple[Recomputed, Scores]:
    with opened(engine) as running:
        again = recompute(running, folder, constants=load())
    return again, score_directory(folder, folder / "out.csv")


def assert_same(again: Recomputed, scores: Scores) -> None:
    assert again.pioneer.tolist() == scores.pioneer.tolist()
    assert again.scores.today == scores.today
    np.testing.assert_allclose(again.scores.total, scores.total, atol=1e-6)
    np.testing.assert_allclose(again.scores.half_width, scores.half_width, atol=1e-6)


@pytest.mark.parametrize("attack", ["none", "camouflage", "few-orders"])
def test_duckdb_gives_the_index_of_the_formula(tmp_path: Path, attack: str) -> None:
    assert_same(*both(written(city(8, attack, pioneers=700, known_accounts=True), tmp_path), "duckdb"))


@pytest.mark.slow
@pytest.mark.skipif(not SPARK, reason="pyspark or Java is not installed: docs/index.md says how")
def test_spark_in_local_mode_gives_the_index_of_the_formula(tmp_path: Path) -> None:
    assert_same(*both(written(city(8, "camouflage", pioneers=300, known_accounts=True), tmp_path), "spark"))


def test_crowds_are_cut_into_the_same_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(load(), pair_block=8.0)
    folder = written(city(8, "camouflage", pioneers=300, known_accounts=True), tmp_path)
    with opened("duckdb") as running:
        again = recompute(running, folder, constants=small)
    monkeypatch.setattr("xianfeng.recognition.merit.files.load", lambda: small)
    np.testing.assert_allclose(
        again.scores.total, score_directory(folder, folder / "out.csv").total, atol=1e-6
    )


def test_the_bound_on_pairs_halves_the_blocks_and_hardly_moves_the_ranking() -> None:
    town, whole = city(11, "camouflage"), load()
    met = np.bincount(town.ratings.pioneer)
    bounded = replace(whole, pairs_most=float((met * np.minimum(met, 32)).sum()) / 2)
    assert (block_size(met, whole), block_size(met, bounded)) == (128, 32)
    free, cut = (
        score(town.ratings, town.activities, town.honours, today=730, constants=constants)
        for constants in (whole, replace(whole, pair_block=32.0))
    )
    assert kendall(free.total, cut.total) > 0.985
    merit = town.merit[free.pioneer]
    assert abs(kendall(free.total, merit) - kendall(cut.total, merit)) < 0.003


def test_recompute_finds_the_standing_and_tells_its_steps(cast: Cast) -> None:
    busy(cast)
    operations.note_activity("achievement", 1, pioneer_id=cast.pioneer.id, at=clock.now())
    operations.refresh()
    out, steps = StringIO(), StringIO()
    call_command("index", "recompute", stdout=out, stderr=steps)
    assert "the standing is the same" in out.getvalue()
    assert [line.split(" (")[0] for line in steps.getvalue().splitlines()] == list(STEPS)


def test_recompute_says_where_the_standing_differs(cast: Cast) -> None:
    busy(cast)
    operations.refresh()
    Pioneer.objects.filter(pk=cast.pioneer.pk).update(index=12.0)
    with pytest.raises(CommandError, match="differs from this by up to") as caught:
        call_command("index", "recompute", stdout=StringIO(), stderr=StringIO())
    assert caught.value.returncode == 1


def test_recompute_as_of_an_instant_knows_nothing_later(cast: Cast, tmp_path: Path) -> None:
    before = clock.now()
    helped(cast.resident, cast.second, 5)
    out = tmp_path / "out.csv"
    call_command(
        "index",
        "recompute",
        "--as-of",
        before.isoformat(),
        "--out",
        str(out),
        stdout=StringIO(),
        stderr=StringIO(),
    )
    with out.open(newline="") as file:
        rows = {int(row["pioneer_id"]): float(row["evidence_weight"]) for row in csv.DictReader(file)}
    assert rows[cast.second.id] == 0.0
