"""The file contract of the index: anyone can score their own tables. Needs no database.

Reads ratings.csv, activity.csv and honours.csv (UTF-8, header row, columns and rows in any order, days as
whole numbers on one axis); writes pioneer_id,score for every pioneer named in any of them. See docs/index.md.
"""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from xianfeng.recognition.merit.formula import LEVELS, Activities, Honours, Ratings, Scores, load, score

RATINGS = (
    "order_id",
    "pioneer_id",
    "rater_id",
    "category",
    "created",
    "finished",
    "stars",
    "benefit_yuan",
    "jobs",
    "verified",
)
OPTIONAL = ("rater_since", "rater_checked")
ACTIVITIES = ("pioneer_id", "kind", "date")
HONOURS = ("pioneer_id", "level", "date")
KINDS = ("achievement", "livestream")
PARTS = ("quality", "volume", "response", "benefit", "knowledge", "honours")

Value = TypeVar("Value")
Parser = Callable[[str], Value]


class FileProblem(Exception):
    """A table that cannot be read; says which file, line and field, and what stands there."""

    def __init__(self, file: str, line: int, field: str, what: str) -> None:
        super().__init__(f"{file}, line {line}, {field}: {what}")
        self.file = file
        self.line = line
        self.field = field


def score_directory(directory: Path, out: Path, today: float | None = None, explain: bool = False) -> Scores:
    """Score the tables in `directory` and write `out`; a missing file counts as empty, no file at all raises.

    `today` is a day on the tables' axis, the latest day present unless given; later rows are not known yet.
    Raises FileProblem for the first bad row.
    """
    if not any((directory / name).is_file() for name in ("ratings.csv", "activity.csv", "honours.csv")):
        raise FileProblem(
            str(directory),
            0,
            "files",
            "none of ratings.csv, activity.csv, honours.csv is here; put at least one of them there",
        )
    ratings = read_ratings(directory / "ratings.csv")
    activities = read_activities(directory / "activity.csv")
    honours = read_honours(directory / "honours.csv")
    if today is None:
        days = np.concatenate([ratings.created, ratings.finished, activities.day, honours.day])
        today = float(np.nanmax(days)) if len(days) else 0.0
    scores = score(ratings, activities, honours, today=today, constants=load(), explain=explain)
    write_scores(scores, out, explain)
    return scores


def read_ratings(path: Path) -> Ratings:
    """Read ratings.csv; an absent file gives no rows."""
    table = _read(path, RATINGS, OPTIONAL)
    order = table.texts("order_id")
    table.refuse_twice("order_id", order)
    created, finished = table.parsed("created", _day), table.parsed("finished", _day)
    for at in np.flatnonzero(np.asarray(finished) < np.asarray(created))[:1]:
        raise table.problem(int(at), "finished", "lies before created")
    table.parsed("jobs", _amount)
    told = [name for name in OPTIONAL if name in table.names]
    known = {name: table.parsed(name, _maybe(_day if name == "rater_since" else _flag)) for name in told}
    return Ratings.of(
        order=np.asarray(order, str),
        pioneer=np.asarray(table.texts("pioneer_id"), str),
        rater=np.asarray(table.texts("rater_id"), str),
        created=created,
        finished=finished,
        stars=np.asarray(table.parsed("stars", _stars), np.int64),
        benefit_yuan=table.parsed("benefit_yuan", _amount),
        verified=np.asarray(table.parsed("verified", _flag)) == 1,
        category=np.asarray(table.parsed("category", str), str),
        **known,
    )


def read_activities(path: Path, *, whole_days: bool = True) -> Activities:
    """Read activity.csv; an absent file gives no rows. Tables of our own have fractions of days, or never."""
    table = _read(path, ACTIVITIES)
    table.parsed("kind", _one_of(KINDS))
    days = table.parsed("date", _day if whole_days else float)
    return Activities.of(np.asarray(table.texts("pioneer_id"), str), days)


def read_honours(path: Path, *, whole_days: bool = True) -> Honours:
    """Read honours.csv; an absent file gives no rows. Tables of our own have fractions of days."""
    table = _read(path, HONOURS)
    level = table.parsed("level", _one_of(LEVELS))
    days = table.parsed("date", _day if whole_days else float)
    return Honours.of(np.asarray(table.texts("pioneer_id"), str), level, days)


