"""What honours keep of a person: told to them, and erased with them. Facts and results stay, words go."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Q

from xianfeng.foundation.notices import privacy as notices
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import keepers
from xianfeng.foundation.people.privacy.keepers import Rows
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours.filing import document_path
from xianfeng.recognition.honours.models import (
    Candidacy,
    Dossier,
    Honour,
    Item,
    Nurturing,
    Objection,
    Pick,
    Reviewer,
    Score,
    Step,
)

ERASED = "（已删除）"


def tell(person: Person) -> dict[str, Rows]:
    """Tell files, what stands in them and what `person` told of others, candidacies, honours, objections, reviews."""
    rows = keepers.rows
    items = Item.objects.filter(Q(dossier__person=person) | Q(told_by=person)).order_by("id")
    mine = Q(pioneer__spokesperson=person) | Q(declared_by=person)
    return {
        "dossiers": rows(
            Dossier.objects.filter(person=person).order_by("id"), "kind", "name", "profile", "specialities", "opened_at"
        ),
        "dossier_items": rows(items, "dossier__name", "kind", "title", "text", "happened_on", "told_at"),
        "candidacies": rows(
            Candidacy.objects.filter(mine).order_by("id"), "round__name", "pioneer__name", "how", "state", "statement",
            "declared_at",
        ),
        "honours": rows(
            Honour.objects.filter(pioneer__spokesperson=person).order_by("id"), "title", "level", "since", "until",
            "code", "revoked_at", "revoked_reason",
        ),
        "objections": rows(
            Objection.objects.filter(by=person).order_by("id"), "candidacy__pioneer__name", "text", "filed_at", "answer"
        ),
        "reviews": rows(Reviewer.objects.filter(person=person).order_by("id"), "round__name", "left_at"),
        "picks": rows(
            Pick.objects.filter(pioneer__spokesperson=person).order_by("id"), "month", "rank", "done", "story"
        ),
        "nurturing": rows(
            Nurturing.objects.filter(Q(dossier__person=person) | Q(mentor=person)).order_by("id"),
            "dossier__name", "plan", "begun_at", "ended_at",
        ),
        "training_steps": rows(
            Step.objects.filter(nurturing__dossier__person=person).order_by("id"), "text", "done_at"
        ),
        "scores_given": rows(
            Score.objects.filter(reviewer__person=person).order_by("id"), "candidacy__pioneer__name", "points", "at"
        ),
    }  # fmt: skip


def erase(person: Person, at: datetime) -> None:
    """Blank the files of `person` and their words everywhere. Needs an open transaction; OSError."""
    by = actor(person.pk)
    for row in Dossier.objects.select_for_update(of=("self",)).filter(person=person).order_by("id"):
        if row.kind == "individual":
            record.change(
                "dossier", row.pk, "dossier.erased", actor=by, at=at,
                sets={"name": ERASED, "profile": "", "specialities": [], "changed_at": at},
            )  # fmt: skip
            _items(Q(dossier=row), at)
    _items(Q(told_by=person), at)
    # a need's title is its asker's words, also where it is evidence in the file of who met it
    Item.objects.filter(matter__requester=person).update(title=ERASED)
    alone = Q(pioneer__spokesperson=person, pioneer__kind="individual") | Q(declared_by=person)
    for candidacy in Candidacy.objects.select_for_update(of=("self",)).filter(alone).order_by("id"):
        sets: dict[str, object] = {"statement": ""}
        if candidacy.state in {"declared", "admitted", "selected", "passed"} and _is_alone(candidacy, person):
            sets |= {"state": "withdrawn", "quota_id": None}
        record.change("candidacy", candidacy.pk, "candidacy.erased", actor=by, at=at, sets=sets)
    alone_picks = Pick.objects.filter(pioneer__spokesperson=person, pioneer__kind="individual")
    notices.forget_words(
        [f"pioneer:{one}" for one in alone_picks.values_list("pioneer_id", flat=True)], "pioneer"
    )
    alone_picks.update(story="")
    for plan in Nurturing.objects.select_for_update(of=("self",)).filter(dossier__person=person):
        gone = {"plan": "", "ended_at": plan.ended_at or at}
        record.change("nurturing", plan.pk, "nurturing.erased", actor=by, at=at, sets=gone)
        plan.steps.update(text=ERASED)
    Objection.objects.filter(by=person).update(text=ERASED)
    Objection.objects.filter(answered_by=person).update(answer=ERASED)
    Reviewer.objects.filter(person=person).update(left_reason="")
    Reviewer.objects.filter(person=person, left_at=None).update(left_at=at)


def _is_alone(row: Candidacy, person: Person) -> bool:
    return row.pioneer.spokesperson_id == person.pk and row.pioneer.kind == "individual"


def _items(condition: Q, at: datetime) -> None:
    found = Item.objects.filter(condition)
    for key in found.exclude(key="").values_list("key", flat=True):
        default_storage.delete(document_path(key))
    found.update(title=ERASED, text="", key="", happened_on=None)
    found.filter(removed_at=None).update(removed_at=at)
