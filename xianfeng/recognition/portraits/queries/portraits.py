"""One portrait whole, of an individual, a collective or a candidate. Each begins from who is asking."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer, Recognition
from xianfeng.matters.models import Handling
from xianfeng.matters.states import LIVE_PUBLIC
from xianfeng.recognition.honours import queries as honours
from xianfeng.recognition.honours import rules
from xianfeng.recognition.honours.models import Candidacy, Dossier, Honour, Item
from xianfeng.recognition.merit import queries as merit
from xianfeng.recognition.portraits.queries.chains import Chain, chains_of
from xianfeng.recognition.portraits.queries.counted import Counted, counted
from xianfeng.recognition.portraits.queries.course import Point, course_of, months_back

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Portrait:
    """What is known of somebody as of `at`. `months`: the first days of the course's months, oldest first.

    Either `pioneer` or `dossier` (a candidate whom no organisation has recognised yet) is there, or both.
    """

    at: datetime
    months: list[date]
    counted: Counted
    pioneer: Pioneer | None = None
    dossier: Dossier | None = None
    standing: merit.Standing | None = None
    course: list[Point] = field(default_factory=list)
    services: list[Handling] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    honours: list[Honour] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return individual, collective or candidate."""
        return self.pioneer.kind if self.pioneer else "candidate"

    @property
    def name(self) -> str:
        """Return whose portrait it is."""
        if self.pioneer:
            return str(self.pioneer.name)
        return self.dossier.name if self.dossier else ""


def numbers() -> dict[str, int]:
    """Return the room's limits (catalogue/portraits.toml)."""
    found: dict[str, int] = catalogue.load("portraits")["limits"]
    return found


def public_portrait(person: Person | None, pioneer_id: int) -> Portrait:
    """Return the portrait of a pioneer whom `person` may see; eight statements. Raises Missing."""
    return of_pioneer(people.pioneer_for(person, pioneer_id))


def of_pioneer(pioneer: Pioneer, dossier: Dossier | None = None) -> Portrait:
    """Return the portrait of a pioneer, in seven statements, however much they did."""
    at, limits = clock.now(), numbers()
    months = months_back(timezone.localdate(at), limits["months"])
    return Portrait(
        at=at, months=months, pioneer=pioneer, dossier=dossier,
        counted=counted(pioneer.pk, None, since=_start(months[0]), year=at - YEAR, at=at),
        standing=merit.standing(pioneer), course=course_of(pioneer.pk, months[0]),
        services=_services(Handling.objects.filter(pioneer=pioneer), limits["services"]),
        chains=chains_of(pioneer.pk, limits["chained"]), honours=honours.honours_of(pioneer),
        recognitions=_recognitions(pioneer, at),
    )  # fmt: skip


def of_candidate(dossier: Dossier) -> Portrait:
    """Return the portrait of a candidate who is nobody's pioneer yet, from their file; three statements."""
    at, limits = clock.now(), numbers()
    months = months_back(timezone.localdate(at), limits["months"])
    items = list(dossier.items.filter(removed_at=None).order_by(F("happened_on").desc(nulls_last=True), "id"))
    named = Handling.objects.filter(matter__in=[one.matter_id for one in items if one.matter_id])
    return Portrait(
        at=at, months=months, dossier=dossier, items=items,
        counted=counted(None, dossier.pk, since=_start(months[0]), year=at - YEAR, at=at),
        services=_services(named, limits["services"]),
    )  # fmt: skip


def of_dossier(by: Person, dossier_id: int) -> Portrait:
    """Return the portrait behind a file that `by` keeps, a candidate's or by now a pioneer's. Raises Missing."""
    rows = Dossier.objects.select_related(
        "pioneer__organisation", "pioneer__area", "organisation", "area", "person"
    ).defer("area__boundary", "pioneer__area__boundary")
    dossier = rows.filter(pk=dossier_id).first()
    if dossier is None or not rules.keeps(by, dossier):
        raise Missing
    return of_pioneer(dossier.pioneer, dossier) if dossier.pioneer else of_candidate(dossier)


def candidacies_within(
    by: Person, round_id: int | None = None, held: list[int | None] | None = None
) -> "QuerySet[Candidacy]":
    """Return the candidacies of rounds that `by` runs, with all that a portrait asks of them.

    `held`: see rules.own. `declared` on each: how many declared in its round.
    """
    run = honours.rounds_run_by(by, held).order_by().values("pk")
    rows = Candidacy.objects.filter(round__in=run).exclude(state="withdrawn")
    rows = rows.filter(round=round_id) if round_id else rows
    alike = Candidacy.objects.filter(round=OuterRef("round")).exclude(state="withdrawn").order_by()
    rows = rows.annotate(declared=Subquery(alike.values("round").annotate(n=Count("pk")).values("n")))
    joined = rows.select_related(
        "round__organisation", "round__area", "dossier", "pioneer__organisation", "pioneer__area"
    )
    return joined.defer("round__area__boundary", "pioneer__area__boundary").order_by("id")


def _start(month: date) -> datetime:
    return timezone.make_aware(datetime(month.year, month.month, 1))  # noqa: DTZ001 - made aware of the city's zone


def _services(rows: "QuerySet[Handling]", most: int) -> list[Handling]:
    """Return what was done and anybody may see, newest first."""
    seen = rows.filter(outcome="done", matter__state__in=LIVE_PUBLIC, matter__hidden=False)
    joined = seen.select_related("matter__requester", "matter__firm", "rating")
    return list(joined.order_by("-claimed_at", "-id")[:most])


def _recognitions(pioneer: Pioneer, at: datetime) -> list[Recognition]:
    rows = Recognition.objects.filter(pioneer=pioneer, suspended_at=None).exclude(until__lte=at)
    return list(rows.select_related("organisation").order_by("-since", "-id"))
