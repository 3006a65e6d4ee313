"""What an order weighs: independence, newcomers' caps, age. Stars never enter here."""

from functools import partial

import numpy as np

from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.frame import Frame
from xianfeng.recognition.merit.formula.tables import Floats, summed
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks

# Sums of equal weights in another order differ in the last bits; a threshold must not notice.
SLACK = 1e-9
TINY = np.finfo(float).tiny


def weights(
    frame: Frame, u: Floats, *, lenient: bool, constants: Constants, yardsticks: Yardsticks
) -> Floats:
    """Weight of each order; `lenient` grants verified orders their two exceptions (for Q, V and T)."""
    verified = frame.verified & lenient
    trust = _trust(frame, constants, yardsticks)
    known = frame.links.rater
    settled = np.bincount(known, u * frame.by_link(trust) / frame.by_link_count, frame.links.raters)
    independent = np.where(verified, np.maximum(u[frame.link], constants.verified_floor), u[frame.link])
    w = independent * trust / frame.by_link_count[frame.link]
    ease = np.where(verified, constants.newcomer_verified, 1.0)
    ease = ease * np.where(frame.checked == 1, constants.newcomer_checked, 1.0)
    for step in constants.newcomer_steps:
        new = np.clip(step + 1 - settled[known][frame.link], 0, 1) * ease
        usual = yardsticks.take(
            f"newcomers {'lenient' if lenient else 'strict'} {step:g}",
            partial(_usual, frame.by_pioneer(w * new), frame.by_pioneer(w), constants),
        )
        w = _capped(w, new, usual, frame, constants)
    age = np.maximum(0.0, frame.today - frame.finished)
    faded = constants.age_floor + (1 - constants.age_floor) * 2 ** (-age / constants.age_half_life)
    return w * faded


def _trust(frame: Frame, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Less for young accounts whose holder nobody checked; 1 where nothing is known."""
    unknown = np.where((frame.checked == 0) & np.isnan(frame.since), constants.unchecked_weight, 1.0)
    return (
        unknown
        * (1 - (1 - constants.young_weight) * _youth(frame, constants))
        * _proof(frame, constants, yardsticks)
    )


def _proof(frame: Frame, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Less for raters of many orders of which hardly any was verified, against the usual of their kinds."""
    if not len(frame.category):
        return np.ones(0)
    kinds = int(frame.category.max()) + 1
    verified = frame.verified.astype(float)
    of_kind = summed(frame.category, verified, kinds) / np.maximum(
        1, np.bincount(frame.category, minlength=kinds)
    )
    share = np.array([
        yardsticks.take(f"verified {kind}", partial(float, of_kind[at]))
        for at, kind in enumerate(frame.kinds.tolist())
    ])  # fmt: skip
    rater = frame.links.rater[frame.link]
    proven = summed(rater, verified, len(frame.raters)) + constants.proof_prior
    usual = summed(rater, share[frame.category], len(frame.raters)) + constants.proof_prior
    proof: Floats = np.minimum(1.0, proven / usual)[rater]
    return proof


def _youth(frame: Frame, constants: Constants) -> Floats:
    """1 for an account opened on the day of the order, halving with age; 0 if checked or of unknown age."""
    age = np.maximum(0.0, frame.created - frame.since)
    return np.where(np.isnan(age) | (frame.checked == 1), 0.0, 2 ** (-age / constants.young_half_life))


def _usual(fresh: Floats, whole: Floats, constants: Constants) -> float:
    """The city's usual share of newcomers' weight, over pioneers of enough evidence."""
    enough = whole >= constants.usual_evidence - SLACK
    if enough.sum() < constants.usual_pioneers:
        return constants.usual_share
    return float(np.mean(fresh[enough] / whole[enough]))


def _capped(w: Floats, new: Floats, usual: float, frame: Frame, constants: Constants) -> Floats:
    """Newcomers count, but at one pioneer only as many as is usual in the city beside those who are known."""
    if usual > constants.usual_most:
        return w
    fresh, whole = frame.by_pioneer(w * new), frame.by_pioneer(w)
    ratio = usual / (1 - usual)
    allowed = 1 + ratio * (1 + whole - fresh)
    cut = np.minimum(1.0, allowed / np.maximum(fresh, 1e-12))
    kept = cut[frame.pioneer] ** constants.cap_power * _elsewhere(cut, frame, constants)
    return w * (1 - new) + w * new * kept


def _elsewhere(cut: Floats, frame: Frame, constants: Constants) -> Floats:
    """Less for newcomers whose other pioneers are flooded with newcomers as well; 1 for who has no others."""
    links = frame.links
    each = cut[links.pioneer]
    others = np.bincount(links.rater, minlength=links.raters)[links.rater] - 1
    rest = summed(links.rater, each, links.raters)[links.rater] - each
    mean = np.where(others > 0, rest / np.maximum(others, 1), 1.0)
    kept: Floats = (np.minimum(1.0, (mean + TINY) / (constants.flooded + TINY)) ** 2)[frame.link]
    return kept
