"""Erasure: who leaves goes out of running cases; words and name go, an agreement that others rely on stays."""

from datetime import datetime

from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import steps
from xianfeng.services.mediation.models import Agreement, Attendance, Case, Lecture, Party, Recusal, Talk
from xianfeng.services.mediation.operations.opening import left
from xianfeng.services.mediation.sealing import sealed

STILL_OWED = ("agreed", "broken")


def erase(person: Person, at: datetime) -> None:
    """Take `person` out of cases and blank their words. Needs an open transaction.

    While something is owed under an agreement, its text, paper and signatures stay for the other side: a contract is
    not one's own data alone. Once the case has ended they go too.
    """
    mine = Q(person=person, firm=None)
    for pk in sorted(set(Party.objects.filter(mine).values_list("case_id", flat=True))):
        _leave(steps.case_by_id(pk), person, at)
    for pk in sorted(
        Case.objects.filter(mediator=person, state__in=["inviting", "talking"]).values_list("id", flat=True)
    ):
        case = steps.case_by_id(pk)
        steps.set_aside(case, person, "declared", actor=actor(person.pk), at=at)
        steps.replace_mediator(case, at=at)
    for lecture in (
        Lecture.objects.select_for_update(of=("self",))
        .filter(speaker=person, state="announced")
        .order_by("id")
    ):
        steps.move(lecture, "call_off", actor=SYSTEM, at=at)
    Talk.objects.filter(author=person).delete()
    Recusal.objects.filter(Q(person=person) | Q(party__person=person)).update(words_sealed=None)
    Attendance.objects.filter(person=person).delete()


def _leave(case: Case, person: Person, at: datetime) -> None:
    by = actor(person.pk)
    party = next(one for one in case.parties.all() if one.person_id == person.pk and one.firm_id is None)
    if party.left_at is None and case.state in {"opened", "inviting", "talking"}:
        case = left(case, party, actor=by, at=at)
    owed = case.state in STILL_OWED
    if not owed:
        Agreement.objects.filter(case=case).update(text_sealed=None, paper_sealed=None)
    # the name stands in the contract; without one that runs nobody needs it
    Party.objects.filter(pk=party.pk).update(name_sealed=sealed(person.name) if owed else None)
    steps.note(case, "case.erased", actor=by, at=at, new={"party": party.pk})
