"""u: how independent a rater is of a pioneer's other raters; see formula.independence, which this is held against."""

import ibis
import numpy as np
from ibis import _
from ibis.expr.types import Table

from xianfeng.recognition.merit.formula import Constants
from xianfeng.recognition.merit.formula.independence import block_size
from xianfeng.recognition.merit.formula.yardsticks import Yardsticks
from xianfeng.recognition.merit.scratch.engines import Engine, columns, values

RATERS = 2**31  # more raters than there will be; two of them make one key


def doubted(engine: Engine, couples: Table, constants: Constants, yardsticks: Yardsticks) -> Table:
    """Return the couples with `u` in (0, 1]; only pairs of raters who share more than is free are looked at twice."""
    met = engine.keep(_blocked(couples, constants, yardsticks))
    pairs = engine.keep(_sharing(met))
    rate = yardsticks.take("sharing", lambda: _usual_rate(met, pairs))
    dense = engine.keep(_suspect(pairs, rate, constants))
    doubt = engine.keep(_by_couple(met, dense))
    cut = constants.ring_cut
    told = couples.left_join(doubt, ["p", "r"]).mutate(g=_.g.fill_null(0.0))
    found = engine.keep(told.select("p", "r", "n", "d", u=1 / (1 + (_.g / cut) * (_.g / cut))))
    for table in (met, pairs, dense, doubt):
        engine.drop(table)
    return found


def _blocked(couples: Table, constants: Constants, yardsticks: Yardsticks) -> Table:
    """Raters of more than one pioneer, in the blocks within which they are compared."""
    busy = couples.filter(_.d > 1)
    sizes = busy.group_by("p").agg(n=_.count())
    size = int(
        yardsticks.take("block", lambda: block_size(np.asarray(columns(sizes)["n"], np.int64), constants))
    )
    marked = busy.join(_marks(couples), "r")
    place = ibis.row_number().over(group_by="p", order_by=["first", "second", "r"])
    return marked.mutate(block=(place / size).floor().cast("int64")).select("p", "block", "r", "d")


def _marks(couples: Table) -> Table:
    """For every rater the two least-rated pioneers among theirs (ties by id)."""
    popular = couples.group_by("p").agg(n=_.count())
    ranked = popular.select("p", rank=ibis.row_number().over(order_by=["n", "p"]))
    own = couples.select("p", "r").join(ranked, "p")
    least = own.group_by("r").agg(first=_.rank.min())
    others = own.join(least, "r").filter(_.rank != _.first).group_by("r").agg(second=_.rank.min())
    last = ibis.literal(np.iinfo(np.int64).max)
    return least.left_join(others, "r").select("r", "first", second=_.second.coalesce(last))


def _sharing(met: Table) -> Table:
    """Pairs of raters who met at two pioneers or more: how many they share, and how many they could."""
    own, other = met.select("block", "p", "r"), met.select(block2="block", p2="p", r2="r")
    pairs = own.join(other, [own.p == other.p2, own.block == other.block2, own.r < other.r2])
    keyed = pairs.select(key=_.r * RATERS + _.r2).group_by("key").agg(c=_.count()).filter(_.c > 1)
    both = keyed.select("c", r=(_.key / RATERS).floor().cast("int64"), r2=_.key % RATERS)
    degrees = met.select("r", "d").distinct()
    both = both.join(degrees, "r").join(degrees.select(r2="r", d2="d"), "r2")
    return both.select("r", "r2", "c", usual=(_.d - 1) * (_.d2 - 1))


def _usual_rate(met: Table, pairs: Table) -> float:
    """K: pairs that met once need no list; what they could share follows from each block's sums."""
    blocks = met.group_by(["p", "block"]).agg(
        s=(_.d - 1).cast("float64").sum(), q=((_.d - 1) * (_.d - 1)).cast("float64").sum()
    )
    whole = values(blocks.agg(e=((_.s * _.s - _.q) / 2).sum()))["e"]
    twice = values(
        pairs.agg(c=(_.c - 1).cast("float64").sum(), e=((_.c - 1) * _.usual).cast("float64").sum())
    )
    expected = whole - twice["e"]
    return twice["c"] / expected if expected else 0.0


def _suspect(pairs: Table, rate: float, constants: Constants) -> Table:
    """Pairs that share more than is free, with the score of their excess."""
    some = pairs.filter(_.c > constants.shared_free).mutate(root=_.usual.cast("float64").sqrt())
    most = ibis.least(constants.shared_usual * rate * some.usual, constants.shared_most * some.root)
    scored = some.mutate(s=(some.c - constants.shared_free - most) / (some.root + constants.shared_spread))
    return scored.filter(_.s > 0).select("r", "r2", "s")


def _by_couple(met: Table, dense: Table) -> Table:
    """g: what a rater's pairs add at each pioneer where they meet."""
    both = dense.select("r", "r2", "s").union(dense.select(r=_.r2, r2=_.r, s=_.s))
    names = dense.select("r").union(dense.select(r=_.r2)).distinct()
    few = met.semi_join(names, "r")
    other = few.select(p2="p", block2="block", r2="r")
    meets = few.join(other, [few.p == other.p2, few.block == other.block2, few.r != other.r2])
    meets = meets.select("p", "r", "r2")
    return meets.join(both, ["r", "r2"]).group_by(["p", "r"]).agg(g=_.s.sum())
