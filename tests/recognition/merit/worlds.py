"""Seeded cities with hidden merit, and what people do to buy the index: the tool with which the formula is made.

Another simulator than simulator.py, so that the formula is not fitted to one: few ratings for most (median 4), a busy
few, pioneers of villages and of factories, merit seen through stars, waits and benefit. All invented.
`python -m bench.index_worlds 901-905` prints what every version of the formula reaches in them.
"""

from dataclasses import dataclass, field

import numpy as np

from xianfeng.recognition.merit.formula import Activities, Honours, Ratings

Rng = np.random.Generator
Column = np.ndarray

PIONEERS = 3875 + 1517
ORDERS = 40_000
DAYS = 730
RING = 0.05
PLANTS = 130
KINDS = 14
ATTACKS = (
    "none", "boost", "lockstep", "camouflage", "smear", "one-shot", "two-orders", "three-orders", "small-rings",
    "served-rings", "forged", "all-forged", "forged-camouflage", "forged-few",
)  # fmt: skip
WORLDS = ("plain", "fives", "villages")
_FORGED = {"forged": 0.4, "all-forged": 1.0, "forged-camouflage": 0.4, "forged-few": 0.4}
_USES = {"one-shot": (1, 15), "two-orders": (2, 30), "three-orders": (3, 30), "forged-few": (2.5, 15)}
_LEVELS = ("county", "city", "province", "national")


@dataclass
class Drawn:
    """Orders while they are drawn: batches of columns of equal length."""

    batches: list[dict[str, Column]] = field(default_factory=list)
    accounts: int = 0

    def add(self, **batch: Column) -> None:
        """Append one batch."""
        self.batches.append(batch)

    def column(self, name: str) -> Column:
        """All batches of one column."""
        return np.concatenate([batch[name] for batch in self.batches])

    def opened(self, count: int) -> Column:
        """Number `count` new accounts."""
        self.accounts += count
        return np.arange(self.accounts - count, self.accounts)


@dataclass(frozen=True)
class World:
    """The tables of a city; what nobody sees: merit, ring members, pioneers of factories."""

    ratings: Ratings
    activities: Activities
    honours: Honours
    merit: Column
    ring: Column
    factory: Column


