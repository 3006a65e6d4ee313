"""How independent a rater is of a pioneer's other raters: u, from the pioneers that raters share.

Rings give themselves away by sharing more pioneers than chance and neighbourhood explain. Only raters of
two or more pioneers can share anything telling, and only pairs sharing three or more can be doubted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xianfeng.recognition.merit.formula.constants import Constants
from xianfeng.recognition.merit.formula.tables import Floats, Ints
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks

# Pairs held in memory at once: a matter of the machine, not of the formula; any value gives the same result.
PAIRS_AT_ONCE = 8_000_000
SMALLEST_BLOCK = 8


@dataclass(frozen=True, slots=True)
class Links:
    """Who rated whom, each couple once, sorted by pioneer then rater; ids are positions 0..n."""

    pioneer: Ints
    rater: Ints
    pioneers: int
    raters: int


def independence(links: Links, constants: Constants, yardsticks: Yardsticks) -> Floats:
    """Return u in (0, 1] per link: 1 for a rater nobody has cause to doubt."""
    distinct = np.bincount(links.rater, minlength=links.raters).astype(float)
    doubt = np.zeros(len(links.rater))
    shared, expected, found = 0.0, 0.0, []
    met = np.bincount(links.pioneer[distinct[links.rater] > 1], minlength=links.pioneers)
    size = int(yardsticks.take("block", lambda: block_size(met, constants)))
    for first, second in pairs_met(links, distinct, size):
        pairs = links.rater[first] * links.raters + links.rater[second]
        keys, counts = np.unique(pairs, return_counts=True)
        usual = (distinct[keys // links.raters] - 1) * (distinct[keys % links.raters] - 1)
        shared += float((counts - 1).sum())
        expected += float(usual.sum())
        dense = counts > constants.shared_free
        if dense.any():
            kept, at = _met(pairs, keys[dense])
            found.append((first[kept], second[kept], counts[dense][at], usual[dense][at]))
    rate = yardsticks.take("sharing", lambda: shared / expected if expected else 0.0)
    for first, second, counts, usual in found:
        most = np.minimum(constants.shared_usual * rate * usual, constants.shared_most * np.sqrt(usual))
        excess = counts - constants.shared_free - most
        score = np.maximum(0.0, excess) / (np.sqrt(usual) + constants.shared_spread)
        doubt += np.bincount(first, score, len(doubt)) + np.bincount(second, score, len(doubt))
    independent: Floats = 1 / (1 + (doubt / constants.ring_cut) ** 2)
    return independent


def usual_rate(links: Links, distinct: Floats, constants: Constants) -> float:
    """K, the city's own rate of sharing: what raters who met share beyond one pioneer, of what they could."""
    met = np.bincount(links.pioneer[distinct[links.rater] > 1], minlength=links.pioneers)
    shared, expected = 0.0, 0.0
    for first, second in pairs_met(links, distinct, block_size(met, constants)):
        keys, counts = np.unique(links.rater[first] * links.raters + links.rater[second], return_counts=True)
        shared += float((counts - 1).sum())
        expected += float(((distinct[keys // links.raters] - 1) * (distinct[keys % links.raters] - 1)).sum())
    return shared / expected if expected else 0.0


def block_size(met: Ints, constants: Constants) -> int:
    """Return how many raters of one pioneer are compared with one another: halved until the city's pairs fit.

    `met` counts for every pioneer the raters who rated others too. Only cities of a million orders and more notice.
    """
    size = int(constants.pair_block)
    while size > SMALLEST_BLOCK and float((met * np.minimum(met, size)).sum()) / 2 > constants.pairs_most:
        size //= 2
    return size


def _met(pairs: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Where the sorted keys occur among the pairs: positions of the pairs, and of each one's key."""
    at = np.minimum(np.searchsorted(keys, pairs), len(keys) - 1)
    kept = np.flatnonzero(keys[at] == pairs)
    return kept, at[kept]


def pairs_met(links: Links, distinct: Floats, size: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield link positions (first, second) of raters meeting at a pioneer; a pair's meetings together."""
    links_kept = np.flatnonzero(distinct[links.rater] > 1)
    if not len(links_kept):
        return
    block = _blocks(links, links_kept, size)
    links_kept = links_kept[np.lexsort((links.rater[links_kept], block))]
    block = np.sort(block)
    last = np.flatnonzero(np.diff(block, append=-1))
    partners = np.repeat(last, np.diff(last, prepend=-1)) - np.arange(len(block))
    by_rater = np.argsort(links.rater[links_kept], kind="stable")
    for part in _portions(links.rater[links_kept][by_rater], partners[by_rater]):
        rows = by_rater[part]
        many = partners[rows]
        if not many.sum():
            continue
        first = np.repeat(rows, many)
        offset = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many) + 1
        yield links_kept[first], links_kept[first + offset]


def _portions(rater: Ints, partners: Ints) -> Iterator[slice]:
    """Cut rows sorted by rater into slices of bounded pairs, never inside one rater."""
    ends = np.flatnonzero(np.diff(rater, append=-1)) + 1
    pairs = np.cumsum(partners)[ends - 1]
    start, done = 0, 0
    while start < len(rater):
        cut = int(np.searchsorted(pairs, done + PAIRS_AT_ONCE, side="right"))
        cut = max(min(cut, len(ends)) - 1, int(np.searchsorted(ends, start, side="right")))
        yield slice(start, int(ends[cut]))
        start, done = int(ends[cut]), int(pairs[cut])


def _blocks(links: Links, kept: Ints, most: int) -> Ints:
    """Number the groups within which raters are compared: a pioneer's raters, cut up where very many.

    In a crowd, raters who share their rarest pioneers stand side by side, so a ring stays in one block.
    """
    pioneer = links.pioneer[kept]
    size = np.bincount(pioneer, minlength=links.pioneers)
    starts = np.cumsum(size) - size
    place = np.arange(len(kept)) - starts[pioneer]
    crowded = np.flatnonzero(size[pioneer] > most)
    if len(crowded):
        mark = _rarest(links)[links.rater[kept[crowded]]]
        order = np.lexsort((links.rater[kept[crowded]], mark, pioneer[crowded]))
        place[crowded[order]] = place[crowded]
    blocks: Ints = pioneer * (int(size.max()) // most + 1) + place // most
    return blocks


def _rarest(links: Links) -> Ints:
    """For every rater a mark of the two least-rated pioneers among theirs (ties by id)."""
    popularity = np.bincount(links.pioneer, minlength=links.pioneers)
    rank = np.empty(links.pioneers, np.int64)
    rank[np.lexsort((np.arange(links.pioneers), popularity))] = np.arange(links.pioneers)
    first = np.full(links.raters, links.pioneers, np.int64)
    np.minimum.at(first, links.rater, rank[links.pioneer])
    others = rank[links.pioneer] != first[links.rater]
    second = np.full(links.raters, links.pioneers, np.int64)
    np.minimum.at(second, links.rater[others], rank[links.pioneer][others])
    return first * (links.pioneers + 1) + second
