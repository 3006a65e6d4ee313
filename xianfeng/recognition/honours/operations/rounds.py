"""Setting up an award round, opening it, and calling it off; who reviews."""

from typing import Any

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.places import tree
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import planning, rules, steps, titles
from xianfeng.recognition.honours.models import Criterion, Quota, Reviewer, Round, Rule
from xianfeng.recognition.honours.planning import Plan
from xianfeng.recognition.honours.states import BLIND, RoundState


def draft(plan: Plan, *, by: Person) -> Round:
    """Write a round down; nobody sees it but its staff until it opens.

    Raises Missing without that scope, Refused naming the field at fault (see planning).
    """
    organisation, at = _giver(plan, by), clock.now()
    columns = planning.checked(plan, organisation)
    with write():
        area_id = organisation.area_id if organisation else tree.current().root.pk
        row = Round.objects.create(
            organisation=organisation,
            area_id=area_id,
            state=RoundState.DRAFT,
            entered_at=at,
            made_by=by,
            **columns,
        )
        _parts(row, plan)
        record.append("round", row.pk, "round.drafted", actor=actor(by.id), at=at, new=_said(plan))
        idempotency.note("round", row.pk)
        return row


def _giver(plan: Plan, by: Person) -> Organisation | None:
    if not rules.is_staff_for(by, plan.organisation_id):
        raise Missing
    if plan.organisation_id is None:
        return None
    found = Organisation.objects.filter(pk=plan.organisation_id).first()
    if found is None:
        raise Missing
    return found


def _parts(row: Round, plan: Plan) -> None:
    Rule.objects.bulk_create(
        Rule(round=row, position=at, **one.__dict__) for at, one in enumerate(plan.rules)
    )
    Quota.objects.bulk_create(Quota(round=row, **one.__dict__) for one in plan.quotas)
    Criterion.objects.bulk_create(
        Criterion(round=row, position=at, **one.__dict__) for at, one in enumerate(plan.criteria)
    )
    Reviewer.objects.bulk_create(
        Reviewer(round=row, person_id=one, chair=one == plan.chair_id)
        for one in dict.fromkeys(plan.reviewer_ids)
    )


def _said(plan: Plan) -> dict[str, Any]:
    """Return what the record says of a plan: every number a result follows from, and no words of persons."""
    return {
        "title": plan.title, "level": plan.level, "opens_at": plan.opens_at, "closes_at": plan.closes_at,
        "review_until": plan.review_until, "notice_days": plan.notice_days,
        "rules": [{k: v for k, v in one.__dict__.items() if v is not None} for one in plan.rules],
        "quotas": [[one.organisation_id, one.area_id, one.places] for one in plan.quotas],
        "criteria": [[one.source, one.weight] for one in plan.criteria],
        "reviewers": sorted(set(plan.reviewer_ids)),
    }  # fmt: skip


def change(pk: int, plan: Plan, *, by: Person) -> Round:
    """Write a draft anew. Raises Missing, Refused 'round-wrong-state' once it is open."""
    organisation, at = _giver(plan, by), clock.now()
    columns = planning.checked(plan, organisation)
    with write():
        row = steps.own_round(pk, by)
        if row.state != RoundState.DRAFT or row.organisation_id != plan.organisation_id:
            raise Refused("round-wrong-state", state=row.state, move="change")
        for parts in (row.rules, row.quotas, row.criteria, row.reviewers):
            parts.all().delete()
        _parts(row, plan)
        record.change("round", pk, "round.changed", actor=actor(by.id), at=at, new=_said(plan), sets=columns)
        row.refresh_from_db()
        idempotency.note("round", pk)
        return row


def open_round(pk: int, *, by: Person) -> Round:
    """Make a round known; declarations come from its day on. Raises Refused 'closes-past'."""
    at = clock.now()
    with write():
        row = steps.own_round(pk, by)
        if row.closes_at <= at:
            raise Refused("closes-past", field="closes_at")
        idempotency.note("round", pk)
        return (
            row if row.state == RoundState.OPEN else steps.move_round(row, "open", actor=actor(by.id), at=at)
        )


def cancel(pk: int, reason: str, *, by: Person) -> Round:
    """Call a round off, with a reason everybody can read who sees the round."""
    words, at = _reason(reason), clock.now()
    with write():
        row = steps.own_round(pk, by)
        row = steps.move_round(row, "cancel", actor=actor(by.id), at=at, sets={"short_reason": words})
        idempotency.note("round", pk)
        return row


def add_reviewer(pk: int, person_id: int, *, by: Person) -> Reviewer:
    """Let somebody review, also while a round is in review. Again answers the same."""
    at = clock.now()
    with write():
        row = steps.own_round(pk, by)
        if RoundState(row.state) not in BLIND:
            raise Refused("round-wrong-state", state=row.state, move="add-reviewer")
        if not Person.objects.filter(pk=person_id, left_at=None).exists():
            raise Missing
        found, made = Reviewer.objects.get_or_create(round=row, person_id=person_id)
        if made or found.left_at:
            Reviewer.objects.filter(pk=found.pk).update(left_at=None, left_reason="")
            record.append(
                "round", pk, "round.reviewer-added", actor=actor(by.id), at=at, new={"reviewer": person_id}
            )
        found.refresh_from_db()
        return found


def leave(pk: int, reviewer_id: int, reason: str, *, by: Person) -> Reviewer:
    """Let a reviewer go, by themself or by the round's staff: their points are kept and count no longer.

    Raises Missing; Refused 'round-wrong-state' once totals are known, since these stand on everybody who scored.
    """
    words, at = _reason(reason), clock.now()
    with write():
        found = Reviewer.objects.select_for_update().filter(pk=reviewer_id, round_id=pk).first()
        if found is None or not (found.person_id == by.id or rules.is_staff_for(by, _owner(pk))):
            raise Missing
        row = steps.locked(Round, pk)
        if RoundState(row.state) not in BLIND:
            raise Refused("round-wrong-state", state=row.state, move="leave")
        if found.left_at is None:
            Reviewer.objects.filter(pk=reviewer_id).update(left_at=at, left_reason=words)
            record.append(
                "round",
                pk,
                "round.reviewer-left",
                actor=actor(by.id),
                at=at,
                new={"reviewer": found.person_id},
            )
        found.refresh_from_db()
        return found


def _owner(pk: int) -> int | None:
    row = Round.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    return row.organisation_id


def _reason(words: str) -> str:
    return texts.clean_line(words, field="reason", limit=titles.numbers("round")["reason_length"])
