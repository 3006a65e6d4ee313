"""A proposal's way, from the first look to the day it is built; every no says why."""

from datetime import datetime

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.services.meetings import kinds, rules, steps
from xianfeng.services.meetings.models import Note, Proposal
from xianfeng.services.meetings.states import ENDS, MOVES, Kind, Who

NEED_WORDS = frozenset({"decline", "stop"})


def move(proposal_id: int, name: str, *, by: Person, words: str = "") -> Proposal:
    """Move a proposal on: study, adopt, begin, finish, decline, stop as who leads there; withdraw as its author.

    A no needs `words`, which its author reads. Raises Missing; Refused 'meeting-wrong-state', 'text-missing'.
    """
    step = MOVES.get((Kind.PROPOSAL, name))
    if step is None:
        raise Missing
    plain, at = _words(words, required=name in NEED_WORDS), clock.now()
    with write():
        row = steps.locked(Proposal, proposal_id)
        if not _may(by, row, step.who):
            raise Missing
        sets = {"built_at": at} if name == "finish" else {}
        row = steps.move(row, name, actor=actor(by.pk), at=at, sets=sets)
        _note(row, step.code, plain, by, at)
        idempotency.note("proposal", row.pk)
        return row


def _may(by: Person, row: Proposal, who: frozenset[Who]) -> bool:
    if Who.AUTHOR in who and row.author_id == by.pk:
        return True
    return Who.LEADER in who and rules.leads(by, row)


def note(proposal_id: int, words: str, *, by: Person) -> Proposal:
    """Say how far a proposal is, as who leads there; its limit begins anew. Raises Missing, Refused."""
    plain, at = _words(words, required=True), clock.now()
    with write():
        row = steps.locked(Proposal, proposal_id)
        if not rules.leads(by, row):
            raise Missing
        if row.state in ENDS[Kind.PROPOSAL]:
            raise Refused("meeting-wrong-state", state=row.state, move="note")
        sets = {"due_at": steps.due(row.KIND, row.state, at), "listed": False}
        record.change("proposal", row.pk, "proposal.noted", actor=actor(by.pk), at=at, sets=sets)
        _note(row, "proposal.noted", plain, by, at)
        idempotency.note("proposal", row.pk)
        row.refresh_from_db(fields=["due_at", "listed"])
        return row


def _words(words: str, *, required: bool) -> str:
    limit = kinds.numbers("proposal")["note_length"]
    return texts.clean_text(words, field="words", limit=limit, required=required)


def _note(row: Proposal, code: str, words: str, by: Person, at: datetime) -> None:
    if words:
        Note.objects.create(proposal=row, code=code, author=by, text=words, at=at)
