"""Scoring the city: the index of every pioneer, individual or collective, worked out from all that was rated."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import numpy as np
from django.db import connection

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import operations as people
from xianfeng.recognition.merit import formula, rings, steps, tables
from xianfeng.recognition.merit.formula import Effects, Scores
from xianfeng.recognition.merit.models import Run
from xianfeng.recognition.merit.tables import Tables

VERSION = formula.CURRENT
KEPT_WHOLE = timedelta(days=1)
_AT_ONCE = 500  # rows a transaction: a claim never waits longer for the pioneer it counts on
_solved: dict[str, Effects] = {}  # what this process solved last: the next run starts there
_LOCK = 0x6D657269  # one run at a time, whoever starts it


def refresh(*, force: bool = False) -> Run | None:
    """Score everybody and write their standing; None when nothing moved since the last run (`force` runs anyway).

    Standing first, then the run that vouches for it: if this ends in between, the next run does it again.
    """
    at = clock.now()
    with _alone():
        mark = tables.moved(at, VERSION)
        last = Run.objects.order_by("-id").first()
        if last is not None and last.moved == mark and not force:
            return None
        start = monotonic()
        given = tables.read(at)
        scores = scored(given, at, start=_solved.get(VERSION))
        _solved[VERSION] = scores.effects
        _write_standing(steps.standings(given, scores), at)
        return _keep(given, scores, at=at, mark=mark, start=start)


def scored(given: Tables, at: datetime, version: str = "", start: Effects | None = None) -> Scores:
    """Score the tables, explained, with the formula in force or that of `version`; every pioneer is in the answer.

    `start` are severities solved before: the same answer (1e-9) in fewer rounds.
    """
    return formula.score(
        given.ratings, given.everybody, given.honours, today=tables.today(at),
        constants=formula.load(version or VERSION), explain=True, start=start,
    )  # fmt: skip


def _write_standing(rows: Sequence[tuple[Any, ...]], at: datetime) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        people.set_standing(rows[first : first + _AT_ONCE], version=VERSION, as_of=at)


def _keep(given: Tables, scores: Scores, *, at: datetime, mark: str, start: float) -> Run:
    with write():
        run = Run.objects.create(
            version=VERSION, as_of=at, day=scores.today, moved=mark, pioneers=len(scores.pioneer),
            orders=len(given.ratings.order), raters=len(np.unique(given.ratings.rater)),
            medians=steps.medians(given, scores), seconds=0.0,
        )  # fmt: skip
        steps.keep_accounts(run, steps.accounts(given, scores))
        steps.forget_runs(at - KEPT_WHOLE)
        if rings.waits(scores.today):
            steps.keep_rings(scores.today, rings.found(given, scores, formula.load(VERSION)))
        run.seconds = monotonic() - start
        run.save(update_fields=["seconds"])
    return run


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
