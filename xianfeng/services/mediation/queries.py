"""Reads of cases, talks, agreements and lessons; every one begins from who is asking."""

import json
from collections.abc import Sequence

from django.db.models import Count, Prefetch, Q, QuerySet

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.places import tree
from xianfeng.foundation.record.models import Entry
from xianfeng.services.mediation import numbers, rules
from xianfeng.services.mediation.models import (
    Agreement,
    Case,
    Confirmation,
    Duty,
    Hearing,
    Lecture,
    Lesson,
    Party,
    Recusal,
    Talk,
)
from xianfeng.services.mediation.states import LIVE


def whole() -> QuerySet[Case]:
    """Return cases with matter, area, mediator and parties: two statements."""
    parties = Party.objects.select_related("person", "firm").order_by("id")
    return (
        Case.objects.select_related("matter", "matter__area", "mediator")
        .defer("matter__area__boundary")
        .prefetch_related(Prefetch("parties", parties))
    )


def of_party(person: Person) -> Q:
    """Return the condition on cases in which `person`, or a firm they are responsible for now, is a party."""
    mine = Q(firm=None, person=person) | Q(firm__responsible=person)
    return Q(pk__in=Party.objects.filter(mine).values("case_id"))


def staffed(person: Person) -> Q:
    """Return the condition on cases in the areas that `person` is staff of."""
    within = Q(pk=None)
    for scope in people.scopes(person):
        within |= Q(matter__area__path__contains=[scope.area_id])
    return within


def visible_to(person: Person | None) -> QuerySet[Case]:
    """Return the cases `person` may see: as a party, as the mediator, as staff of the area. Nobody else sees any."""
    if person is None:
        return whole().none()
    return whole().filter(of_party(person) | Q(mediator=person) | staffed(person))


def case_for(person: Person | None, number: str) -> Case:
    """Return one case by its matter's number. Raises Missing for foreign and missing alike."""
    found = visible_to(person).filter(matter__number=number).first()
    if found is None:
        raise Missing
    return found


def mine(person: Person) -> QuerySet[Case]:
    """Return the cases of `person`, as a party or as the mediator, newest first."""
    return whole().filter(of_party(person) | Q(mediator=person)).order_by("-opened_at", "-id")


def run_by(person: Person) -> QuerySet[Case]:
    """Return the cases that `person` watches as staff: those that wait too long first. Raises Missing for others."""
    if not people.is_staff(person):
        raise Missing
    return whole().filter(staffed(person)).order_by("-opened_at", "-id")


def mediators_for(case: Case) -> list[tuple[Person, str]]:
    """Return who may lead a case by their post, and by which role: nearest area first, then who leads fewest cases.

    Who was set aside in this case is left out. Two statements.
    """
    now = clock.now()
    out = Recusal.objects.filter(case=case).values("person_id")
    rows = Post.objects.filter(
        Q(until=None) | Q(until__gt=now), role__in=numbers.roles(), area__in=case.matter.area.path, since__lte=now,
        deputy=False, person__left_at=None,
    ).exclude(person__in=out)  # fmt: skip
    there = rows.exclude(Q(away_since__lte=now) & (Q(away_until=None) | Q(away_until__gt=now)))
    posts = list(there.select_related("person").order_by("id"))
    load = _load([post.person_id for post in posts])
    order = numbers.roles()
    posts.sort(key=lambda one: (
        -tree.DEPTH[tree.find(one.area_id).level], order.index(one.role), load.get(one.person_id, 0), one.pk
    ))  # fmt: skip
    return list({post.person_id: (post.person, post.role) for post in reversed(posts)}.values())[::-1]


def _load(ids: Sequence[int]) -> dict[int, int]:
    rows = Case.objects.filter(mediator__in=ids, state__in=LIVE).values_list("mediator")
    return dict(rows.annotate(n=Count("id")))


def holds_post(person: Person | None, case: Case) -> str:
    """Return the role by which `person` may lead a case, '' for none."""
    return next((role for one, role in mediators_for(case) if person and one.pk == person.pk), "")


def talks(case: Case, *, by: Person | None) -> list[Talk]:
    """Return what was said that `by` may read, oldest first: never what the other side said apart."""
    rows = Talk.objects.filter(case=case, channel__in=rules.channels(by, case)).select_related("author")
    return list(rows.order_by("said_at", "id"))


