"""Declarations: by oneself, by colleagues, or by the organisation; each stands on the one file of a person."""

from collections.abc import Sequence

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import eligibility, filing, rules, steps, titles
from xianfeng.recognition.honours.models import Candidacy, Item, Round
from xianfeng.recognition.honours.states import CandidacyState, RoundState


def declare(
    round_id: int, pioneer_id: int, *, by: Person, statement: str = "", item_ids: Sequence[int] | None = None
) -> Candidacy:
    """Declare a pioneer for a round: `by` speaks for them, is a colleague, or is staff of their organisation.

    `item_ids` are entries of their file, all of it if not said. Again answers the same; after a withdrawal it is
    declared anew. Who does not fulfil the rules yet may declare: the rules are looked at when declarations close.
    Raises Missing; Refused 'round-not-open', 'not-in-field', 'no-colleague'.
    """
    limit, at = titles.numbers("file")["text_length"], clock.now()
    words = texts.clean_text(statement, field="statement", limit=limit, required=False)
    with write():
        # held to the end: nobody declares while the round closes
        about = Round.objects.select_for_update(of=("self",)).filter(pk=round_id).first()
        pioneer = Pioneer.objects.filter(pk=pioneer_id, suspended_at=None).first()
        if about is None or about.state == RoundState.DRAFT or pioneer is None:
            raise Missing
        if about.state != RoundState.OPEN or not about.opens_at <= at < about.closes_at:
            raise Refused("round-not-open")
        how = _how(by, pioneer)
        if not eligibility.read(about, [], at, only=[pioneer.pk]):
            raise Refused("not-in-field", field="pioneer")
        return _declared(about, pioneer, how, words=words, item_ids=item_ids, by=by)


def _how(by: Person, pioneer: Pioneer) -> str:
    if pioneer.spokesperson_id == by.id:
        return "self"
    if rules.is_staff_for(by, pioneer.organisation_id):
        return "organisation"
    colleagues = Pioneer.objects.filter(
        organisation_id=pioneer.organisation_id, spokesperson=by, suspended_at=None
    )
    if by.id in pioneer.kin or colleagues.exists():
        return "colleague"
    raise Refused("no-colleague")


def _declared(
    about: Round, pioneer: Pioneer, how: str, *, words: str, item_ids: Sequence[int] | None, by: Person
) -> Candidacy:
    at = clock.now()
    dossier = filing.file_of(pioneer, by=by, at=at)
    row = Candidacy.objects.select_for_update(of=("self",)).filter(round=about, pioneer=pioneer).first()
    if row is not None and row.state != CandidacyState.WITHDRAWN:
        idempotency.note("candidacy", row.pk)
        return row
    values = {"how": how, "declared_by_id": by.id, "declared_at": at, "statement": words, "state": "declared"}
    new = {"state": "declared", "how": how, "round": about.pk, "pioneer": pioneer.pk}
    if row is None:
        row = Candidacy.objects.create(round=about, dossier=dossier, pioneer=pioneer, **values)
        record.append("candidacy", row.pk, "candidacy.declared", actor=actor(by.id), at=at, new=new)
    else:
        record.change(
            "candidacy", row.pk, "candidacy.declared", actor=actor(by.id), at=at, new=new, sets=values
        )
        row.refresh_from_db()
    kept = Item.objects.filter(dossier=dossier, removed_at=None)
    row.items.set(kept if item_ids is None else kept.filter(pk__in=item_ids))
    idempotency.note("candidacy", row.pk)
    return row


def withdraw(candidacy_id: int, *, by: Person) -> Candidacy:
    """Take a declaration back before the decision: who is meant may, and who declared it. Again is the same."""
    at = clock.now()
    with write():
        row = steps.locked(Candidacy, candidacy_id)
        if by.id not in {row.declared_by_id, row.pioneer.spokesperson_id}:
            raise Missing
        if row.state == CandidacyState.WITHDRAWN:
            return row
        if row.state not in {"declared", "admitted", "selected", "passed"}:
            raise Refused("candidacy-over")
        record.change(
            "candidacy", row.pk, "candidacy.withdrawn", actor=actor(by.id), at=at, old={"state": row.state},
            new={"state": "withdrawn"}, sets={"state": "withdrawn", "quota_id": None},
        )  # fmt: skip
        row.refresh_from_db()
        idempotency.note("candidacy", row.pk)
        return row
