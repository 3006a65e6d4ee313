"""What an achievement brought: claimed with evidence, verified by who had it or by staff, never by who claims it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from xianfeng.foundation.kernel import catalogue, clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Handling
from xianfeng.matters.operations.rating import verify_benefit
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Benefit, Picture


@dataclass(frozen=True)
class Claim:
    """A benefit as claimed. `kind`: income, cost (yuan) or jobs; `text` and `pictures` (keys) are the evidence."""

    kind: str
    amount: int
    beneficiary: str
    text: str
    pictures: Sequence[str] = field(default_factory=tuple)


def claim(pk: int, given: Claim, *, by: Person) -> Benefit:
    """Claim a benefit of an own published achievement; staff verify it.

    Raises Missing; Refused 'benefit-invalid', 'benefit-kind-unknown', 'beneficiary-unknown', 'photo-unknown'.
    """
    at = clock.now()
    values = _values(given)
    with write():
        row = steps.locked(Achievement, pk)
        if row.state != "published" or not rules.speaks(by, row.pioneer):
            raise Missing
        benefit = Benefit(
            achievement=row, pioneer=row.pioneer, area_id=row.area_id, claimed_by=by, claimed_at=at, **values
        )
        steps.born(
            benefit, "claimed", "benefit.claimed", actor=actor(by.id), at=at, achievement=pk, kind=given.kind
        )
        _attach(given.pictures, benefit, by)
        idempotency.note("benefit", benefit.pk)
        return benefit


def _values(given: Claim) -> dict[str, object]:
    limits = catalogue.load("showcase")
    if given.kind not in limits["benefit_kind"]:
        raise Refused("benefit-kind-unknown", field="kind")
    if given.beneficiary not in limits["beneficiary"]:
        raise Refused("beneficiary-unknown", field="beneficiary")
    jobs = given.kind == "jobs"
    if not 0 < given.amount <= limits["benefit"]["jobs_most" if jobs else "yuan_most"]:
        raise Refused("benefit-invalid", field="amount")
    text = texts.clean_text(given.text, field="text", limit=limits["benefit"]["text_length"])
    return {
        "kind": given.kind, "beneficiary": given.beneficiary, "text": text,
        "yuan": None if jobs else given.amount, "jobs": given.amount if jobs else None,
    }  # fmt: skip


def _attach(keys: Sequence[str], benefit: Benefit, by: Person) -> None:
    limit = catalogue.load("showcase")["achievement"]["photos"]
    if len(set(keys)) > limit:
        raise Refused("too-many-photos", field="photos", limit=limit)
    moved = Picture.objects.filter(key__in=list(keys), owner=by, achievement=None, benefit=None).update(
        benefit=benefit
    )
    if moved != len(set(keys)):
        raise Refused("photo-unknown", field="photos")


def judge(benefit_id: int, *, by: Person, verified: bool, reason: str = "") -> Benefit:
    """Say that a benefit is true, or (with a reason) that it is not; who claims it cannot.

    One that a handling's report claims is judged with the handling. Raises Missing; Refused 'showcase-wrong-state'.
    """
    limit = catalogue.load("showcase")["achievement"]["reason_length"]
    words, at = texts.clean_line(reason, field="reason", limit=limit, required=not verified), clock.now()
    found = Benefit.objects.select_related("pioneer", "handling__matter__firm").filter(pk=benefit_id).first()
    if found is None or not rules.may_judge_benefit(by, found):
        raise Missing
    if found.handling is not None and found.kind != "jobs":
        verify_benefit(found.handling.matter.number, by=by, verified=verified, reason=words)
        mirror([found.handling_id])
        found.refresh_from_db()
        return found
    with write():
        row = steps.locked(Benefit, benefit_id)
        sets = {"judged_by_id": by.id, "judgement": words, "verified_at": at if verified else None}
        row = steps.move(row, "verify" if verified else "refuse", actor=actor(by.id), at=at, sets=sets)
        idempotency.note("benefit", row.pk)
        return row


def mirror(handling_ids: Sequence[int | None]) -> int:
    """Bring the benefits of these handlings to what their reports and judgements say now; return how many moved.

    Called when the engine tells of a report, a rating or a judgement; doing it twice changes nothing.
    """
    with write():
        return mirrored([one for one in handling_ids if one is not None])


def catch_up(limit: int = 500) -> int:
    """Keep benefits of handlings that were reported before this room listened; return how many were kept now.

    `limit` handlings a transaction, until none is left.
    """
    missing = Handling.objects.filter(
        Q(benefit_yuan__gt=0) | Q(jobs__gt=0), reported_at__isnull=False, benefits=None
    )
    kept, last = 0, 0
    while found := list(missing.filter(pk__gt=last).order_by("id").values_list("id", flat=True)[:limit]):
        kept += mirror(found)
        last = found[-1]
    return kept


def mirrored(handling_ids: Sequence[int]) -> int:
    """Do what `mirror` does within the caller's transaction: a consumer of the outbox has one."""
    rows = Handling.objects.filter(pk__in=handling_ids).order_by("id")
    rows = rows.select_related("matter__adoption", "pioneer").annotate(known=Count("benefits"))
    told = [one for one in rows if one.known or one.benefit_yuan or one.jobs]
    return sum(_mirror_one(handling, kind) for handling in told for kind in ("money", "jobs"))