def hearings(case: Case) -> list[Hearing]:
    """Return the dates of a case that the caller may see, soonest first."""
    return list(Hearing.objects.filter(case=case).order_by("starts_at", "id"))


def dates_of(person: Person) -> QuerySet[Hearing]:
    """Return all dates of the cases of `person`, as a party that stayed or as the mediator."""
    mine = Q(firm=None, person=person) | Q(firm__responsible=person)
    parties = Party.objects.filter(mine, left_at=None).values("case_id")
    rows = Hearing.objects.filter(Q(case__in=parties) | Q(case__mediator=person))
    return rows.select_related("case__matter").order_by("starts_at", "id")


def agreement(case: Case, *, by: Person | None) -> Agreement | None:
    """Return the wording that counts, for parties that stayed and the mediator; None for everybody else."""
    if not rules.channels(by, case):
        return None
    duties = Duty.objects.select_related("payer__firm", "payer__person", "receiver__firm", "receiver__person")
    rows = Agreement.objects.filter(case=case, replaced_at=None).select_related("confirmation")
    return rows.prefetch_related("signatures", Prefetch("duties", duties.order_by("position"))).first()


def by_code(code: str) -> Agreement | None:
    """Return the agreement of a code, None for one that never was; open to anybody, who is shown no words of it."""
    plain = "".join(mark for mark in code.upper() if mark.isalnum())[:16]
    rows = Agreement.objects.filter(code=plain, agreed_at__isnull=False).select_related(
        "case", "confirmation"
    )
    return rows.prefetch_related("signatures").first()


def recusals(case: Case) -> list[Recusal]:
    """Return who was set aside, oldest first."""
    return list(Recusal.objects.filter(case=case).select_related("person", "party").order_by("id"))


def life(case: Case, *, by: Person | None) -> list[Entry]:
    """Return the record of a case as `by` may read it: that the other side spoke apart is not told either."""
    rows = Entry.objects.filter(subject_kind="case", subject_id=case.pk).order_by("position")
    known = rules.channels(by, case)
    return [row for row in rows if row.code != "case.spoke-apart" or _channel(row) in known]


def _channel(row: Entry) -> str:
    return str(json.loads(row.new).get("channel", ""))


def duty_for(person: Person, pk: int) -> Duty:
    """Return what was promised, to who is a party of its case or leads it. Raises Missing."""
    row = Duty.objects.select_related("agreement__case__matter").filter(pk=pk).first()
    if row is None or not rules.channels(person, case_for(person, row.agreement.case.matter.number)):
        raise Missing
    return row


def lessons() -> QuerySet[Lesson]:
    """Return the lessons anybody may read, newest first."""
    rows = Lesson.objects.filter(state="published").select_related("area").defer("area__boundary")
    return rows.order_by("-published_at", "-id")


def lesson_for(person: Person | None, pk: int) -> Lesson:
    """Return a lesson: a published one to anybody, a draft to the case's mediator and staff. Raises Missing."""
    row = Lesson.objects.select_related("area", "case__matter__area").filter(pk=pk).first()
    if row is None or not (row.state == "published" or keeps_lesson(person, row)):
        raise Missing
    return row


def keeps_lesson(person: Person | None, lesson: Lesson) -> bool:
    """Tell whether `person` may change a lesson: the mediator of its case, or staff of its area."""
    if person is None:
        return False
    return lesson.case.mediator_id == person.pk or rules.is_staff_of(person, lesson.case)


def lectures(lesson: Lesson | None = None) -> QuerySet[Lecture]:
    """Return the lectures on published lessons, with how many said they came; what comes first, then newest past."""
    rows = Lecture.objects.filter(lesson__state="published").select_related("lesson", "area", "speaker")
    rows = rows.defer("area__boundary").annotate(came=Count("attendances"))
    return (rows.filter(lesson=lesson) if lesson else rows).order_by("-starts_at", "-id")


def open_confirmations() -> QuerySet[Confirmation]:
    """Return the judicial confirmations whose clock runs."""
    return Confirmation.objects.filter(state="open")
