"""Reads of rounds, files and honours; each begins from who is asking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Person, Pioneer, Recognition
from xianfeng.matters.models import Handling, Offer, Rating
from xianfeng.recognition.honours import eligibility, rules, titles
from xianfeng.recognition.honours.models import (
    Candidacy,
    Dossier,
    Grade,
    GradeReview,
    Honour,
    Item,
    Objection,
    Reviewer,
    Round,
)
from xianfeng.recognition.honours.states import BLIND, PUBLIC, SHOWN, RoundState
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.queries import achievements as showcase


def _with_giver(rows: "QuerySet[Round]") -> "QuerySet[Round]":
    return rows.select_related("organisation", "area").defer("area__boundary")


def rounds_run_by(by: Person, held: Collection[int | None] | None = None) -> "QuerySet[Round]":
    """Return the rounds `by` runs, newest first; staff of the city see all. `held`: see rules.own."""
    return _with_giver(Round.objects.filter(rules.own(by, held))).order_by("-opens_at", "-id")


def run_by(by: Person, pk: int, held: Collection[int | None] | None = None) -> Round:
    """Return one of the rounds `by` runs. Raises Missing."""
    found = rounds_run_by(by, held).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def public_rounds() -> "QuerySet[Round]":
    """Return the rounds anybody may read of, newest first."""
    return _with_giver(Round.objects.filter(state__in=PUBLIC)).order_by("-opens_at", "-id")


def public_round(pk: int) -> Round:
    """Return a round anybody may read of. Raises Missing."""
    found = public_rounds().filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Standing:
    """A candidate of a round before or after the close: name, how the rules stand, and what is missing."""

    pioneer_id: int
    name: str
    fine: bool
    short: tuple[str, ...]
    declared: bool
    index: float | None


def field_of(about: Round, language: str) -> list[Standing]:
    """Return everybody in the field of a round with what is missing: who fulfils all first, best index first.

    Three statements, however many there are.
    """
    asked = list(about.rules.order_by("position"))
    declared = set(about.candidacies.exclude(state="withdrawn").values_list("pioneer_id", flat=True))
    found = []
    for one in eligibility.read(about, asked, min(clock.now(), about.closes_at)):
        answers = eligibility.explain(asked, one.numbers, language)
        short = tuple(answer.short for answer in answers if not answer.met)
        found.append(
            Standing(one.pioneer_id, one.name, not short, short, one.pioneer_id in declared, one.index)
        )
    return sorted(found, key=lambda one: (len(one.short), -(one.index or -1.0), one.pioneer_id))


def candidacies_of(about: Round) -> "QuerySet[Candidacy]":
    """Return a round's candidacies for its staff: by rank once there is one, else as they came."""
    rows = about.candidacies.select_related("pioneer", "pioneer__organisation", "quota").annotate(
        sheets=Count("scores__reviewer", distinct=True), barred=Count("conflicts", distinct=True)
    )
    return rows.order_by(F("rank").asc(nulls_last=True), "id")


def chosen_of(about: Round) -> "QuerySet[Candidacy]":
    """Return who was chosen, for everybody, once the notice runs."""
    if RoundState(about.state) not in SHOWN:
        return Candidacy.objects.none()
    rows = about.candidacies.filter(state__in=["selected", "honoured"])
    return rows.select_related("pioneer", "pioneer__organisation").order_by("rank")


def objections_of(about: Round) -> "QuerySet[Objection]":
    """Return the objections of a round for its staff, those that wait first."""
    rows = Objection.objects.filter(candidacy__round=about)
    return rows.select_related("candidacy__pioneer", "by").order_by(
        F("answered_at").asc(nulls_first=True), "id"
    )


def answers_of(about: Round) -> "QuerySet[Objection]":
    """Return the objections that were answered; who filed them is for staff alone."""
    return Objection.objects.filter(candidacy__round=about, answered_at__isnull=False).select_related(
        "candidacy__pioneer"
    )


def reviews_of(person: Person) -> "QuerySet[Reviewer]":
    """Return where `person` reviews now, the newest round first."""
    rows = Reviewer.objects.filter(
        person=person, left_at=None, round__state__in=[*BLIND - {RoundState.DRAFT}]
    )
    return rows.select_related("round", "round__organisation").order_by("-round_id")


