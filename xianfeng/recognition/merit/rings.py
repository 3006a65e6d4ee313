"""Rings of raters, with what speaks for and against them: the evidence that staff look at."""

from typing import Any

import numpy as np

from xianfeng.recognition.merit.formula import Constants, Scores
from xianfeng.recognition.merit.formula.frame import Frame, frame_of
from xianfeng.recognition.merit.formula.rings import Group, groups
from xianfeng.recognition.merit.models import Ring
from xianfeng.recognition.merit.tables import Tables

MOST = 60  # rings a day: what staff can look at


def waits(day: float) -> bool:
    """Tell whether nobody has looked for rings on this day yet."""
    return not Ring.objects.filter(day__gte=day).exists()


def found(given: Tables, scores: Scores, constants: Constants) -> list[Ring]:
    """Return the rings in the tables, the most doubted first, unsaved."""
    frame = frame_of(given.ratings, scores.pioneer, scores.today)
    if not len(frame.rows):
        return []
    weight = np.zeros(len(given.ratings.order))
    if scores.explanation is not None:
        weight[np.searchsorted(given.ratings.order, scores.explanation.orders.order)] = (
            scores.explanation.orders.weight
        )
    usual = _usual(frame)
    return [_ring(group, frame, given, weight, usual) for group in groups(frame.links, constants)[:MOST]]


def _usual(frame: Frame) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The share verified in each order's category."""
    share = np.bincount(frame.category, frame.verified) / np.maximum(1, np.bincount(frame.category))
    found: np.ndarray[Any, np.dtype[np.float64]] = share[frame.category]
    return found


def _ring(group: Group, frame: Frame, given: Tables, weight: Any, usual: Any) -> Ring:
    own = np.isin(frame.links.rater[frame.link], group.raters)
    within = own & np.isin(frame.pioneer, group.pioneers)
    facts = {
        "orders": int(own.sum()), "within": int(within.sum()), "five": int((frame.stars[within] == 5).sum()),
        "verified": int(frame.verified[own].sum()), "usual": float(usual[own].mean()), "doubt": group.doubt,
        "weight": float(weight[frame.rows[within]].mean()) if within.any() else 0.0,
    }  # fmt: skip
    return Ring(
        pioneers=frame.ids[group.pioneers].tolist(), accounts=frame.raters[group.raters].tolist(),
        orders=given.ratings.order[frame.rows[within]].tolist(), facts=facts,
    )  # fmt: skip
