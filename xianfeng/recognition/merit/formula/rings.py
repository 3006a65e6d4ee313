"""Rings of raters, as evidence for people: accounts that share more pioneers than chance and nearness explain.

What `independence` only sums up is kept here pair by pair. Nothing is punished by this: whoever shares much weighs
less anyway, and whether a group cheats is for staff to say.
"""

from dataclasses import dataclass

import numpy as np

from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.independence import Links, block_size, pairs_met, usual_rate
from xianfeng.recognition.merit.formula.tables import Floats, Ints

SMALLEST = 3  # accounts; two who share much are a couple of neighbours


@dataclass(frozen=True, slots=True)
class Group:
    """Positions of raters and of the pioneers most of them share; `doubt` is the mean score of their pairs."""

    raters: Ints
    pioneers: Ints
    doubt: float


def groups(links: Links, constants: Constants) -> list[Group]:
    """Return the groups of three accounts or more, the most doubted first (by doubt, then size)."""
    distinct = np.bincount(links.rater, minlength=links.raters).astype(float)
    first, second, score = _edges(links, distinct, constants)
    strong = score >= constants.ring_cut
    first, second, score = first[strong], second[strong], score[strong]
    label = _components(links.raters, first, second)
    found = []
    for one in np.unique(label[first]).tolist():
        raters = np.flatnonzero(label == one)
        if len(raters) >= SMALLEST:
            doubt = float(score[label[first] == one].mean())
            found.append(Group(raters, _shared(links, raters), doubt))
    return sorted(found, key=lambda group: (-group.doubt, -len(group.raters)))


def _edges(links: Links, distinct: Floats, constants: Constants) -> tuple[Ints, Ints, Floats]:
    """Pairs of raters who share more than is free, each once, with the score of their excess."""
    met = np.bincount(links.pioneer[distinct[links.rater] > 1], minlength=links.pioneers)
    rate = usual_rate(links, distinct, constants)
    found_keys, found_counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for first, second in pairs_met(links, distinct, block_size(met, constants)):
        keys, counts = np.unique(links.rater[first] * links.raters + links.rater[second], return_counts=True)
        found_keys.append(keys[counts > constants.shared_free])
        found_counts.append(counts[counts > constants.shared_free])
    keys, counts = np.concatenate(found_keys), np.concatenate(found_counts)
    one, two = keys // links.raters, keys % links.raters
    usual = (distinct[one] - 1) * (distinct[two] - 1)
    most = np.minimum(constants.shared_usual * rate * usual, constants.shared_most * np.sqrt(usual))
    score = (counts - constants.shared_free - most) / (np.sqrt(usual) + constants.shared_spread)
    return one, two, score


def _components(size: int, first: Ints, second: Ints) -> Ints:
    """Label who hangs together: every label is the least member's position."""
    label = np.arange(size)
    while True:
        least = np.minimum(label[first], label[second])
        before = label.copy()
        np.minimum.at(label, first, least)
        np.minimum.at(label, second, least)
        label = label[label]
        if np.array_equal(label, before):
            return label


def _shared(links: Links, raters: Ints) -> Ints:
    """The pioneers that at least a third of the group, and at least two of it, have rated; most shared first."""
    own = links.pioneer[np.isin(links.rater, raters)]
    pioneers, counts = np.unique(own, return_counts=True)
    enough = counts >= max(2, len(raters) / 3)
    return pioneers[enough][np.argsort(-counts[enough], kind="stable")]
