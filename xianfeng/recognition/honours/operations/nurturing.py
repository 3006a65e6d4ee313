"""育: the pool of candidates found from recorded deeds, with mentor, plan and progress, leading to a declaration."""

from collections.abc import Sequence

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Membership, Organisation, Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import rules, steps, titles
from xianfeng.recognition.honours.models import Dossier, Nurturing, Step


def pool(by: Person) -> "QuerySet[Dossier]":
    """Return who may be taken up: no pioneer, nobody's yet, and deeds told by enough different people, most first.

    Staff of an organisation see those of their areas, whether any organisation knows them or not.
    """
    least = titles.numbers("nurture")["deeds_least"]
    told = Count("items__told_by", filter=Q(items__kind="deed", items__removed_at=None), distinct=True)
    rows = Dossier.objects.filter(pioneer=None, nurturing=None, person__left_at=None).annotate(told=told)
    return rows.filter(_within(by, "area__"), told__gte=least).select_related("area").order_by("-told", "id")


def members(by: Person) -> "QuerySet[Membership]":
    """Return members of collectives who are no pioneer and have no file: what their team did counts for them.

    `services`: done by the collective since they belong to it; most first.
    """
    alone = Pioneer.objects.filter(kind="individual", spokesperson=OuterRef("person"))
    known = Dossier.objects.filter(person=OuterRef("person"), kind="individual")
    done = Q(collective__handlings__outcome="done", collective__handlings__reported_at__gte=F("since"))
    rows = (
        Membership.objects.filter(until=None, person__left_at=None)
        .exclude(Exists(alone))
        .exclude(Exists(known))
    )
    rows = rows.filter(_within(by, "collective__area__")).annotate(
        services=Count("collective__handlings", filter=done)
    )
    least = titles.numbers("nurture")["deeds_least"]
    return rows.filter(services__gte=least).select_related("person", "collective").order_by("-services", "id")


def _within(by: Person, area: str) -> Q:
    found = Q(pk=None)
    for scope in people.scopes(by):
        found |= Q(**{f"{area}path__contains": [scope.area_id]})
    return found


def in_hand(by: Person) -> "QuerySet[Nurturing]":
    """Return who is being nurtured: those of the reader's organisations, and those whose mentor they are."""
    ticked = Count("steps", filter=Q(steps__done_at__isnull=False))
    rows = Nurturing.objects.filter(rules.own(by) | Q(mentor=by), ended_at=None)
    rows = rows.annotate(ticked=ticked, whole=Count("steps"))
    return rows.select_related("dossier", "mentor", "organisation").prefetch_related("steps").order_by("id")


def take_up(
    dossier_id: int, *, organisation_id: int, mentor_id: int, plan: str, training: Sequence[str], by: Person
) -> Nurturing:
    """Take somebody up as staff: a mentor, a plan, its steps. Again answers the same.

    Raises Missing without that scope; Refused 'pioneer-already', 'mentor-is-candidate', naming a field otherwise.
    """
    numbers, at = titles.numbers("nurture"), clock.now()
    words = texts.clean_text(plan, field="plan", limit=numbers["plan_length"])
    lines = [
        texts.clean_line(one, field="training", limit=numbers["step_length"])
        for one in training
        if one.strip()
    ]
    if len(lines) > numbers["steps"]:
        raise Refused("too-many-given", field="training", most=numbers["steps"])
    if not (
        rules.is_staff_for(by, organisation_id) and Organisation.objects.filter(pk=organisation_id).exists()
    ):
        raise Missing
    with write():
        row = steps.locked(Dossier, dossier_id)
        found = Nurturing.objects.filter(dossier=row).first()
        if found is not None:
            return found
        if row.pioneer_id is not None:
            raise Refused("pioneer-already")
        if mentor_id == row.person_id or not Person.objects.filter(pk=mentor_id, left_at=None).exists():
            raise Refused("mentor-is-candidate", field="mentor")
        found = Nurturing.objects.create(
            dossier=row, organisation_id=organisation_id, mentor_id=mentor_id, plan=words, begun_at=at
        )
        Step.objects.bulk_create(Step(nurturing=found, position=n, text=line) for n, line in enumerate(lines))
        new = {"dossier": row.pk, "organisation": organisation_id, "mentor": mentor_id, "steps": len(lines)}
        record.append("nurturing", found.pk, "nurturing.begun", actor=actor(by.id), at=at, new=new)
        idempotency.note("nurturing", found.pk)
        return found


def tick(step_id: int, *, by: Person) -> Step:
    """Say as mentor or staff that a step is done. Again answers the same. Raises Missing."""
    at = clock.now()
    with write():
        found = (
            Step.objects.select_for_update(of=("self",))
            .filter(pk=step_id)
            .select_related("nurturing")
            .first()
        )
        if found is None or not _cares(by, found.nurturing) or found.nurturing.ended_at:
            raise Missing
        if found.done_at is None:
            Step.objects.filter(pk=step_id).update(done_at=at, done_by=by)
            new = {"step": found.position}
            record.append(
                "nurturing", found.nurturing_id, "nurturing.step-done", actor=actor(by.id), at=at, new=new
            )
        found.refresh_from_db()
        idempotency.note("nurturing", found.nurturing_id)
        return found


def _cares(by: Person, row: Nurturing) -> bool:
    return row.mentor_id == by.id or rules.is_staff_for(by, row.organisation_id)


def finish(nurturing_id: int, *, by: Person) -> Nurturing:
    """End it: they are recognised now, or it leads nowhere; the file stays. Again answers the same. Raises Missing."""
    at = clock.now()
    with write():
        row = steps.locked(Nurturing, nurturing_id)
        if not rules.is_staff_for(by, row.organisation_id):
            raise Missing
        if row.ended_at is None:
            new = {"recognised": row.dossier.pioneer_id is not None}
            record.change(
                "nurturing",
                row.pk,
                "nurturing.ended",
                actor=actor(by.id),
                at=at,
                new=new,
                sets={"ended_at": at},
            )
            row.refresh_from_db()
        idempotency.note("nurturing", row.pk)
        return row