def reviewer_in(person: Person, round_id: int) -> Reviewer:
    """Return `person` as a reviewer of a round that is in review. Raises Missing."""
    rows = Reviewer.objects.filter(
        person=person, round_id=round_id, left_at=None, round__state=RoundState.REVIEW
    )
    found = rows.select_related("round", "round__organisation").first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Sheet:
    """What a reviewer has before them: a candidacy, its entries, own points by criterion, and whether to keep out."""

    candidacy: Candidacy
    items: list[Item]
    points: dict[int, int]
    kept_out: bool


def sheets_for(reviewer: Reviewer) -> list[Sheet]:
    """Return the sheets of a reviewer, and of nobody else's points anything; four statements."""
    rows = Candidacy.objects.filter(round=reviewer.round, state="admitted").select_related(
        "pioneer", "dossier"
    )
    candidacies = list(rows.prefetch_related("items").order_by("id"))
    points: dict[int, dict[int, int]] = {}
    mine = reviewer.scores.values_list("candidacy_id", "criterion__position", "points")
    for candidacy, position, given in mine:
        points.setdefault(candidacy, {})[position] = given
    out = set(reviewer.conflicts.values_list("candidacy_id", flat=True))
    return [Sheet(one, list(one.items.all()), points.get(one.pk, {}), one.pk in out) for one in candidacies]


@dataclass(frozen=True)
class Prefilled:
    """What the record says of a pioneer, for a declaration: services done, mean stars, verified yuan.

    `needs` and `achievements` are those that could still be put into the file.
    """

    services: int
    stars: float | None
    yuan: int
    needs: list[Handling]
    achievements: list[Achievement]
    gaps: list[str] = field(default_factory=list)


def prefilled(dossier: Dossier) -> Prefilled:
    """Return what is known of the person of a file, and the gaps by code: profile, specialities, deed, evidence.

    Five statements.
    """
    done = Handling.objects.filter(pioneer=dossier.pioneer_id, outcome="done")
    sums = done.aggregate(
        n=Count("id"), yuan=Sum("benefit_yuan", filter=Q(benefit_verified_at__isnull=False))
    )
    rated = Rating.objects.filter(pioneer=dossier.pioneer_id, voided_at=None).values_list(
        "skill", "attitude", "speed"
    )
    given = [sum(one) / 3 for one in rated]
    listed = dossier.items.filter(removed_at=None)
    needs = done.exclude(matter__in=listed.exclude(matter=None).values("matter")).select_related("matter")
    return Prefilled(
        services=sums["n"], stars=sum(given) / len(given) if given else None, yuan=sums["yuan"] or 0,
        needs=list(needs.order_by(F("benefit_yuan").desc(nulls_last=True), "-reported_at")[:5]),
        achievements=_made(dossier),
        gaps=gaps(dossier, list(listed.values_list("kind", flat=True))),
    )  # fmt: skip


def _made(dossier: Dossier) -> list[Achievement]:
    """Return published achievements that are not in the file yet, the newest five."""
    if dossier.pioneer_id is None:
        return []
    listed = dossier.items.filter(removed_at=None).exclude(achievement=None).values("achievement")
    return list(showcase.published(pioneer_id=dossier.pioneer_id).exclude(pk__in=listed)[:5])


def gaps(dossier: Dossier, kinds: Sequence[str]) -> list[str]:
    """Return what a file lacks for a declaration, by code; no statement."""
    wanted = titles.numbers("file")
    missing = {
        "profile": len(dossier.profile) < wanted["profile_wanted"],
        "specialities": not dossier.specialities,
        "deed": sum(kind == "deed" for kind in kinds) < wanted["deeds_wanted"],
        "evidence": sum(kind in {"matter", "achievement", "file"} for kind in kinds)
        < wanted["evidence_wanted"],
    }
    return [code for code, lacks in missing.items() if lacks]


def file_for(by: Person, dossier_id: int) -> Dossier:
    """Return a file `by` may read whole. Raises Missing."""
    rows = Dossier.objects.select_related("pioneer", "pioneer__organisation", "person")
    found = rows.filter(pk=dossier_id).first()
    if found is None or not rules.keeps(by, found):
        raise Missing
    return found


@dataclass(frozen=True)
class Honoured:
    """A person or collective once, with every honour in force, newest first."""

    pioneer: Pioneer
    honours: list[Honour]


