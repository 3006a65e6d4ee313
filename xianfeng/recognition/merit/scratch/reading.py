"""The tables of the file contract, typed, ids as numbers in their own order."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import numpy as np
from ibis import _
from ibis.expr.types import Table

from xianfeng.recognition.merit.files import FileProblem, read_activities, read_honours
from xianfeng.recognition.merit.formula import Activities, Honours, Ratings
from xianfeng.recognition.merit.scratch.engines import Engine, columns, values

OPTIONAL = ("rater_since", "rater_checked")


@dataclass(frozen=True)
class Read:
    """Orders up to `today` with pioneers as `p` and raters as `r`, numbered from 0; `ids` names the pioneers.

    `kinds` names the categories by number, `raters` the raters, where they were asked for.
    """

    couples: Table
    ratings: Ratings
    ids: "np.ndarray[Any, np.dtype[Any]]"
    kinds: "np.ndarray[Any, np.dtype[Any]]"
    raters: "np.ndarray[Any, np.dtype[Any]]"
    activities: Activities
    honours: Honours
    today: float


def read(
    engine: Engine, folder: Path, spill: Path, today: float | None, *, name_raters: bool = False
) -> Read:
    """Read ratings.csv, activity.csv and honours.csv of a folder. Raises FileProblem for what cannot be read."""
    activities = read_activities(folder / "activity.csv", whole_days=False)
    honours = read_honours(folder / "honours.csv", whole_days=False)
    if not (folder / "ratings.csv").is_file():
        raise FileProblem("ratings.csv", 1, "file", f"is not in {folder}; put it there")
    raw = engine.keep(_typed(engine.read(folder / "ratings.csv")))
    if today is None:
        last = values(raw.agg(created=_.created.max(), finished=_.finished.max()))
        today = max([*last.values(), *activities.day[np.isfinite(activities.day)], *honours.day])
    pioneers = [columns(raw.select("pioneer").distinct())["pioneer"], activities.pioneer, honours.pioneer]
    ids = np.unique(np.concatenate([np.asarray(some, str) for some in pioneers if len(some)]))
    kept = raw.filter(raw.finished <= today)
    raters = engine.keep(kept.select("rater").distinct().mutate(r=ibis.row_number().over(order_by="rater")))
    coded = kept.join(raters, "rater").join(_pioneers(engine, ids, spill), "pioneer").drop("rater", "pioneer")
    orders = engine.keep(coded)
    pairs = engine.keep(orders.group_by(["p", "r"]).agg(n=_.count()))
    couples = engine.keep(pairs.join(pairs.group_by("r").agg(d=_.count()), "r"))
    named = columns(raters.order_by("r"))["rater"] if name_raters else np.zeros(0, str)
    kinds, ratings = _ratings(orders)
    for table in (raw, raters, pairs, orders):
        engine.drop(table)
    return Read(
        couples,
        ratings,
        ids,
        kinds,
        np.asarray(named, str),
        _placed(activities, ids),
        _placed(honours, ids),
        float(today),
    )


def _pioneers(engine: Engine, ids: "np.ndarray[Any, np.dtype[Any]]", spill: Path) -> Table:
    """Return the pioneers' ids with their place in the order of ids, read back from a file both engines understand."""
    path = spill / "pioneers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pioneer", "p"])
        writer.writerows(zip(ids.tolist(), range(len(ids)), strict=True))
    table = engine.read(path)
    return engine.keep(table.select(pioneer=table.pioneer.cast("string"), p=table.p.cast("int64")))


def _typed(raw: Table) -> Table:
    known = {
        name: raw[name].cast("float64") if name in raw.columns else ibis.null("float64") for name in OPTIONAL
    }
    return raw.select(
        pioneer=raw.pioneer_id.cast("string"), rater=raw.rater_id.cast("string"),
        category=raw.category.cast("string").fill_null(""), created=raw.created.cast("float64"),
        finished=raw.finished.cast("float64"), stars=raw.stars.cast("int64"), yuan=raw.benefit_yuan.cast("float64"),
        verified=raw.verified.cast("int64").fill_null(0) == 1, since=known["rater_since"],
        checked=known["rater_checked"],
    )  # fmt: skip


def _ratings(orders: Table) -> tuple["np.ndarray[Any, np.dtype[Any]]", Ratings]:
    """Return the categories by number, and the orders as columns of this process with categories as numbers."""
    kinds = orders.select("category").distinct().mutate(kind=ibis.row_number().over(order_by="category"))
    told = columns(orders.join(kinds, "category").drop("category"))
    names = np.asarray(columns(kinds.order_by("kind"))["category"], str)
    return names, Ratings.of(
        order=np.zeros(len(told["p"]), np.int8), pioneer=told["p"], rater=told["r"], created=told["created"],
        finished=told["finished"], stars=told["stars"], benefit_yuan=told["yuan"], verified=told["verified"],
        category=told["kind"], rater_since=told["since"], rater_checked=told["checked"],
    )  # fmt: skip


def _placed(table: Any, ids: "np.ndarray[Any, np.dtype[Any]]") -> Any:
    """The table with pioneers as their place among `ids`."""
    places = (
        np.searchsorted(ids, np.asarray(table.pioneer, str)) if len(table.pioneer) else np.zeros(0, np.int64)
    )
    return type(table)(places, *(getattr(table, name) for name in table.__slots__[1:]))
