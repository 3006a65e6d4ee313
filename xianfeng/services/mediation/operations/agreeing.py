"""What the sides agree on: the mediator writes it, each signs in their own session, a paper is kept with its hash."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xianfeng.foundation.kernel import clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.mediation import numbers, papers, queries, rules, steps
from xianfeng.services.mediation.models import Agreement, Case, Confirmation, Duty, Party, Signature
from xianfeng.services.mediation.sealing import sealed, sealed_file
from xianfeng.services.mediation.states import Kind

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like numbers
CODE = 12


@dataclass(frozen=True)
class Promise:
    """Who owes whom what by when: parties by their ids, money in fen; 0 is something to be done that the text names."""

    payer: int
    receiver: int
    amount_fen: int
    due_on: date


def propose(number: str, text: str, promises: Sequence[Promise], *, by: Person) -> Agreement:
    """Write down, as the mediator, what is to be signed; a wording that nobody has signed whole is replaced.

    Raises Missing; Refused 'case-wrong-state', 'text-missing', 'duty-missing', 'duty-invalid', 'too-many-duties'.
    """
    plain = texts.clean_text(text, field="text", limit=numbers.of("agreement")["text_length"])
    at = clock.now()
    with write():
        case = steps.led(steps.locked_case(number, by=by), by)
        if case.state != "talking":
            raise Refused("case-wrong-state", state=case.state, move="propose")
        _check(case, promises, numbers.today(at))
        return _written(case, plain, promises, by, at)


def _check(case: Case, promises: Sequence[Promise], today: date) -> None:
    limits = numbers.of("agreement")
    if not promises:
        raise Refused("duty-missing", field="duties")
    if len(promises) > limits["duties"]:
        raise Refused("too-many-duties", field="duties", limit=limits["duties"])
    sides = {party.pk: party.side for party in case.parties.all() if party.left_at is None}
    last = today + timedelta(days=limits["ahead_days"])
    for one in promises:
        known = one.payer in sides and one.receiver in sides and sides[one.payer] != sides[one.receiver]
        if (
            not known
            or not 0 <= one.amount_fen <= limits["amount_most_fen"]
            or not today <= one.due_on <= last
        ):
            raise Refused("duty-invalid", field="duties")


def _written(case: Case, text: str, promises: Sequence[Promise], by: Person, at: datetime) -> Agreement:
    version = Agreement.objects.filter(case=case).count() + 1
    retire(case, at)
    row = Agreement.objects.create(
        case=case, version=version, text_sealed=sealed(text), amount_fen=sum(one.amount_fen for one in promises),
        digest=digest(case, version, text, promises), code=_code(), written_by=by, written_at=at,
    )  # fmt: skip
    for position, one in enumerate(promises):
        Duty.objects.create(  # bound, and its day counted, when all have signed
            agreement=row, position=position, payer_id=one.payer, receiver_id=one.receiver, amount_fen=one.amount_fen,
            due_on=one.due_on, state="waiting", entered_at=at,
        )  # fmt: skip
    new = {"agreement": row.pk, "version": version, "digest": row.digest, "amount_fen": row.amount_fen}
    steps.note(case, "case.agreement-written", actor=actor(by.pk), at=at, new=new)
    idempotency.note("agreement", row.pk)
    return row


def retire(case: Case, at: datetime) -> None:
    """Take the wording that counts out of use, with what was promised in it. Needs an open transaction."""
    for row in Agreement.objects.select_for_update().filter(case=case, replaced_at=None):
        for duty in (
            row.duties.select_for_update(of=("self",)).exclude(state__in=["paid", "replaced"]).order_by("id")
        ):
            steps.move(duty, "replace", actor=SYSTEM, at=at, sets={"due_at": None}, new={"case": case.pk})
        for confirmation in Confirmation.objects.select_for_update(of=("self",)).filter(agreement=row):
            if confirmation.state in {"open", "asked", "confirmed"}:
                steps.move(confirmation, "void", actor=SYSTEM, at=at, new={"case": case.pk})
        Agreement.objects.filter(pk=row.pk).update(replaced_at=at)


def digest(case: Case, version: int, text: str, promises: Sequence[Promise]) -> str:
    """Return SHA-256 over one wording as JSON: case, version, parties that stay, text, and what is promised."""
    parties = sorted((one.pk, one.side) for one in case.parties.all() if one.left_at is None)
    duties = [[one.payer, one.receiver, one.amount_fen, one.due_on.isoformat()] for one in promises]
    whole = {
        "case": case.matter.number,
        "version": version,
        "parties": parties,
        "text": text,
        "duties": duties,
    }
    plain = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))


def sign(number: str, read: str, *, by: Person) -> Agreement:
    """Sign, in one's own session, the wording whose digest is `read`; the last signature puts it into force.

    Again answers the same. Raises Missing; Refused 'agreement-missing', 'agreement-changed' (another wording counts
    by now), 'case-wrong-state'.
    """
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        party, row = steps.own_party(case, by), steps.counting(case)
        if row is None:
            raise Refused("agreement-missing")
        if row.digest != read:
            raise Refused("agreement-changed")
        if rules.may_sign(party, row) is None:
            steps.refuse(rules.may_move("agree", case))
            _sign(case, party, row, by, at)
        idempotency.note("agreement", row.pk)
        found = steps.counting(case)
        if found is None:
            raise Missing
        return found


def _sign(case: Case, party: Party, row: Agreement, by: Person, at: datetime) -> None:
    Signature.objects.create(
        agreement=row, party=party, person=by, at=at, mark=mark(row, party.pk, by.pk, at)
    )
    new = {"agreement": row.pk, "party": party.pk, "digest": row.digest}
    steps.note(case, "case.signed", actor=actor(by.pk), at=at, new=new)
    signed = set(Signature.objects.filter(agreement=row).values_list("party_id", flat=True))
    if not {one.pk for one in case.parties.all() if one.left_at is None} <= signed:
        return
    _put_into_force(case, row, by, at)


def _put_into_force(case: Case, row: Agreement, by: Person, at: datetime) -> None:
    """Bind everybody to a wording that all have signed: days begin to count, of what was promised and of the court."""
    Agreement.objects.filter(pk=row.pk).update(agreed_at=at)
    for duty in row.duties.all():
        sets = {
            "entered_at": at,
            "due_at": numbers.end_of(duty.due_on) + numbers.minutes(Kind.DUTY, "waiting"),
        }
        new = {"case": case.pk, "agreement": row.pk, "amount_fen": duty.amount_fen, "due_on": duty.due_on}
        steps.note(duty, "duty.promised", actor=SYSTEM, at=at, sets=sets, new=new)
    last = max(duty.due_on for duty in row.duties.all())
    ends = {"agreed_at": at, "due_at": numbers.end_of(last) + numbers.minutes(Kind.CASE, "agreed")}
    new = {"agreement": row.pk, "amount_fen": row.amount_fen}
    steps.move(case, "agree", actor=actor(by.pk), at=at, sets=ends, new=new)
    until = numbers.end_of(numbers.today(at) + timedelta(days=numbers.of("confirmation")["days"]))
    confirmation = Confirmation(agreement=row, until=until, due_at=until)
    steps.born(confirmation, "confirmation.opened", "open", actor=SYSTEM, at=at, case=case.pk, until=until)


def mark(row: Agreement, party_id: int, person_id: int, at: datetime) -> str:
    """Return the keyed mark of a signature: only this house can make it, and it fits nothing else."""
    return keyring.keyed_hash("agreement", f"{row.digest}|{party_id}|{person_id}|{at.isoformat()}").hex()


def holds(signature: Signature) -> bool:
    """Tell whether a signature is the one that was given: its mark fits wording, party, person and time."""
    return secrets.compare_digest(
        signature.mark, mark(signature.agreement, signature.party_id, signature.person_id, signature.at)
    )


def keep_paper(number: str, *, by: Person, address: str, language: str = "zh-hans") -> Agreement:
    """Make the paper of an agreement in force, once, and keep it with its hash; `address` is that of the check page.

    Raises Missing for who is no party and not the mediator; Refused 'agreement-missing', 'paper-fonts-missing'.
    """
    at = clock.now()
    with write():
        case = steps.locked_case(number, by=by)
        row = queries.agreement(case, by=by)
        if row is None or row.agreed_at is None:
            raise Refused("agreement-missing") if rules.channels(by, case) else Missing
        if row.paper_sealed is None:
            made = papers.agreement(case, row, address=address, language=language)
            row.paper_hash = hashlib.sha256(made).hexdigest()
            row.paper_sealed = sealed_file(made)
            row.save(update_fields=["paper_sealed", "paper_hash"])
            new = {"agreement": row.pk, "sha256": row.paper_hash}
            steps.note(case, "case.paper-made", actor=actor(by.pk), at=at, new=new)
        return row
