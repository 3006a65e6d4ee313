"""A seeded city with hidden merit, and rings that try to buy the index. All invented."""

from dataclasses import dataclass, field

import numpy as np

from xianfeng.recognition.merit.formula import Activities, Honours, Ratings

ATTACKS = (
    "none",
    "boost",
    "lockstep",
    "camouflage",
    "smear",
    "one-shot",
    "few-orders",
    "small-rings",
    "diffuse",
)
DAYS = 730
Rng = np.random.Generator
VILLAGE = 60
"""Pioneers to a village; most raters stay near home, which makes honest raters share pioneers."""


@dataclass
class Orders:
    """Columns while they are drawn."""

    pioneer: list = field(default_factory=list)
    rater: list = field(default_factory=list)
    stars: list = field(default_factory=list)
    wait: list = field(default_factory=list)
    finished: list = field(default_factory=list)
    yuan: list = field(default_factory=list)
    verified: list = field(default_factory=list)

    def add(self, **batch: np.ndarray) -> None:
        """Append one batch: every column, of equal length."""
        for name in self.__dataclass_fields__:
            getattr(self, name).append(np.asarray(batch[name]))

    def column(self, name: str) -> np.ndarray:
        """All batches of one column."""
        return np.concatenate(getattr(self, name))


@dataclass(frozen=True)
class City:
    """The tables of a city, the merit nobody sees, and who belongs to the ring."""

    ratings: Ratings
    activities: Activities
    honours: Honours
    merit: np.ndarray
    ring: np.ndarray


