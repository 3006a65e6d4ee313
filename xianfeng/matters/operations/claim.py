"""Taking a matter: the grab, the accepted booking, the booking turned down."""

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.kernel.transactions import write, write_at_once
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, rules, services, steps
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def claim(number: str, *, by: Person, pioneer: Pioneer | None = None, first_reply: str = "") -> Matter:
    """Grab an open matter for the pioneer `by` speaks for; exactly one of all who try wins.

    The same claim again answers the same. Raises Refused: 'already-taken' (with who and by how much), 'hands-full',
    'own-need', 'kin-need', 'suspended', 'not-a-pioneer', 'not-open'; Missing.
    """
    at = clock.now()
    pioneer = pioneer or people.pioneer_of(by)
    if pioneer is None:
        raise Refused("not-a-pioneer")
    reply = texts.clean_text(first_reply, field="first_reply", limit=500, required=False)
    with write_at_once():
        limit = services.held_at_once()
        won = steps.claim_in_one_statement(
            number, pioneer.id, actor=actor(by.id), at=at, limit=limit, first_reply=reply
        )
        if won:
            idempotency.note("matter", won.id)
            return won
        return _explain(number, pioneer, by=by)


def _explain(number: str, pioneer: Pioneer, *, by: Person) -> Matter:
    """Answer who did not win: the same as before if it was theirs already, or the reason."""
    matter = queries.matter_for(by, number)
    pioneer.refresh_from_db()
    if matter.taken_by_id == pioneer.id and matter.state == State.TAKEN and rules.is_taker(by, matter):
        idempotency.note("matter", matter.id)
        return matter
    refusal = rules.may_claim(pioneer, matter, by=by) or Refusal("try-again")
    if refusal.code == "already-taken":
        refusal = _lost(matter)
    raise Refused(refusal)


def _lost(matter: Matter) -> Refusal:
    late = max(0.0, (clock.now() - matter.taken_at).total_seconds()) if matter.taken_at else 0.0
    name = matter.taken_by.name if matter.taken_by else ""
    params = {
        "winner": name,
        "late_seconds": round(late, 1),
        "taken_at": matter.taken_at,
        "number": matter.number,
    }
    return Refusal("already-taken", params=params)


def accept(number: str, *, by: Person) -> Matter:
    """Accept a booking that was offered to the pioneer `by` speaks for; again answers the same."""
    at = clock.now()
    with write():
        matter = steps.locked(number, by=by)
        if matter.state == State.TAKEN and rules.is_taker(by, matter):
            idempotency.note("matter", matter.id)
            return matter
        pioneer = _offered(matter, by)
        steps.refuse(rules.may_hold(pioneer, matter))
        steps.hold(pioneer.id, services.held_at_once())
        matter = steps.move(
            matter,
            "accept",
            actor=actor(by.id),
            at=at,
            sets={"taken_by_id": pioneer.id, "taken_at": at, "offered_to_id": None},
        )
        steps.begin_handling(matter, pioneer, at)
        idempotency.note("matter", matter.id)
        return matter


def turn_down(number: str, *, by: Person, reason: str = "") -> Matter:
    """Turn a booking down; from now on anybody may grab it."""
    at = clock.now()
    words = texts.clean_line(reason, field="reason", limit=200, required=False)
    with write():
        matter = steps.locked(number, by=by)
        _offered(matter, by)
        steps.free_offer(matter)
        steps.remark(matter, "matter.turned-down", words, by=by, at=at)
        matter = steps.move(
            matter, "turn_down", actor=actor(by.id), at=at, sets={"offered_to_id": None, "offer_id": None},
            new={"pioneer": matter.offered_to_id},
        )  # fmt: skip
        idempotency.note("matter", matter.id)
        return matter


def _offered(matter: Matter, by: Person) -> Pioneer:
    steps.refuse(rules.may_move("accept", matter))
    if matter.offered_to is None or not rules.is_offered(by, matter):
        raise Missing
    return matter.offered_to
