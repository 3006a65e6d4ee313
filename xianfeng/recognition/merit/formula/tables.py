"""What goes into the formula and what comes out: columns of equal length, one row an order or a pioneer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ids = NDArray[np.generic]

LEVELS = ("county", "city", "province", "national")


def summed(at: Ints, values: Floats, count: int) -> Floats:
    """Sum values over the positions they belong to: `count` sums, 0 where nothing belongs."""
    return np.bincount(at, values, count).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True)
class Ratings:
    """One row a rated order; days on one axis; blank numbers are NaN.

    order, pioneer, rater: ids (all text or all whole numbers); created, finished: days; stars: 1 to 5;
    benefit_yuan: NaN where none; verified: whether that benefit was checked;
    category: what kind of service, as verifying is commoner in some; one kind if not given;
    rater_since: day the account was opened, NaN unknown; rater_checked: 1, 0, NaN unknown.
    """

    order: Ids
    pioneer: Ids
    rater: Ids
    created: Floats
    finished: Floats
    stars: Ints
    benefit_yuan: Floats
    verified: NDArray[np.bool_]
    category: Ids
    rater_since: Floats
    rater_checked: Floats

    @classmethod
    def of(
        cls,
        *,
        order: ArrayLike,
        pioneer: ArrayLike,
        rater: ArrayLike,
        created: ArrayLike,
        finished: ArrayLike,
        stars: ArrayLike,
        benefit_yuan: ArrayLike,
        verified: ArrayLike,
        category: ArrayLike | None = None,
        rater_since: ArrayLike | None = None,
        rater_checked: ArrayLike | None = None,
    ) -> "Ratings":
        """Build the columns from anything numpy reads. Raises ValueError on impossible lengths or values."""
        unknown = np.full(len(np.asarray(order)), np.nan)
        made = cls(
            order=np.asarray(order),
            pioneer=np.asarray(pioneer),
            rater=np.asarray(rater),
            created=np.asarray(created, float),
            finished=np.asarray(finished, float),
            stars=np.asarray(stars, np.int64),
            benefit_yuan=np.asarray(benefit_yuan, float),
            verified=np.asarray(verified, bool),
            category=np.zeros(len(unknown), np.int64) if category is None else np.asarray(category),
            rater_since=unknown if rater_since is None else np.asarray(rater_since, float),
            rater_checked=unknown if rater_checked is None else np.asarray(rater_checked, float),
        )
        if len({len(getattr(made, name)) for name in cls.__slots__}) > 1:
            raise ValueError("the columns of ratings differ in length")
        if np.any((made.stars < 1) | (made.stars > 5)):
            raise ValueError("stars are 1 to 5")
        if not np.all(np.isfinite(made.created) & np.isfinite(made.finished)):
            raise ValueError("created and finished must be days")
        return made

    def taken(self, rows: NDArray[np.generic]) -> "Ratings":
        """The given rows (mask or positions) as a table of their own."""
        return Ratings(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Activities:
    """Achievements and live broadcasts: whose, and on which day."""

    pioneer: Ids
    day: Floats

    @classmethod
    def of(cls, pioneer: ArrayLike = (), day: ArrayLike = ()) -> "Activities":
        """Build the columns; no arguments mean none."""
        return cls(np.asarray(pioneer), np.asarray(day, float))


@dataclass(frozen=True, slots=True)
class Honours:
    """Honours held: whose, of which level (position in LEVELS), since which day."""

    pioneer: Ids
    level: Ints
    day: Floats

    @classmethod
    def of(cls, pioneer: ArrayLike = (), level: ArrayLike = (), day: ArrayLike = ()) -> "Honours":
        """Build the columns; `level` holds names of LEVELS. Raises ValueError on an unknown one."""
        levels = [LEVELS.index(str(name)) for name in np.asarray(level).tolist()]
        return cls(np.asarray(pioneer), np.asarray(levels, np.int64), np.asarray(day, float))


@dataclass(frozen=True, slots=True)
class OrderShares:
    """What each order up to today adds, in points; sorted by pioneer, then rater."""

    order: Ids
    pioneer: Ids
    weight: Floats
    quality: Floats
    volume: Floats
    response: Floats
    benefit: Floats

    @property
    def total(self) -> Floats:
        """Points of each order over all parts."""
        return self.quality + self.volume + self.response + self.benefit


@dataclass(frozen=True, slots=True)
class Explanation:
    """`base` + the orders' shares + the shares of activities and honours = the index, per pioneer to 1e-9."""

    base: float
    orders: OrderShares
    activities: Floats
    honours: Floats


@dataclass(frozen=True, slots=True)
class Effects:
    """The solved system, to start the next solution from: severity of each rater in star values."""

    rater: Ids
    severity: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """The index of every pioneer named in any table, sorted by id; points except where said."""

    version: str
    today: float
    pioneer: Ids
    quality: Floats
    volume: Floats
    response: Floats
    benefit: Floats
    knowledge: Floats
    honours: Floats
    weight: Floats
    """Evidence: how many full, fresh, independent orders stand behind the index."""
    half_width: Floats
    """Half of a rough interval of eight in ten, in points."""
    effects: Effects
    means: Mapping[str, float]
    """The city's yardsticks it was measured with, by name (formula.yardsticks)."""
    explanation: Explanation | None = None

    def told(self, ratings: Ratings, rows: Ints) -> "Scores":
        """The same, with the explanation's orders named as they are in the ratings given."""
        if self.explanation is None:
            return self
        named = replace(self.explanation.orders, order=ratings.order[rows], pioneer=ratings.pioneer[rows])
        return replace(self, explanation=replace(self.explanation, orders=named))

    @property
    def total_without_honours(self) -> Floats:
        """What award rounds use, so that honours do not breed honours."""
        return self.quality + self.volume + self.response + self.benefit + self.knowledge

    @property
    def total(self) -> Floats:
        """The index, 0 to 100."""
        return self.total_without_honours + self.honours
