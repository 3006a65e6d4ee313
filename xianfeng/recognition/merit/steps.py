"""Private parts of a run: what is written, as rows; the second half needs an open transaction."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from xianfeng.recognition.merit.formula import LEVELS, Scores
from xianfeng.recognition.merit.models import Run
from xianfeng.recognition.merit.queries import PARTS
from xianfeng.recognition.merit.tables import Tables

Rows = dict[int, list[list[Any]]]


def standings(tables: Tables, scores: Scores) -> list[tuple[int, float, float, float, str, int]]:
    """Return the rows `people.operations.set_standing` asks for, by pioneer."""
    columns = {code: getattr(scores, code).tolist() for code in PARTS}
    columns |= {"orders": orders(tables, scores).tolist(), "evidence": scores.weight.tolist()}
    parts = [json.dumps(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    helped = dict(zip(tables.pioneers.tolist(), tables.helped.tolist(), strict=True))
    own = zip(
        scores.pioneer.tolist(), scores.total.tolist(), scores.total_without_honours.tolist(),
        scores.half_width.tolist(), parts, strict=True,
    )  # fmt: skip
    return [(*row, helped.get(row[0], 0)) for row in own]


def orders(tables: Tables, scores: Scores) -> "np.ndarray[Any, np.dtype[Any]]":
    """Return how many rated orders stand behind each score."""
    at = np.searchsorted(scores.pioneer, tables.ratings.pioneer)
    return np.bincount(at, minlength=len(scores.pioneer))


def medians(tables: Tables, scores: Scores) -> dict[str, float]:
    """Return the city's median of each part, over the pioneers with a rated order (over all, if nobody has)."""
    rated = orders(tables, scores) > 0
    if not rated.any():
        rated = np.ones(len(scores.pioneer), bool)
    if not len(rated):
        return {}
    return {code: float(np.median(getattr(scores, code)[rated])) for code in PARTS}


def accounts(tables: Tables, scores: Scores) -> Iterator[tuple[int, str, str]]:
    """Yield for each pioneer who has any: id, what the orders added, what the honours added, as JSON texts."""
    by_order, by_honour = _order_points(tables, scores), _honour_points(tables, scores)
    for pioneer in sorted(by_order.keys() | by_honour.keys()):
        yield pioneer, json.dumps(by_order.get(pioneer, [])), json.dumps(by_honour.get(pioneer, []))


def _order_points(tables: Tables, scores: Scores) -> Rows:
    if scores.explanation is None:
        raise ValueError("the scores come without their explanation")
    shares, given = scores.explanation.orders, tables.ratings
    at = np.searchsorted(given.order, shares.order)  # read in the order of their ids
    wait = (given.finished - given.created)[at].tolist()
    yuan = np.where(given.verified, given.benefit_yuan, np.nan)[at].tolist()
    points = zip(
        shares.weight.tolist(), shares.quality.tolist(), shares.volume.tolist(), shares.response.tolist(),
        shares.benefit.tolist(), strict=True,
    )  # fmt: skip
    found: Rows = {}
    for pioneer, order, stars, days, worth, row in zip(
        shares.pioneer.tolist(),
        shares.order.tolist(),
        given.stars[at].tolist(),
        wait,
        yuan,
        points,
        strict=True,
    ):
        known = None if worth != worth else worth  # noqa: PLR0124 - NaN is told as null
        found.setdefault(pioneer, []).append([order, stars, days, known, *row])
    return found


def _honour_points(tables: Tables, scores: Scores) -> Rows:
    if scores.explanation is None:
        raise ValueError("the scores come without their explanation")
    found: Rows = {}
    given = tables.honours
    for recognition, pioneer, level, points in zip(
        tables.recognitions.tolist(), given.pioneer.tolist(), given.level.tolist(),
        scores.explanation.honours.tolist(), strict=True,
    ):  # fmt: skip
        found.setdefault(pioneer, []).append([recognition, LEVELS[level], points])
    return found


def keep_accounts(run: Run, rows: Iterator[tuple[int, str, str]]) -> int:
    """Put the accounts of this run in the place of the last one's; return how many."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM merit_account")
        with cursor.copy("COPY merit_account (run_id, pioneer_id, orders, honours) FROM STDIN") as pipe:
            for row in rows:
                pipe.write_row((run.pk, *row))
                count += 1
    return count


def forget_runs(before: datetime) -> None:
    """Keep only the last run of each day that is over: enough to tell with which formula an old month was scored."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before])


_FORGET = """
DELETE FROM merit_run r WHERE r.as_of < %s
    AND EXISTS (SELECT FROM merit_run later WHERE later.day = r.day AND later.id > r.id)"""
