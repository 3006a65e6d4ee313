"""The parts beside quality: volume, response and benefit of orders; knowledge and honours of their tables."""

import numpy as np
from numpy.typing import NDArray

from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.frame import Frame
from xianfeng.recognition.merit.formula.tables import Activities, Floats, Honours, Ids
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks


def volume(frame: Frame, w: Floats, constants: Constants) -> Floats:
    """Each order's points of V: the whole by weight."""
    whole = frame.by_pioneer(w)
    points = constants.volume_points * np.log1p(whole / constants.volume_unit)
    each = np.minimum(constants.volume_most, points) / np.maximum(whole, np.finfo(float).tiny)
    return w * each[frame.pioneer]


def response(frame: Frame, w: Floats, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Each order's points of T above or below the base: quicker than the city's mean wait is better."""
    wait = np.log(np.clip(frame.finished - frame.created, constants.wait_least, constants.wait_most))
    usual = yardsticks.take("wait", lambda: _mean(wait, w))
    raw = constants.response_points * w * (usual - wait)
    raw = raw / (frame.by_pioneer(w) + constants.response_shrink)[frame.pioneer]
    return _bounded(frame, raw, constants.response_base, constants.response_most)


def counted_benefit(frame: Frame) -> NDArray[np.bool_]:
    """The orders whose benefit was checked and is above nothing."""
    found: NDArray[np.bool_] = frame.verified & (np.nan_to_num(frame.yuan) > 0)
    return found


def benefit(frame: Frame, w: Floats, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Each order's points of B above or below the base: log of verified yuan against the city's mean."""
    counted = counted_benefit(frame)
    if not counted.any():
        return np.zeros(len(w))
    w = np.where(counted, w, 0.0)
    yuan = np.log(np.where(counted, frame.yuan, 1.0))
    low = yardsticks.take("yuan low", lambda: np.percentile(yuan[counted], constants.benefit_low))
    high = yardsticks.take("yuan high", lambda: np.percentile(yuan[counted], constants.benefit_high))
    held = np.clip(yuan, low, high)
    raw = constants.benefit_points * w * (held - yardsticks.take("yuan", lambda: _mean(held, w)))
    raw = raw / (frame.by_pioneer(w) + constants.benefit_shrink)[frame.pioneer]
    return _bounded(frame, raw, constants.benefit_base, constants.benefit_most)


def knowledge(ids: Ids, activities: Activities, today: float, constants: Constants) -> Floats:
    """Each activity's points of K: the whole shared evenly among a pioneer's activities."""
    amount = np.where(activities.day <= today, 1.0, 0.0)
    return constants.knowledge_points * _held(ids, activities.pioneer, amount, constants.knowledge_most)


def honours(ids: Ids, given: Honours, today: float, constants: Constants) -> Floats:
    """Each honour's points of H, scaled down evenly above the cap."""
    levels = np.array(
        [constants.honour_county, constants.honour_city, constants.honour_province, constants.honour_national]
    )
    return _held(
        ids, given.pioneer, np.where(given.day <= today, levels[given.level], 0.0), constants.honours_most
    )


def _held(ids: Ids, pioneer: Ids, amount: Floats, most: float) -> Floats:
    """The amounts, scaled down where a pioneer's sum exceeds the most."""
    if not len(amount):
        return np.zeros(0)
    at = np.searchsorted(ids, pioneer)
    whole = np.bincount(at, amount, len(ids))
    scale = np.minimum(whole, most) / np.maximum(whole, np.finfo(float).tiny)
    held: Floats = amount * scale[at]
    return held


def _mean(values: Floats, w: Floats) -> float:
    whole = float(w.sum())
    return float((w * values).sum()) / whole if whole else 0.0


def _bounded(frame: Frame, raw: Floats, base: float, most: float) -> Floats:
    """Scale the orders' points where a pioneer's sum would leave 0..most; they still sum to the part."""
    whole = frame.by_pioneer(raw)
    held = np.clip(base + whole, 0.0, most) - base
    scale = np.where(held == whole, 1.0, held / np.where(whole == 0.0, 1.0, whole))
    # (base + whole) - base loses the last bits of whole; the scale must not amplify them.
    scale = np.where(np.abs(held - whole) < 1e-12, 1.0, scale)
    return raw * scale[frame.pioneer]
