"""From the tables of a folder to everybody's index, step by step; progress is told as steps done."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xianfeng.recognition.merit.formula import Constants, Scores
from xianfeng.recognition.merit.formula.frame import Frame, frame_of
from xianfeng.recognition.merit.formula.index import score_frame
from xianfeng.recognition.merit.formula.tables import Floats
from xianfeng.recognition.merit.scratch.doubting import doubted
from xianfeng.recognition.merit.scratch.engines import Engine, columns
from xianfeng.recognition.merit.scratch.reading import Read, read

STEPS = ("read", "raters compared", "scored")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Recomputed:
    """Everybody's index, by the order of `pioneer` (ids as text), and how many orders stand behind them all."""

    orders: int
    pioneer: "np.ndarray[Any, np.dtype[Any]]"
    scores: Scores

    @property
    def named(self) -> Scores:
        """The scores with the pioneers' ids."""
        return replace(self.scores, pioneer=self.pioneer)


def recompute(
    engine: Engine, folder: Path, *, constants: Constants, today: float | None = None,
    told: Progress = lambda _step: None,
) -> Recomputed:  # fmt: skip
    """Score the tables in `folder` (the file contract) as of the day `today`. Raises FileProblem, OSError."""
    with tempfile.TemporaryDirectory(prefix="index-") as spill:
        given = read(engine, folder, Path(spill), today)
    told(STEPS[0])
    u = _independence(engine, given, constants)
    told(STEPS[1])
    frame = _framed(given)
    scores = score_frame(frame, u, given.activities, given.honours, constants=constants)
    told(STEPS[2])
    return Recomputed(len(frame.rows), given.ids, replace(scores, explanation=None))


def _independence(engine: Engine, given: Read, constants: Constants) -> Floats:
    """Return u of every couple, by pioneer and then rater."""
    found = columns(doubted(engine, given.couples, constants).select("p", "r", "u"))
    order = np.lexsort((found["r"], found["p"]))
    independent: Floats = found["u"].astype(float)[order]
    return independent


def _framed(given: Read) -> Frame:
    return frame_of(given.ratings, np.arange(len(given.ids)), given.today)