def write_scores(scores: Scores, out: Path, explain: bool) -> None:
    """Write pioneer_id,score; with explain also the parts, the evidence and half the rough interval."""
    columns = {"score": scores.total}
    if explain:
        columns |= {name: getattr(scores, name) for name in PARTS}
        columns |= {"score_without_honours": scores.total_without_honours, "evidence_weight": scores.weight}
        columns |= {"half_width": scores.half_width}
    texts = [[repr(value) for value in column.tolist()] for column in columns.values()]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["pioneer_id", *columns])
        writer.writerows(zip(scores.pioneer.tolist(), *texts, strict=True))


class _Table:
    """Rows of one file as columns of text, with the line each came from."""

    def __init__(self, file: str, names: list[str], rows: list[list[str]], lines: list[int]) -> None:
        self.file = file
        self.names = names
        self.lines = lines
        self.columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}

    def problem(self, at: int, field: str, what: str) -> FileProblem:
        """The error of one row's field."""
        return FileProblem(self.file, self.lines[at], field, what)

    def parsed(self, field: str, parser: Parser[Value]) -> list[Value]:
        """The column through the parser. Raises FileProblem at the first row it refuses."""
        values: list[Value] = []
        seen: dict[str, Value] = {}
        for at, text in enumerate(self.columns.get(field, ())):
            if text not in seen:
                try:
                    seen[text] = parser(text.strip())
                except ValueError as error:
                    raise self.problem(at, field, f"{text[:40]!r} {error}") from None
            values.append(seen[text])
        return values

    def texts(self, field: str) -> list[str]:
        """A column of ids. Raises FileProblem where one is blank."""
        return self.parsed(field, _name)

    def refuse_twice(self, field: str, values: list[str]) -> None:
        """Raise FileProblem at the first value that stood there before."""
        seen: set[str] = set()
        for at, value in enumerate(values):
            if value in seen:
                raise self.problem(at, field, f"{value[:40]!r} stands here a second time")
            seen.add(value)


def _read(path: Path, wanted: tuple[str, ...], optional: tuple[str, ...] = ()) -> _Table:
    if not path.is_file():
        return _Table(path.name, list(wanted), [], [])
    rows, lines = [], []
    for line, row in _lines(path):
        rows.append(row)
        lines.append(line)
    if not rows:
        raise FileProblem(path.name, 1, "header", "the file is empty; it needs at least the header row")
    names = [name.strip() for name in rows[0]]
    for name in wanted:
        if name not in names:
            raise FileProblem(path.name, 1, name, "the header lacks this column")
    for name in {*wanted, *optional}:
        if names.count(name) > 1:
            raise FileProblem(path.name, 1, name, "the header names this column twice")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(names):
            raise FileProblem(path.name, line, "row", f"has {len(row)} fields, the header {len(names)}")
    return _Table(path.name, names, rows[1:], lines[1:])


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and fields of each row that is not blank."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise FileProblem(path.name, line, "row", f"is not CSV ({error})") from None
        except UnicodeDecodeError:
            raise FileProblem(
                path.name, line, "row", "is not UTF-8 text (the place is near this line)"
            ) from None


def _name(text: str) -> str:
    if not text:
        raise ValueError("is blank; an id must stand here")
    return text


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(value) or abs(value) > 1e15:
        raise ValueError("is not a number of sensible size")
    return value


def _day(text: str) -> float:
    value = _number(text)
    if value != int(value):
        raise ValueError("is not a whole day")
    return value


def _stars(text: str) -> int:
    value = _number(text)
    if value not in (1, 2, 3, 4, 5):
        raise ValueError("is not 1, 2, 3, 4 or 5")
    return int(value)


def _flag(text: str) -> float:
    value = _number(text or "0")
    if value not in (0, 1):
        raise ValueError("is neither 0 nor 1")
    return value


def _amount(text: str) -> float:
    """A number of at least 0, NaN where blank."""
    if not text:
        return math.nan
    value = _number(text)
    if value < 0:
        raise ValueError("is below 0")
    return value


def _maybe(parser: Parser[float]) -> Parser[float]:
    return lambda text: parser(text) if text else math.nan


def _one_of(words: tuple[str, ...]) -> Parser[str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"is none of {', '.join(words)}")
        return text

    return parse
