"""What is counted: the columns of the sums, what a fact adds to which day, and which sums are kept.

Everything that counts matters is made from this page: the consumer, the rebuild, the check, the rows behind a figure.
"""

from dataclasses import dataclass, field

from xianfeng.foundation.kernel import catalogue

BUCKETS = 16  # columns of each histogram; their bounds are data
SATISFIED = 12  # of 15 stars: four of five on average
NOW = "DATE '0001-01-01'"  # the day of what stands at this moment

# Whole counts, in the order of the table.
WHOLE = (
    "waiting", "late", "in_hand", "unrated",
    "raised", "owed", "settled", "taken", "done", "closed", "rated", "satisfied", "stars", "listed",
    "benefit_yuan", "benefits", "jobs",
)  # fmt: skip
HISTOGRAMS = {"take": "taken_minutes", "settle": "done_minutes"}
COUNTED = (*WHOLE, *(f"{kind}_{n:02d}" for kind in HISTOGRAMS for n in range(BUCKETS)))

WAITING = "f.state IN ('raised', 'offered', 'open')"
LIVE = "f.state IN ('raised', 'offered', 'open', 'taken', 'done')"


@dataclass(frozen=True)
class Mark:
    """What a fact `f` adds on one of its days: columns with the SQL of their amounts."""

    day: str
    adds: dict[str, str]


def _histogram(kind: str) -> dict[str, str]:
    minutes = f"f.{HISTOGRAMS[kind]}"
    return {
        f"{kind}_{n:02d}": f"(width_bucket({minutes}, %(bounds)s::int[]) = {n})::int" for n in range(BUCKETS)
    }


MARKS = (
    Mark("f.raised_on", {
        "raised": "1",
        "owed": "(f.state NOT IN ('withdrawn', 'declined', 'merged'))::int",
        "settled": "(f.state = 'closed')::int",
    }),
    Mark("f.taken_on", {"taken": "1", **_histogram("take")}),
    Mark("f.done_on", {"done": "1", **_histogram("settle")}),
    Mark("f.closed_on", {"closed": "1"}),
    Mark("f.rated_on", {"rated": "1", "satisfied": f"(f.stars >= {SATISFIED})::int", "stars": "f.stars"}),
    Mark("f.listed_on", {"listed": "1"}),
    Mark("f.benefit_on", {"benefit_yuan": "f.benefit_yuan", "benefits": "1", "jobs": "f.jobs"}),
)  # fmt: skip
STANDING = Mark(f"CASE WHEN {LIVE} THEN {NOW} END", {
    "waiting": f"({WAITING})::int", "late": "f.late::int", "in_hand": "(f.state = 'taken')::int",
    "unrated": "(f.state = 'done')::int",
})  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """One set of sums: the grain ('d' day, 'm' month, 'n' now), what it tells apart, down to which level.

    Levels: 1 city, 2 county, 3 town, 4 village.
    """

    grain: str
    service: bool = False
    category: bool = False
    organisation: bool = False
    deepest: int = field(default=3, compare=False)

    @property
    def number(self) -> int:
        """Return the number under which its rows are kept."""
        return "dmn".index(self.grain) * 8 + self.service + 2 * self.category + 4 * self.organisation


def _cuts() -> tuple[Cut, ...]:
    cuts = []
    for grain in "dmn":
        for bits in range(8):
            told = bits.bit_count()
            if grain == "d" and told > 1:
                continue  # a day of a town has hardly two matters alike: such sums would be as many as the matters
            deepest = {0: 4, 1: 4}.get(told, 3) if grain != "d" else {0: 4, 1: 3}[told]
            cuts.append(Cut(grain, bool(bits & 1), bool(bits & 2), bool(bits & 4), deepest))
    return tuple(cuts)


CUTS = _cuts()


def bounds() -> list[int]:
    """Return the upper bounds of the buckets, in minutes; the last bucket has none."""
    return [int(minutes) for minutes in catalogue.load("cockpit/board")["minutes"]["bounds"]]


@dataclass(frozen=True)
class Rows:
    """The facts `f` behind a column: the day by which they count (None: as they stand now), and which of them."""

    day: str | None
    where: str = "true"


ROWS: dict[str, Rows] = {
    "waiting": Rows(None, WAITING),
    "late": Rows(None, f"f.late AND {LIVE}"),
    "in_hand": Rows(None, "f.state = 'taken'"),
    "unrated": Rows(None, "f.state = 'done'"),
    "raised": Rows("raised_on"),
    "owed": Rows("raised_on", "f.state NOT IN ('withdrawn', 'declined', 'merged')"),
    "settled": Rows("raised_on", "f.state = 'closed'"),
    "taken": Rows("taken_on"),
    "done": Rows("done_on"),
    "closed": Rows("closed_on"),
    "rated": Rows("rated_on"),
    "satisfied": Rows("rated_on", f"f.stars >= {SATISFIED}"),
    "stars": Rows("rated_on"),
    "listed": Rows("listed_on"),
    "benefit_yuan": Rows("benefit_on"),
    "benefits": Rows("benefit_on"),
    "jobs": Rows("benefit_on", "f.jobs > 0"),
}
