"""The city's yardsticks of a day: kept with the first run of the day, so that one rating moves those it concerns."""

from datetime import datetime

import numpy as np

from xianfeng.recognition.merit.formula import Effects, Held, Scores
from xianfeng.recognition.merit.models import Yardsticks

DRIFT = 20  # held anew within the day once orders came or went by more than this part of them


def of_day(day: float, version: str) -> Held | None:
    """Return what the runs of that day measure with, None where no run has held it or it is forgotten."""
    row = latest(day, version)
    return held(row) if row else None


def latest(day: float, version: str) -> Yardsticks | None:
    """Return the yardsticks last held on that day for that formula."""
    rows = Yardsticks.objects.filter(day=day, version=version, severities__isnull=False)
    return rows.order_by("-id").first()


def fits(row: Yardsticks, orders: int) -> bool:
    """Tell whether the city is still what it was: an import or a first day asks for new yardsticks at once."""
    return abs(orders - row.orders) * DRIFT <= row.orders


def held(row: Yardsticks) -> Held:
    """Return kept yardsticks as the formula takes them."""
    effects = Effects(np.frombuffer(row.raters or b"", "<i8"), np.frombuffer(row.severities or b"", "<f8"))
    return Held(row.means, effects)


def drawn(scores: Scores, orders: int, at: datetime) -> Yardsticks:
    """Return the yardsticks a run worked out, unsaved."""
    return Yardsticks(
        version=scores.version, day=scores.today, held_at=at, orders=orders, means=dict(scores.means),
        raters=scores.effects.rater.astype("<i8").tobytes(),
        severities=scores.effects.severity.astype("<f8").tobytes(),
    )  # fmt: skip