def in_force(at: datetime | None = None) -> "QuerySet[Honour]":
    """Return the honours that stand now."""
    when = at or clock.now()
    live = Q(until=None) | Q(until__gt=when)
    return Honour.objects.filter(live, revoked_at=None, expired_at=None)


def honoured(rows: Iterable[Honour]) -> list[Honoured]:
    """Return each pioneer once, in the order of their newest honour; `rows` come newest first. No statement."""
    found: dict[int, Honoured] = {}
    for one in rows:
        found.setdefault(one.pioneer_id, Honoured(one.pioneer, [])).honours.append(one)
    return list(found.values())


def newest_honoured(limit: int) -> list[Honoured]:
    """Return who was honoured last, each once with all their honours in force; two statements."""
    newest = in_force().filter(pioneer__suspended_at=None).order_by("-since", "-id")
    ids = list(dict.fromkeys(newest.values_list("pioneer_id", flat=True)[: limit * 3]))[:limit]
    rows = (
        in_force().filter(pioneer__in=ids).select_related("pioneer", "pioneer__organisation", "organisation")
    )
    return honoured(rows.order_by("-since", "-id"))


def honours_of(pioneer: Pioneer) -> list[Honour]:
    """Return the honours of a pioneer that stand, newest first; one statement."""
    rows = in_force().filter(pioneer=pioneer).select_related("organisation")
    return list(rows.order_by("-since", "-id"))


@dataclass(frozen=True)
class Graded:
    """A grade in force: its name in both languages and the year it is for; year 0 before the first review."""

    grade: titles.Grade
    year: int


def grade_of(pioneer: Pioneer) -> Graded | None:
    """Return the grade a pioneer holds since the last yearly review, None below every band; one statement.

    Before the first review the bands are held against the index of now. Who came after the review waits for the next.
    """
    own = Grade.objects.filter(review=OuterRef("pk"), pioneer=pioneer)
    last = GradeReview.objects.annotate(held=Subquery(own.values("grade")[:1])).order_by("-year").first()
    if last is None:
        now = titles.grade(pioneer.index)
        return Graded(now, 0) if now else None
    named = {one.code: one for one in titles.grades()}.get(last.held or "")
    return Graded(named, last.year) if named else None


def reviews() -> "QuerySet[GradeReview]":
    """Return the yearly reviews of grades, newest first."""
    return GradeReview.objects.order_by("-year")


def given_by(by: Person) -> "QuerySet[Honour]":
    """Return the honours that `by` looks after as staff, newest first, each with whether it serves.

    `offers`: something of theirs is on the menu now.
    """
    offered = Offer.objects.filter(pioneer=OuterRef("pioneer"), withdrawn_at=None)
    rows = Honour.objects.filter(rules.own(by)).annotate(offers=Exists(offered))
    return rows.select_related("pioneer", "organisation", "candidacy__round").order_by("-since", "-id")


def idle(by: Person) -> "QuerySet[Honour]":
    """Return the honours in force a year and more whose pioneers did no service within the last year."""
    days = titles.numbers("service")["idle_days"]
    cut = clock.now() - timedelta(days=days)
    served = Handling.objects.filter(pioneer=OuterRef("pioneer"), outcome="done", reported_at__gt=cut)
    rows = given_by(by).filter(pk__in=in_force().values("pk"), since__lte=cut)
    return rows.exclude(Exists(served))


def without_offer(by: Person) -> "QuerySet[Honour]":
    """Return the honours of the first month whose pioneers have put nothing on the menu yet."""
    days = titles.numbers("service")["first_days"]
    fresh = given_by(by).filter(pk__in=in_force().values("pk"), since__gt=clock.now() - timedelta(days=days))
    offered = Offer.objects.filter(pioneer=OuterRef("pioneer"), withdrawn_at=None)
    return fresh.exclude(Exists(offered))


def last_kept_since() -> datetime | None:
    """Return when the first honour was given here, None before."""
    found: datetime | None = Honour.objects.aggregate(first=Min("since"))["first"]
    return found


def untitled(by: Person) -> "QuerySet[Recognition]":
    """Return the recognitions within reach that carry no title of the catalogue yet, newest first."""
    rows = Recognition.objects.filter(rules.own(by), carries=None)
    return rows.select_related("pioneer", "organisation").order_by("-since", "-id")
