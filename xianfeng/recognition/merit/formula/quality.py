"""Q: what the stars say of a pioneer, after the raters' own severity is taken out."""

import numpy as np

from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.frame import Frame
from xianfeng.recognition.merit.formula.independence import Links
from xianfeng.recognition.merit.formula.tables import Effects, Floats, summed
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks, known

CLOSE = 1e-13
ROUNDS = 1000


def quality(
    frame: Frame, w: Floats, constants: Constants, yardsticks: Yardsticks, start: Effects | None
) -> tuple[Floats, Effects]:
    """Return each order's points of Q above the base, and the solved severities."""
    scale = np.array(
        [constants.star_1, constants.star_2, constants.star_3, constants.star_4, constants.star_5]
    )
    value = scale[frame.stars - 1] - yardsticks.take("stars", lambda: city_mean(frame, w, scale, constants))
    weight = frame.by_link(w)
    # One voice a couple: several orders of one rater speak through their mean, so that a raised star in a
    # clipped order cannot be outweighed by the severity it takes from the others.
    mean = frame.by_link(w * value) / np.maximum(weight, np.finfo(float).tiny)
    severity = severities(
        frame.links,
        weight,
        mean,
        constants,
        held=yardsticks.severities(frame.raters),
        start=_started(frame, start),
    )
    rest = mean - severity[frame.links.rater] - echo(frame.links, weight, mean, severity, constants)
    inner = np.clip(rest, constants.quality_low, constants.quality_high)
    voice = inner + constants.quality_excess * (rest - inner)
    spoken = voice[frame.link] + value - mean[frame.link]
    evidence = np.maximum(frame.by_pioneer(w) + constants.pioneer_shrink, constants.quality_evidence)
    points = constants.quality_points * w * spoken / evidence[frame.pioneer]
    return points, Effects(frame.raters, severity)


def city_mean(frame: Frame, w: Floats, scale: Floats, constants: Constants) -> float:
    """The city's mean star value, in which no single pioneer and no single rater may weigh much."""
    rater = frame.links.rater[frame.link]
    whole = frame.by_pioneer(w)
    heard = summed(rater, w, len(frame.raters))
    part = w * np.minimum(
        np.minimum(1.0, constants.mean_most / np.maximum(whole, 1e-12))[frame.pioneer],
        np.minimum(1.0, constants.mean_voice / np.maximum(heard, 1e-12))[rater],
    )
    top = constants.mean_prior * constants.mean_weight + float((part * scale[frame.stars - 1]).sum())
    return top / (constants.mean_weight + float(part.sum()))


def severities(
    links: Links, weight: Floats, mean: Floats, constants: Constants, *, held: Floats, start: Floats
) -> Floats:
    """Solve rater and pioneer effects as one system by conjugate gradients on the raters' side, to 1e-13.

    Pioneer effects are eliminated: (V + b - C' (W + a)^-1 C) beta = right side,
    symmetric and positive definite. Severities that are `held` (not NaN) stay, the others are solved beside them.
    """
    free = np.isnan(held)
    above = summed(links.pioneer, weight, links.pioneers) + constants.pioneer_shrink
    diagonal = summed(links.rater, weight, links.raters) + constants.rater_shrink

    def pioneer_of(values: Floats) -> Floats:
        return summed(links.pioneer, weight * values, links.pioneers) / above

    def rater_of(values: Floats) -> Floats:
        return summed(links.rater, weight * values, links.raters)

    def applied(beta: Floats) -> Floats:
        return diagonal * beta - rater_of(pioneer_of(beta[links.rater])[links.pioneer])

    right = rater_of(mean - pioneer_of(mean)[links.pioneer])
    beta = np.where(free, start, held)
    rest = (right - applied(beta)) * free
    towards = rest / diagonal
    size = float(rest @ towards)
    for _ in range(ROUNDS):
        if not len(rest) or float(np.max(np.abs(rest) / diagonal)) < CLOSE:
            break
        moved = applied(towards) * free
        step = size / float(towards @ moved)
        beta += step * towards
        rest -= step * moved
        scaled = rest / diagonal
        before, size = size, float(rest @ scaled)
        towards = scaled + (size / before) * towards
    return beta


def echo(links: Links, weight: Floats, mean: Floats, severity: Floats, constants: Constants) -> Floats:
    """What a pioneer's own effect puts into the severities of those who rate him.

    Severity is judged by the rater's other pioneers. Left in, one rater's swing would move a pioneer again
    through the severities of everybody else who rates him: 6.6 points at worst instead of under 5.
    """
    rest = weight * (mean - severity[links.rater])
    above = summed(links.pioneer, weight, links.pioneers) + constants.pioneer_shrink
    effect = summed(links.pioneer, rest, links.pioneers) / above
    diagonal = summed(links.rater, weight, links.raters) + constants.rater_shrink
    echo: Floats = weight / diagonal[links.rater] * effect[links.pioneer]
    return echo


def _started(frame: Frame, start: Effects | None) -> Floats:
    """Severities known from an earlier solution, 0 for raters who are new since."""
    return np.zeros(len(frame.raters)) if start is None else known(start, frame.raters, 0.0)