def world(seed: int, attack: str = "none", kind: str = "plain", *, known: bool = False) -> World:
    """Draw a city of `kind` under `attack`; `known` tells age and identity of accounts."""
    base, rng = np.random.default_rng(seed), np.random.default_rng([seed, 7, ATTACKS.index(attack)])
    merit = base.normal(size=PIONEERS)
    shown = {name: 0.92 * merit + 0.4 * base.normal(size=PIONEERS) for name in ("stars", "speed", "yuan")}
    home = base.integers(0, 90 if kind != "villages" else 135, PIONEERS)
    factory = np.zeros(PIONEERS, bool)
    drawn = Drawn()
    if kind == "fives":
        factory = base.random(PIONEERS) < 0.25
    _honest(base, drawn, kind, merit, shown, home, factory)
    honest = drawn.accounts
    ring = rng.choice(np.argsort(merit)[: PIONEERS * 6 // 10], int(RING * PIONEERS), replace=False)
    _attacked(rng, drawn, attack, ring, merit, shown, kind)
    shared = base.poisson(np.exp(-1.3 + 0.6 * merit))
    held = np.flatnonzero(base.random(PIONEERS) < 0.03 * np.exp(0.6 * merit))
    finished = np.floor(drawn.column("finished"))
    ratings = Ratings.of(
        order=np.arange(len(finished)),
        pioneer=drawn.column("pioneer"),
        rater=drawn.column("rater"),
        created=finished - np.floor(drawn.column("wait")),
        finished=finished,
        stars=drawn.column("stars"),
        benefit_yuan=drawn.column("yuan"),
        verified=drawn.column("verified"),
        category=drawn.column("category"),
        **(_accounts(rng, drawn, honest) if known else {}),
    )
    return World(
        ratings,
        Activities.of(np.repeat(np.arange(PIONEERS), shared), base.integers(0, DAYS, shared.sum())),
        Honours.of(held, base.choice(_LEVELS, len(held), p=[0.6, 0.28, 0.1, 0.02]), np.zeros(len(held))),
        merit,
        np.isin(np.arange(PIONEERS), ring),
        factory,
    )


def _honest(
    rng: Rng, drawn: Drawn, kind: str, merit: Column, shown: dict[str, Column], home: Column, factory: Column
) -> None:
    """Orders of residents near home or anywhere, and of factories' workers with the pioneers of their factory."""
    pull = np.exp(0.35 * merit + 1.0 * rng.normal(size=PIONEERS))
    raters = drawn.opened(int(2.6 * PIONEERS))
    busy = np.exp(1.15 * rng.normal(size=len(raters)))
    rater = rng.choice(len(raters), ORDERS, p=busy / busy.sum())
    at_home = rng.random(ORDERS) < (0.75 if kind == "villages" else 0.5)
    pioneer = rng.choice(PIONEERS, ORDERS, p=pull / pull.sum())
    houses = int(home.max()) + 1
    lives = rng.integers(0, houses, len(raters))
    for house in range(houses):
        rows = np.flatnonzero(at_home & (lives[rater] == house))
        near = np.flatnonzero(home == house)
        pioneer[rows] = rng.choice(near, len(rows), p=pull[near] / pull[near].sum())
    works = np.full(len(raters), -1)
    if factory.any():
        belongs = rng.integers(0, PLANTS, PIONEERS)
        at_work = rng.random(len(raters)) < 0.3
        works[at_work] = rng.integers(0, PLANTS, at_work.sum())
        for plant in range(PLANTS):
            rows = np.flatnonzero((works[rater] == plant) & (rng.random(ORDERS) < 0.9))
            own = np.flatnonzero(factory & (belongs == plant))
            pioneer[rows] = rng.choice(own, len(rows), p=pull[own] / pull[own].sum())
    level = {"plain": 4.3, "fives": 5.6, "villages": 4.3}[kind]
    severity = (0.5 if kind != "fives" else 0.4) * rng.normal(size=len(raters))
    severity = np.where(works >= 0, severity - 0.6, severity)
    _served(rng, drawn, pioneer, rater, shown, level, severity[rater])


def _served(
    rng: Rng,
    drawn: Drawn,
    pioneer: Column,
    rater: Column,
    shown: dict[str, Column],
    level: float,
    severity: Column,
) -> None:
    """Real service: what a rater feels, waits and gains follows the pioneer's hidden sides."""
    n = len(pioneer)
    category = rng.integers(0, KINDS, n)
    felt = level + 0.6 * shown["stars"][pioneer] - severity + 0.75 * rng.normal(size=n)
    verified = rng.random(n) < (0.2 + 0.3 * (category % 3) / 2)
    yuan = np.exp(7.3 + 0.6 * shown["yuan"][pioneer] + 1.1 * rng.normal(size=n))
    drawn.add(
        pioneer=pioneer,
        rater=rater,
        category=category,
        stars=np.clip(np.round(felt), 1, 5).astype(int),
        wait=np.exp(0.9 - 0.45 * shown["speed"][pioneer] + 0.9 * rng.normal(size=n)),
        finished=rng.uniform(40, DAYS, n),
        yuan=np.where(verified | (rng.random(n) < 0.2), yuan, np.nan),
        verified=verified,
    )


def _invented(
    rng: Rng, drawn: Drawn, pioneer: Column, rater: Column, stars: Column | int, forged: float = 0.0
) -> None:
    """Orders that never were: quick, of the last year, unverified unless forged."""
    n = len(pioneer)
    verified = rng.random(n) < forged
    drawn.add(
        pioneer=pioneer,
        rater=rater,
        category=rng.integers(0, KINDS, n),
        stars=np.broadcast_to(stars, n).astype(int),
        wait=np.exp(0.2 + 0.4 * rng.normal(size=n)),
        finished=rng.uniform(DAYS / 2, DAYS, n),
        yuan=np.where(verified | (rng.random(n) < 0.4), np.exp(9 + 0.5 * rng.normal(size=n)), np.nan),
        verified=verified,
    )


def _attacked(
    rng: Rng, drawn: Drawn, attack: str, ring: Column, merit: Column, shown: dict[str, Column], kind: str
) -> None:
    """Add what the ring does: 15 invented orders each, by accounts that are shared, split, hidden or thrown away."""
    if attack == "none":
        return
    each, forged = 15, _FORGED.get(attack, 0.0)
    if attack in _USES:
        uses, each = _USES[attack]
        accounts = drawn.opened(int(len(ring) * each / uses))
        rater = np.resize(rng.permutation(accounts), len(ring) * each)
        _invented(rng, drawn, np.repeat(ring, each), rater, 5, forged)
        return
    group = {"small-rings": 6, "served-rings": 5, "lockstep": 15}.get(attack, 45)
    accounts = drawn.opened(len(ring))
    for first in range(0, len(ring), group):
        members, own = ring[first : first + group], accounts[first : first + group]
        times = each if attack == "lockstep" else min(each, len(own))
        for at, member in enumerate(members):
            choice = rng.permutation(own)[:times] if attack != "lockstep" else np.resize(own, times)
            if attack in ("small-rings", "served-rings"):
                choice = np.resize(np.delete(own, at), each // 2 if attack == "small-rings" else 8)
            _invented(rng, drawn, np.full(len(choice), member), choice, 5, forged)
    if attack in ("camouflage", "forged-camouflage"):
        others = rng.integers(0, PIONEERS, len(ring) * each)
        _invented(
            rng,
            drawn,
            others,
            np.repeat(accounts, each),
            rng.choice([3, 4, 5], len(others), p=[0.2, 0.3, 0.5]),
            forged,
        )
    if attack == "small-rings":  # seven in ten of what these accounts rate is real service
        real = int(len(ring) * (each // 2) * 7 / 3)
        level = 5.6 if kind == "fives" else 4.3
        _served(
            rng, drawn, rng.integers(0, PIONEERS, real), rng.choice(accounts, real), shown, level,
            0.5 * rng.normal(size=real),
        )  # fmt: skip
    if (
        attack == "served-rings"
    ):  # seven in ten of what these pioneers get is real; their accounts rate others too
        level = 5.6 if kind == "fives" else 4.3
        who = np.repeat(ring, 14)
        outside = rng.integers(0, accounts[0], len(who))
        _served(rng, drawn, who, outside, shown, level, 0.5 * rng.normal(size=len(who)))
        who = rng.integers(0, PIONEERS, len(ring) * 12)
        _served(rng, drawn, who, np.repeat(accounts, 12), shown, level, 0.5 * rng.normal(size=len(who)))
    if attack == "smear":
        rivals = rng.choice(np.argsort(merit)[-PIONEERS // 5 :], len(ring))
        _invented(rng, drawn, rng.choice(rivals, len(ring) * each), np.repeat(accounts, each), 1)


def _accounts(rng: Rng, drawn: Drawn, honest: int) -> dict[str, Column]:
    """Age and identity: half the residents are checked; a ring's accounts are young and hardly ever checked."""
    rater, day = drawn.column("rater"), drawn.column("finished")
    first = np.full(drawn.accounts, float(DAYS))
    np.minimum.at(first, rater, day)
    false = np.arange(drawn.accounts) >= honest
    age = np.where(false, rng.uniform(0, 30, drawn.accounts), rng.exponential(160, drawn.accounts))
    checked = rng.random(drawn.accounts) < np.where(false, 0.05, 0.55)
    return {"rater_since": np.floor(first - 10 - age)[rater], "rater_checked": checked.astype(float)[rater]}
