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
from xianfeng.recognition.merit import formula, holding, rings, steps, tables
from xianfeng.recognition.merit.formula import Effects, Held, Scores
from xianfeng.recognition.merit.models import Run, Yardsticks
from xianfeng.recognition.merit.tables import Tables

VERSION = formula.CURRENT
KEPT_WHOLE = timedelta(days=1)
_AT_ONCE = 500  # rows a transaction: a claim never waits longer for the pioneer it counts on
_solved: dict[str, Effects] = {}  # what this process solved last: the next run starts there
_LOCK = 0x6D657269  # one run at a time, whoever starts it


def refresh(*, force: bool = False) -> Run | None:
    """Score everybody and write their standing; None when nothing moved since the last run (`force` runs anyway).

    The city's yardsticks are those of the day's first run, so that only who is concerned is written. Standing first,
    then the accounts and the run that vouch for it: if this ends in between, the next run does it again.
    """
    at = clock.now()
    with _alone():
        mark = tables.moved(at, VERSION)
        last = Run.objects.order_by("-id").first()
        if last is not None and last.moved == mark and not force:
            return None
        start = monotonic()
        given = tables.read(at)
        row = _yardsticks(given, at)
        held = holding.held(row) if row else None
        scores = scored(given, at, start=_solved.get(VERSION), held=held)
        _solved[VERSION] = scores.effects
        row = row or holding.drawn(scores, len(given.ratings.order), at)
        found = list(steps.stands(given, scores))
        written = found if force else steps.touched(found)
        _write_standing([one.standing for one in written], at)
        return _keep(given, scores, written, row, at=at, mark=mark, start=start)


def _yardsticks(given: Tables, at: datetime) -> Yardsticks | None:
    """What was held this day, unless the city has become another since."""
    row = holding.latest(tables.today(at), VERSION)
    return row if row and holding.fits(row, len(given.ratings.order)) else None


def scored(
    given: Tables, at: datetime, version: str = "", start: Effects | None = None, held: Held | None = None
) -> Scores:
    """Score the tables, explained, with the formula in force or that of `version`; every pioneer is in the answer.

    `start` are severities solved before: the same answer (1e-9) in fewer rounds. `held` are the day's yardsticks.
    """
    return formula.score(
        given.ratings, given.everybody, given.honours, today=tables.today(at),
        constants=formula.load(version or VERSION), explain=True, start=start, held=held,
    )  # fmt: skip


def _write_standing(rows: Sequence[tuple[Any, ...]], at: datetime) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        people.set_standing(rows[first : first + _AT_ONCE], version=VERSION, as_of=at)


def _keep(
    given: Tables, scores: Scores, written: Sequence[steps.Stand], row: Yardsticks, *, at: datetime, mark: str,
    start: float,
) -> Run:  # fmt: skip
    with write():
        if row._state.adding:
            row.save()
        run = Run.objects.create(
            version=VERSION, as_of=at, day=scores.today, moved=mark, pioneers=len(scores.pioneer),
            orders=len(given.ratings.order), raters=len(np.unique(given.ratings.rater)),
            medians=steps.medians(given, scores), seconds=0.0,
            touched=len(written), yardsticks=row,
        )  # fmt: skip
        steps.keep_accounts(written)
        steps.forget_runs(at - KEPT_WHOLE, scores.today)
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