def city(
    seed: int, attack: str = "none", *, pioneers: int = 5392, fakes: int = 15, known_accounts: bool = False
) -> City:
    """Draw a city of about 7.5 orders a pioneer; `known_accounts` tells age and identity of raters."""
    rng = np.random.default_rng([seed, ATTACKS.index(attack)])
    base = np.random.default_rng(seed)
    merit = base.normal(size=pioneers)
    skill = {name: 0.88 * merit + 0.47 * base.normal(size=pioneers) for name in ("stars", "speed", "yuan")}
    orders = Orders()
    raters = _honest(base, orders, merit, skill)
    ring = rng.choice(np.argsort(merit)[: pioneers * 6 // 10], pioneers // 20, replace=False)
    total, false = _attack(rng, orders, attack=attack, each=fakes, ring=ring, merit=merit, first=raters)
    count = base.poisson(np.exp(-1.2 + 0.6 * merit))
    plaques = np.flatnonzero(base.random(pioneers) < 0.03 * np.exp(0.7 * merit))
    since, checked = _accounts(rng, orders, total, false)
    finished = np.floor(orders.column("finished"))
    known = {"rater_since": since, "rater_checked": checked} if known_accounts else {}
    ratings = Ratings.of(
        order=np.arange(len(finished)),
        pioneer=orders.column("pioneer"),
        rater=orders.column("rater"),
        created=finished - np.floor(orders.column("wait")),
        finished=finished,
        stars=orders.column("stars"),
        benefit_yuan=orders.column("yuan"),
        verified=orders.column("verified"),
        **known,
    )
    return City(
        ratings,
        Activities.of(np.repeat(np.arange(pioneers), count), base.integers(0, DAYS, count.sum())),
        Honours.of(
            plaques, base.choice(["county", "city", "province"], len(plaques)), np.zeros(len(plaques))
        ),
        merit,
        np.isin(np.arange(pioneers), ring),
    )


def _honest(rng: Rng, orders: Orders, merit: np.ndarray, skill: dict[str, np.ndarray]) -> int:
    """Residents with their own severity, mostly rating pioneers of their own village; busy ones know more."""
    pioneers = len(merit)
    raters = int(2.2 * pioneers)
    pull = np.exp(0.45 * merit + 0.8 * rng.normal(size=pioneers))
    activity = np.exp(1.1 * rng.normal(size=raters))
    n = int(7.4 * pioneers)
    rater = rng.choice(raters, n, p=activity / activity.sum())
    home = rater % (pioneers // VILLAGE)
    anywhere = rng.choice(pioneers, n, p=pull / pull.sum())
    pioneer = anywhere.copy()
    near = rng.random(n) < 0.6
    for village in range(pioneers // VILLAGE):
        rows = np.flatnonzero(near & (home == village))
        lo = village * VILLAGE
        local = pull[lo : lo + VILLAGE]
        pioneer[rows] = lo + rng.choice(VILLAGE, len(rows), p=local / local.sum())
    _draw(rng, orders, pioneer, rater, skill)
    return raters


def _draw(
    rng: Rng, orders: Orders, pioneer: np.ndarray, rater: np.ndarray, skill: dict[str, np.ndarray]
) -> None:
    n = len(pioneer)
    severity = 0.5 * rng.normal(size=rater.max() + 1)[rater]
    felt = 4.3 + 0.62 * skill["stars"][pioneer] - severity + 0.7 * rng.normal(size=n)
    yuan = np.exp(7.5 + 0.6 * skill["yuan"][pioneer] + 1.1 * rng.normal(size=n))
    verified = rng.random(n) < 0.35
    orders.add(
        pioneer=pioneer,
        rater=rater,
        stars=np.clip(np.round(felt), 1, 5).astype(int),
        wait=np.exp(0.8 - 0.45 * skill["speed"][pioneer] + 0.9 * rng.normal(size=n)),
        finished=rng.uniform(30, DAYS, n),
        yuan=np.where(verified | (rng.random(n) < 0.2), yuan, np.nan),
        verified=verified,
    )


def _fake(rng: Rng, orders: Orders, pioneer: np.ndarray, rater: np.ndarray, stars: int) -> None:
    """Invented orders: quick, recent, unverified."""
    n = len(pioneer)
    orders.add(
        pioneer=pioneer,
        rater=rater,
        stars=np.full(n, stars),
        wait=np.exp(0.3 * rng.normal(size=n)),
        finished=rng.uniform(DAYS / 2, DAYS, n),
        yuan=np.where(rng.random(n) < 0.5, 9000.0, np.nan),
        verified=np.zeros(n, bool),
    )


def _attack(
    rng: Rng, orders: Orders, *, attack: str, each: int, ring: np.ndarray, merit: np.ndarray, first: int
) -> tuple[int, np.ndarray]:
    """Add the ring's orders; returns how many raters there are now and which are the ring's accounts."""
    if attack == "none":
        return first, np.zeros(0, int)
    if attack in ("one-shot", "few-orders"):
        uses = 1 if attack == "one-shot" else 2.5
        accounts = first + np.arange(int(len(ring) * each / uses))
        rater = np.resize(rng.permutation(accounts), len(ring) * each)
        _fake(rng, orders, np.repeat(ring, each), rater, 5)
        return int(accounts[-1]) + 1, accounts
    accounts = first + np.arange(len(ring))
    pioneer = np.repeat(ring, each)
    group = {"lockstep": each, "small-rings": 6, "diffuse": len(ring)}.get(attack, 45)
    mates = np.arange(len(ring)) // group * group
    offset = np.concatenate(
        [rng.permutation(group)[:each] if group >= each else np.arange(each) % group for _ in ring]
    )
    rater = accounts[np.minimum(np.repeat(mates, each) + offset, len(ring) - 1)]
    _fake(rng, orders, pioneer, rater, 5)
    if attack in ("camouflage", "small-rings", "diffuse"):
        extra = 35 if attack == "small-rings" else each
        others = rng.integers(0, len(merit), len(ring) * extra)
        stars = rng.choice([3, 4, 5], len(others), p=[0.15, 0.3, 0.55])
        for value in (3, 4, 5):
            _fake(rng, orders, others[stars == value], np.repeat(accounts, extra)[stars == value], value)
    if attack == "smear":
        rivals = rng.choice(np.argsort(merit)[-len(merit) // 5 :], len(ring))
        victims = rng.choice(rivals, len(ring) * each)
        _fake(rng, orders, victims, np.repeat(accounts, each), 1)
    return int(accounts[-1]) + 1, accounts


def _accounts(rng: Rng, orders: Orders, total: int, fakes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Account age and identity: half the residents are checked, many accounts are new at the first order."""
    rater, day = orders.column("rater"), orders.column("finished")
    earliest = np.full(total, float(DAYS))
    np.minimum.at(earliest, rater, day)
    since = np.floor(earliest - 20 - rng.exponential(150, total) * (rng.random(total) < 0.7))
    checked = (rng.random(total) < 0.55).astype(float)
    checked[fakes] = rng.random(len(fakes)) < 0.03
    since[fakes] = np.floor(earliest[fakes] - rng.uniform(0, 25, len(fakes)) - 5)
    return since[rater], checked[rater]


def kendall(x: np.ndarray, y: np.ndarray) -> float:
    """Kendall's tau b, O(n log n), by counting inversions bottom-up."""
    order = np.lexsort((y, x))
    ranks = np.unique(y[order], return_inverse=True)[1]
    n = len(x)
    swaps, width, work = 0, 1, ranks.copy()
    while width < n:
        block = np.arange(n) // (2 * width)
        left = np.arange(n) // width % 2 == 0
        sort = np.lexsort((~left, work, block))
        rights = np.cumsum(~left[sort])
        before = np.concatenate(([0], np.cumsum(np.bincount(block, ~left))))[block[sort]]
        swaps += int((rights - before)[left[sort]].sum())
        work = work[np.lexsort((work, block))]
        width *= 2
    pairs = n * (n - 1) // 2
    tied = [_pairs(values) for values in (x, y)]
    both = _pairs(x + 1j * y)
    return float(
        (pairs - tied[0] - tied[1] + both - 2 * swaps) / np.sqrt((pairs - tied[0]) * (pairs - tied[1]))
    )


def _pairs(values: np.ndarray) -> int:
    counts = np.unique(values, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
