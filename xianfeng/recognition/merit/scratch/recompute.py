"""From the tables of a folder to everybody's index, step by step; progress is told as steps done."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from xianfeng.recognition.merit.formula import Constants, Effects, Held, Scores
from xianfeng.recognition.merit.formula.frame import Frame, frame_of
from xianfeng.recognition.merit.formula.index import score_frame
from xianfeng.recognition.merit.formula.tables import Floats
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks, known
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
    held: Held | None = None, told: Progress = lambda _step: None,
) -> Recomputed:  # fmt: skip
    """Score the tables in `folder` (the file contract) as of the day `today`. Raises FileProblem, OSError.

    `held` are yardsticks to measure with instead of those of the tables.
    """
    with tempfile.TemporaryDirectory(prefix="index-") as spill:
        given = read(engine, folder, Path(spill), today, name_raters=held is not None)
    told(STEPS[0])
    yardsticks = Yardsticks(_numbered(held, given) if held else None)
    u = _independence(engine, given, constants, yardsticks)
    told(STEPS[1])
    frame = _framed(given)
    scores = score_frame(
        frame, u, given.activities, given.honours, constants=constants, yardsticks=yardsticks
    )
    told(STEPS[2])
    return Recomputed(len(frame.rows), given.ids, replace(scores, explanation=None))


def _numbered(held: Held, given: Read) -> Held:
    """The yardsticks with raters as their numbers."""
    names = held.effects.rater.astype(str)
    order = np.argsort(names)
    by_name = Effects(names[order], held.effects.severity[order])
    severity = known(by_name, given.raters, np.nan)
    return Held(held.means, Effects(np.arange(len(severity)), severity))


def _independence(engine: Engine, given: Read, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Return u of every couple, by pioneer and then rater."""
    found = columns(doubted(engine, given.couples, constants, yardsticks).select("p", "r", "u"))
    order = np.lexsort((found["r"], found["p"]))
    independent: Floats = found["u"].astype(float)[order]
    return independent


def _framed(given: Read) -> Frame:
    return replace(frame_of(given.ratings, np.arange(len(given.ids)), given.today), kinds=given.kinds)
