"""The pioneer index: six parts in points that sum to it exactly. Pure: same tables, same numbers."""

import numpy as np

from xianfeng.recognition.merit.formula import parts
from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.frame import Frame, all_ids, frame_of
from xianfeng.recognition.merit.formula.independence import independence
from xianfeng.recognition.merit.formula.quality import quality
from xianfeng.recognition.merit.formula.tables import (
    Activities,
    Effects,
    Explanation,
    Floats,
    Honours,
    Ids,
    OrderShares,
    Ratings,
    Scores,
    summed,
)
from xianfeng.recognition.merit.formula.weights import weights
from xianfeng.recognition.merit.formula.yardsticks import Held, Yardsticks


def score(
    ratings: Ratings,
    activities: Activities,
    honours: Honours,
    *,
    today: float,
    constants: Constants,
    explain: bool = False,
    start: Effects | None = None,
    held: Held | None = None,
) -> Scores:
    """Score every pioneer named in any table as of the day `today`; later rows do not count.

    `start` may hold the effects of an earlier run: the same answer (1e-9) in fewer rounds. `held` are yardsticks to
    measure with instead of the city's of now.
    """
    ids, yardsticks = all_ids(ratings, activities, honours), Yardsticks(held)
    frame = frame_of(ratings, ids, today)
    u = independence(frame.links, constants, yardsticks)
    scores = score_frame(
        frame, u, activities, honours, constants=constants, yardsticks=yardsticks, start=start
    )
    return scores.told(ratings, frame.rows) if explain else scores


def score_frame(
    frame: Frame, u: Floats, activities: Activities, honours: Honours, *, constants: Constants,
    yardsticks: Yardsticks, start: Effects | None = None,
) -> Scores:  # fmt: skip
    """Score a frame whose links have the independence `u`; the explanation names orders by their rows."""
    ids, today = frame.ids, frame.today
    w = weights(frame, u, lenient=True, constants=constants, yardsticks=yardsticks)
    strict = weights(frame, u, lenient=False, constants=constants, yardsticks=yardsticks)
    stars, effects = quality(frame, w, constants, yardsticks, start)
    shares = OrderShares(
        order=frame.rows,
        pioneer=frame.pioneer,
        weight=w,
        quality=stars,
        volume=parts.volume(frame, w, constants),
        response=parts.response(frame, w, constants, yardsticks),
        benefit=parts.benefit(frame, strict, constants, yardsticks),
    )
    shared = parts.knowledge(ids, activities, today, constants)
    honoured = parts.honours(ids, honours, today, constants)
    base = constants.quality_base + constants.response_base + constants.benefit_base
    return Scores(
        version=constants.version,
        today=today,
        pioneer=ids,
        quality=constants.quality_base + frame.by_pioneer(shares.quality),
        volume=frame.by_pioneer(shares.volume),
        response=constants.response_base + frame.by_pioneer(shares.response),
        benefit=constants.benefit_base + frame.by_pioneer(shares.benefit),
        knowledge=_summed(ids, activities.pioneer, shared),
        honours=_summed(ids, honours.pioneer, honoured),
        weight=frame.by_pioneer(w),
        half_width=half_width(frame, w, strict, constants),
        effects=effects,
        means=yardsticks.means,
        explanation=Explanation(base, shares, shared, honoured),
    )


def half_width(frame: Frame, w: Floats, strict: Floats, constants: Constants) -> Floats:
    """Half of a rough interval in points: the posterior deviations of Q, T and B, as if independent."""
    evidence = frame.by_pioneer(w)
    checked = frame.by_pioneer(np.where(parts.counted_benefit(frame), strict, 0.0))
    stars = constants.quality_points * constants.star_spread / np.sqrt(evidence + constants.pioneer_shrink)
    wait = (
        constants.response_points * constants.response_spread / np.sqrt(evidence + constants.response_shrink)
    )
    yuan = constants.benefit_points * constants.benefit_spread / np.sqrt(checked + constants.benefit_shrink)
    wide: Floats = constants.interval_width * np.sqrt(stars**2 + wait**2 + yuan**2)
    return wide


def _summed(ids: Ids, pioneer: Ids, points: Floats) -> Floats:
    if not len(points):
        return np.zeros(len(ids))
    return summed(np.searchsorted(ids, pioneer), points, len(ids))