def _mirror_one(handling: Handling, kind: str) -> bool:
    amount = handling.jobs if kind == "jobs" else handling.benefit_yuan
    own = Benefit.objects.select_for_update().filter(handling=handling)
    row = (own.filter(kind="jobs") if kind == "jobs" else own.exclude(kind="jobs")).first()
    named = "jobs" if kind == "jobs" else handling.benefit_kind
    if row is None:
        return bool(amount) and _born_of(handling, named, amount or 0)
    changed = _changed(row, named, amount)
    return _judged(row, handling) or changed


def _born_of(handling: Handling, kind: str, amount: int) -> bool:
    matter, at = handling.matter, handling.reported_at or handling.claimed_at
    adoption = getattr(matter, "adoption", None)
    row = Benefit(
        kind=kind, yuan=None if kind == "jobs" else amount, jobs=amount if kind == "jobs" else None,
        beneficiary="firm" if matter.firm_id else "person", handling=handling, pioneer=handling.pioneer,
        achievement_id=adoption.achievement_id if adoption else None, area_id=matter.area_id, claimed_at=at,
        claimed_by_id=handling.pioneer.spokesperson_id,
    )  # fmt: skip
    steps.born(
        row, "claimed", "benefit.claimed", actor=SYSTEM, at=clock.now(), handling=handling.pk, kind=kind
    )
    _judged(row, handling)
    return True


def _changed(row: Benefit, kind: str, amount: int | None) -> bool:
    """Take over what a second report says otherwise; one that claims nothing any more is refused by `_judged`."""
    held = row.jobs if row.kind == "jobs" else row.yuan
    if not amount or (held, row.kind) == (amount, kind):
        return False
    column = "jobs" if kind == "jobs" else "yuan"
    at = clock.now()
    record.change(
        "benefit", row.pk, "benefit.changed", actor=SYSTEM, at=at, sets={column: amount, "kind": kind}
    )
    row.refresh_from_db()
    return True


def _judged(row: Benefit, handling: Handling) -> bool:
    """Move a mirrored benefit to what was said of its handling; jobs are verified with the money, or alone."""
    claimed = handling.jobs if row.kind == "jobs" else handling.benefit_yuan
    said = _said(handling) if claimed else ("refuse", clock.now(), None)
    if row.kind == "jobs" and row.state != "claimed" and claimed:  # judged by itself before
        return False
    if said is None or row.state == {"verify": "verified", "refuse": "refused"}[said[0]]:
        return False
    name, at, by_id = said
    sets = {"judged_by_id": by_id, "verified_at": at if name == "verify" else None}
    steps.move(row, name, actor=actor(by_id) if by_id else SYSTEM, at=clock.now(), sets=sets)
    return True


def _said(handling: Handling) -> tuple[str, datetime, int | None] | None:
    if handling.benefit_verified_at is not None:
        return "verify", handling.benefit_verified_at, handling.benefit_verified_by_id
    if handling.benefit_refused_at is not None:
        return "refuse", handling.benefit_refused_at, None
    return None
