"""Where a pioneer stands, and why. The index is public: these answers are the same whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Handling
from xianfeng.matters.states import LIVE_PUBLIC
from xianfeng.recognition.merit import formula
from xianfeng.recognition.merit.models import Account, Month, Place, Ring, Run

PARTS = ("quality", "volume", "response", "benefit", "knowledge", "honours")
WHOLE = 100.0


@dataclass(frozen=True)
class PartStanding:
    """One of the six parts, in points: the pioneer's, the most there is, the city's median.

    `code`: quality, volume, response, benefit, knowledge or honours.
    """

    code: str
    points: float
    most: float
    median: float


@dataclass(frozen=True)
class Standing:
    """The index of a pioneer as the last run left it. `half_width`: half of an eight-in-ten interval, in points.

    `orders` rated so far; `evidence`: how many full, fresh, independent orders they amount to.
    """

    index: float
    index_without_honours: float
    half_width: float
    version: str
    as_of: datetime
    parts: list[PartStanding]
    orders: int
    evidence: float


def standing(pioneer: Pioneer) -> Standing | None:
    """Return where `pioneer` stands, None before the first run; one statement (the city's medians)."""
    if pioneer.index is None or pioneer.index_without_honours is None or pioneer.index_as_of is None:
        return None
    run = Run.objects.order_by("-id").only("medians", "as_of").first()
    medians = run.medians if run else {}
    own, most = pioneer.index_parts, mosts(pioneer.index_version)
    return Standing(
        index=pioneer.index,
        index_without_honours=pioneer.index_without_honours,
        half_width=pioneer.index_interval or 0.0,
        version=pioneer.index_version,
        as_of=run.as_of if run else pioneer.index_as_of,
        parts=[PartStanding(code, own[code], most[code], medians.get(code, own[code])) for code in PARTS],
        orders=own["orders"],
        evidence=own["evidence"],
    )


def mosts(version: str) -> dict[str, float]:
    """Return the most points of each part; quality has what the others leave of the hundred."""
    constants = formula.load(version)
    others = {
        "volume": constants.volume_most,
        "response": constants.response_most,
        "benefit": constants.benefit_most,
        "knowledge": constants.knowledge_points * constants.knowledge_most,
        "honours": constants.honours_most,
    }
    return {"quality": WHOLE - sum(others.values()), **others}


@dataclass(frozen=True)
class OrderPoints:
    """What one rated order added, in points, and from what: whole stars, days from claim to report, verified yuan.

    `number` and `title` are empty where the matter is not public any more.
    """

    handling_id: int
    number: str
    title: str
    stars: int
    wait_days: float
    verified_yuan: float | None
    weight: float
    quality: float
    volume: float
    response: float
    benefit: float

    @property
    def total(self) -> float:
        """Points over all parts."""
        return self.quality + self.volume + self.response + self.benefit


@dataclass(frozen=True)
class HonourPoints:
    """What one honour in force added, in points; an id below nothing is an honour without a recognition."""

    recognition_id: int
    level: str
    points: float


@dataclass(frozen=True)
class ActivityPoints:
    """What one achievement or live broadcast added, in points."""

    activity_id: int
    kind: str
    points: float


@dataclass(frozen=True)
class Explained:
    """The index taken apart: `base` + the points of every order, honour and activity = index (to 1e-9)."""

    standing: Standing
    base: float
    orders: list[OrderPoints]
    honours: list[HonourPoints]
    activities: list[ActivityPoints]

    @property
    def total(self) -> float:
        """The sum of all that is told here, which is the index."""
        given = sum(one.total for one in self.orders)
        given += sum(one.points for one in self.honours) + sum(one.points for one in self.activities)
        return self.base + given


def explain(pioneer: Pioneer) -> Explained | None:
    """Return what the index of `pioneer` is made of, as of the last run; None before the first. Three statements."""
    stands = standing(pioneer)
    if stands is None:
        return None
    account = Account.objects.filter(pioneer=pioneer).first()
    rows = account.orders if account else []
    told = _told([row[0] for row in rows])
    return Explained(
        standing=stands,
        base=base(stands.version),
        orders=[OrderPoints(row[0], *told.get(row[0], ("", "")), *row[1:]) for row in rows],
        honours=[HonourPoints(*row) for row in (account.honours if account else [])],
        activities=[ActivityPoints(*row) for row in (account.activities if account else [])],
    )


def base(version: str) -> float:
    """Return the index of somebody of whom nothing is known."""
    constants = formula.load(version)
    return constants.quality_base + constants.response_base + constants.benefit_base


def _told(handling_ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Handling.objects.filter(pk__in=handling_ids, matter__state__in=LIVE_PUBLIC)
    return {
        one: (number, title)
        for one, number, title in rows.values_list("id", "matter__number", "matter__title")
    }


def indexes_without_honours(pioneer_ids: Sequence[int]) -> dict[int, float]:
    """Return what award rounds use, by pioneer, as of the last run; who was not scored yet is left out."""
    rows = Pioneer.objects.filter(pk__in=pioneer_ids, index_without_honours__isnull=False)
    return {one: index or 0.0 for one, index in rows.values_list("id", "index_without_honours")}


def month_edition(month: date, edition: int | None = None) -> Month | None:
    """Return an edition of the month that `month` lies in (the last one unless named), None if there is none."""
    rows = Month.objects.filter(month=month.replace(day=1))
    return rows.filter(edition=edition).first() if edition else rows.order_by("-edition").first()


def month_ranking(
    month: date, *, edition: int | None = None, area_id: int | None = None,
    organisation_id: int | None = None, kind: str = "",
) -> QuerySet[Place]:  # fmt: skip
    """Return the frozen places of a month, best first by the index without honours; empty before it was closed.

    `area_id` keeps pioneers anywhere within that area, `organisation_id` those of one mass organisation,
    `kind` individuals or collectives. `rank` stays the rank in the whole city. Each place brings its pioneer.
    """
    found = month_edition(month, edition)
    rows = Place.objects.filter(month=found).select_related("pioneer").order_by("rank")
    if area_id is not None:
        rows = rows.filter(pioneer__area__path__contains=[area_id])
    if organisation_id is not None:
        rows = rows.filter(pioneer__organisation_id=organisation_id)
    return rows.filter(pioneer__kind=kind) if kind else rows


def rings(pioneers: QuerySet[Pioneer] | None = None) -> QuerySet[Ring]:
    """Return the rings of raters of the last look, most doubted first; of `pioneers` only, unless None. For staff."""
    rows = Ring.objects.order_by("id")
    if pioneers is None:
        return rows
    return rows.filter(pioneers__overlap=list(pioneers.values_list("id", flat=True)))
