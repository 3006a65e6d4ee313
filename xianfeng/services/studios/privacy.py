"""What this room keeps of a person: told to them, erased with them, and household notes deleted after their days."""

from datetime import datetime

from django.db.models import Q

from xianfeng.foundation.kernel import retention
from xianfeng.foundation.kernel.erased import LEFT
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows, rows
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import Actor
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.studios import queries, steps
from xianfeng.services.studios.models import Answer, Policy, Question, Studio, Visit


def tell(person: Person) -> dict[str, Rows]:
    """Tell studios kept, questions with their answers, policy answers, and visits."""
    return {
        "studios": rows(
            Studio.objects.filter(post__person=person).order_by("id"), "name", "intro", "sector", "opened_at"
        ),
        "studio_questions": [_question(one) for one in queries.asked_by(person).order_by("id")],
        "studio_answers": rows(Answer.objects.filter(author=person).order_by("id"), "text", "at"),
        "policies": rows(person.policies.order_by("id"), "question", "answer", "state", "submitted_at", "published_at"),
        "home_visits": [_visit(one) for one in queries.visits_of(person)],
    }  # fmt: skip


def _question(row: Question) -> dict[str, object]:
    answers = "\n".join(one.text for one in row.answers.all())
    return {
        "studio": row.studio.name, "text": row.text, "private": row.private, "state": row.state,
        "asked_at": row.asked_at, "answer": answers, "word": row.word,
    }  # fmt: skip


def _visit(row: Visit) -> dict[str, object]:
    return {
        "visited_at": row.visited_at, "area": row.area.name, "household": queries.household(row), "notes": row.notes,
    }  # fmt: skip


def erase(person: Person, at: datetime) -> None:
    """Take back what they asked and blank it, blank what they wrote. Needs an open transaction."""
    by = actor(person.pk)
    for question in Question.objects.select_for_update().filter(asker=person).order_by("id"):
        _forget_question(question, by, at)
    Answer.objects.filter(author=person).update(text="")
    for policy in Policy.objects.select_for_update().filter(author=person).order_by("id"):
        _forget_policy(policy, by, at)
    for studio in Studio.objects.select_for_update().filter(post__person=person).order_by("id"):
        sets = {"name": LEFT, "intro": "", "closed_at": studio.closed_at or at}
        record.change("studio", studio.pk, "studio.erased", actor=by, at=at, sets=sets)
    Visit.objects.filter(studio__post__person=person).update(household_sealed=None, notes="")
    for visit in Visit.objects.filter(companions=person):
        visit.companions.remove(person)


def _forget_question(question: Question, by: Actor, at: datetime) -> None:
    row = (
        steps.move(question, "withdraw", actor=by, at=at)
        if question.state in {"asked", "handed"}
        else question
    )
    Answer.objects.filter(question=row).update(text="")
    sets = {"text": "", "hidden": True, "due_at": None}
    record.change("question", row.pk, "question.erased", actor=by, at=at, sets=sets)


def _forget_policy(policy: Policy, by: Actor, at: datetime) -> None:
    row = policy
    if policy.state != "withdrawn":
        row = steps.move(policy, "withdraw", actor=by, at=at, sets={"published_at": None})
    sets = {"question": "", "answer": "", "search": [], "judgement": ""}
    record.change("policy", row.pk, "policy.erased", actor=by, at=at, sets=sets)


def sweep(at: datetime) -> int:
    """Delete whose door it was and what was said there after the catalogue's days; that there was a visit stays."""
    old = Visit.objects.filter(noted_at__lt=retention.cut("home_visits", at)).exclude(
        Q(household_sealed=None) & Q(notes="")
    )

    def blank(limit: int) -> int:
        ids = list(old.order_by("id").values_list("pk", flat=True)[:limit])
        return Visit.objects.filter(pk__in=ids).update(household_sealed=None, notes="")

    return retention.in_batches(blank)
