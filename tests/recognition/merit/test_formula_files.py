"""The file contract: three tables in, one table out, and one clear sentence about a bad row."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.recognition.merit.simulator import city
from xianfeng.recognition.merit.files import FileProblem, score_directory

HEAD = "order_id,pioneer_id,rater_id,category,created,finished,stars,benefit_yuan,jobs,verified"
ROW = "o1,p1,r1,repair,10,12,5,300,1,1"


def folder(
    path: Path, ratings: str | None = None, activity: str | None = None, honours: str | None = None
) -> Path:
    for name, text in (("ratings", ratings), ("activity", activity), ("honours", honours)):
        if text is not None:
            (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def problem(path: Path) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        score_directory(path, path / "out.csv")
    assert not (path / "out.csv").exists()
    return caught.value


def test_every_pioneer_of_any_file_gets_one_row(tmp_path: Path) -> None:
    folder(
        tmp_path,
        f"{HEAD}\n{ROW}\n",
        "pioneer_id,kind,date\np2,livestream,3\n",
        "pioneer_id,level,date\np3,city,5\n",
    )
    score_directory(tmp_path, tmp_path / "out.csv")
    found = rows_of(tmp_path / "out.csv")
    assert [row["pioneer_id"] for row in found] == ["p1", "p2", "p3"]
    assert list(found[0]) == ["pioneer_id", "score"]
    assert float(found[1]["score"]) == 48.25
    assert float(found[2]["score"]) == 50


def test_missing_files_count_as_empty(tmp_path: Path) -> None:
    folder(tmp_path, honours="pioneer_id,level,date\n先锋甲,national,5\n")
    score_directory(tmp_path, tmp_path / "out.csv")
    assert rows_of(tmp_path / "out.csv") == [{"pioneer_id": "先锋甲", "score": "51.0"}]


def test_a_folder_without_any_of_the_files_is_refused(tmp_path: Path) -> None:
    assert "none of ratings.csv" in str(problem(tmp_path))


def test_explained_parts_sum_to_the_score(tmp_path: Path) -> None:
    folder(tmp_path, f"{HEAD}\n{ROW}\no2,p1,r2,repair,10,12,3,,,0\n")
    score_directory(tmp_path, tmp_path / "out.csv", explain=True)
    (row,) = rows_of(tmp_path / "out.csv")
    parts = ("quality", "volume", "response", "benefit", "knowledge", "honours")
    assert sum(float(row[name]) for name in parts) == pytest.approx(float(row["score"]), abs=1e-9)
    assert float(row["half_width"]) > 0


def test_columns_and_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    lines = [HEAD, ROW, "o2,p2,r1,repair,3,9,2,,0,0", "o3,p1,r2,repair,4,30,4,,,0"]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    score_directory(folder(tmp_path / "a", "\n".join(lines)), tmp_path / "a.csv")
    turned = [",".join(reversed(line.split(","))) for line in [lines[0], *reversed(lines[1:])]]
    score_directory(folder(tmp_path / "b", "\ufeff" + "\r\n".join(turned) + "\r\n\r\n"), tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()


def test_today_is_the_latest_day_unless_given(tmp_path: Path) -> None:
    folder(tmp_path, f"{HEAD}\n{ROW}\n", "pioneer_id,kind,date\np1,achievement,400\n")
    assert score_directory(tmp_path, tmp_path / "out.csv").today == 400
    assert score_directory(tmp_path, tmp_path / "out.csv", today=12).knowledge[0] == 0


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("o2,p1,r1,repair,10,12,6,300,1,1", "stars", "is not 1, 2, 3, 4 or 5"),
        ("o2,p1,r1,repair,10,12,,300,1,1", "stars", "not a number"),
        ("o2,p1,r1,repair,ten,12,5,300,1,1", "created", "not a number"),
        ("o2,p1,r1,repair,10,12.5,5,300,1,1", "finished", "whole day"),
        ("o2,p1,r1,repair,10,9,5,300,1,1", "finished", "before created"),
        ("o2,p1,r1,repair,10,12,5,-3,1,1", "benefit_yuan", "below 0"),
        ("o2,p1,r1,repair,10,12,5,nan,1,1", "benefit_yuan", "sensible"),
        ("o2,p1,r1,repair,10,12,5,3,1,yes", "verified", "not a number"),
        ("o2,,r1,repair,10,12,5,3,1,1", "pioneer_id", "blank"),
        ("o1,p1,r1,repair,10,12,5,3,1,1", "order_id", "second time"),
        ("o2,p1,r1,repair,10,12,5,3,1", "row", "has 9 fields"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_field(tmp_path: Path, row: str, field: str, words: str) -> None:
    found = problem(folder(tmp_path, f"{HEAD}\n{ROW}\n{row}\n"))
    assert (found.file, found.line, found.field) == ("ratings.csv", 3, field)
    assert words in str(found)


def test_bad_words_in_the_small_files_are_named(tmp_path: Path) -> None:
    found = problem(folder(tmp_path, honours="pioneer_id,level,date\np1,world,3\n"))
    assert str(found) == "honours.csv, line 2, level: 'world' is none of county, city, province, national"


def test_a_missing_column_an_empty_file_and_a_foreign_encoding_are_named(tmp_path: Path) -> None:
    assert problem(folder(tmp_path, activity="pioneer_id,date\n")).field == "kind"
    assert problem(folder(tmp_path, activity="")).field == "header"
    (tmp_path / "activity.csv").write_bytes("pioneer_id,kind,date\n先锋,achievement,3\n".encode("gbk"))
    assert "UTF-8" in str(problem(tmp_path))


def test_a_whole_city_is_scored_from_files_within_five_seconds(tmp_path: Path) -> None:
    town = city(21, known_accounts=True)
    r = town.ratings
    with (tmp_path / "ratings.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEAD.split(","), "rater_since", "rater_checked"])
        yuan = ["" if np.isnan(value) else f"{value:.0f}" for value in r.benefit_yuan]
        days = [r.created.astype(int), r.finished.astype(int)]
        names = [
            [f"{mark}{n}" for n in column]
            for mark, column in zip("opr", (r.order, r.pioneer, r.rater), strict=True)
        ]
        flags = [r.verified.astype(int), r.rater_since.astype(int), r.rater_checked.astype(int)]
        blank = [""] * len(yuan)
        writer.writerows(zip(*names, blank, *days, r.stars, yuan, blank, *flags, strict=True))
    began = time.perf_counter()
    scores = score_directory(tmp_path, tmp_path / "out.csv")
    assert time.perf_counter() - began < 5
    assert len(rows_of(tmp_path / "out.csv")) == len(scores.pioneer) > 4500


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `xianfeng` as anybody does, without any database."""
    command = [sys.executable, "-m", "xianfeng", "index", "score", *words]
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)


def test_the_program_scores_a_folder_and_needs_no_database(tmp_path: Path) -> None:
    folder(tmp_path, f"{HEAD}\n{ROW}\n")
    done = program(str(tmp_path), str(tmp_path / "out.csv"), "--today", "20", "--explain")
    assert (done.returncode, done.stdout) == (0, "")
    assert [row["pioneer_id"] for row in rows_of(tmp_path / "out.csv")] == ["p1"]


def test_the_program_ends_with_two_and_one_line_where_a_file_cannot_be_used(tmp_path: Path) -> None:
    folder(tmp_path, f"{HEAD}\n{ROW}\no2,p1,r1,repair,10,12,6,300,1,1\n")
    done = program(str(tmp_path), str(tmp_path / "out.csv"))
    assert done.returncode == 2
    assert done.stderr == "CommandError: ratings.csv, line 3, stars: '6' is not 1, 2, 3, 4 or 5\n"
    assert program(str(tmp_path / "nowhere"), str(tmp_path / "out.csv")).returncode == 2
