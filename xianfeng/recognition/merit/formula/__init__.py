"""The published formula of the pioneer index (先锋指数). Needs numpy only; docs/index.md explains it."""

from xianfeng.recognition.merit.formula.constants import CURRENT, Constants, load
from xianfeng.recognition.merit.formula.index import score
from xianfeng.recognition.merit.formula.tables import (
    LEVELS,
    Activities,
    Effects,
    Explanation,
    Honours,
    OrderShares,
    Ratings,
    Scores,
)
from xianfeng.recognition.merit.formula.yardsticks import Held

__all__ = [
    "CURRENT",
    "LEVELS",
    "Activities",
    "Constants",
    "Effects",
    "Explanation",
    "Held",
    "Honours",
    "OrderShares",
    "Ratings",
    "Scores",
    "load",
    "score",
]
