"""The city's yardsticks: its own means, shares and the severities of its raters, worked out or held still.

A pioneer is measured against the city, and the city moves with every order. Held for a day, one rating moves those it
concerns and nobody else; the next day begins with yardsticks worked out anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from xianfeng.recognition.merit.formula.tables import Effects, Floats, Ids


@dataclass(frozen=True, slots=True)
class Held:
    """Yardsticks of an earlier run: means by name, and how severe each rater was known to be."""

    means: Mapping[str, float]
    effects: Effects


class Yardsticks:
    """What a run measures with. `means` tells by name all that was asked for, held or worked out."""

    __slots__ = ("_held", "means")

    def __init__(self, held: Held | None = None) -> None:
        self._held = held
        self.means: dict[str, float] = {}

    def take(self, name: str, worked_out: Callable[[], float]) -> float:
        """Return the mean of that name: held where it is, else worked out now."""
        held = self._held.means if self._held else {}
        value = held[name] if name in held else float(worked_out())
        self.means[name] = value
        return value

    def severities(self, raters: Ids) -> Floats:
        """Return the held severity of each rater, NaN for who is not known yet."""
        if self._held is None:
            return np.full(len(raters), np.nan)
        return known(self._held.effects, raters, np.nan)


def known(effects: Effects, raters: Ids, otherwise: float) -> Floats:
    """Return the severity of each rater as solved before, `otherwise` for raters who are new since."""
    if not len(effects.rater) or not len(raters):
        return np.full(len(raters), otherwise)
    at = np.minimum(np.searchsorted(effects.rater, raters), len(effects.rater) - 1)
    return np.where(effects.rater[at] == raters, effects.severity[at], otherwise)
