"""What staff of the city or of an organisation do: file, decline, merge, assign, extend, hand over."""

from datetime import timedelta

from xianfeng.foundation.kernel import clock, idempotency, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import operations as people_operations
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, rules, services, steps
from xianfeng.matters.duties import steps as duties
from xianfeng.matters.duties.operations.handing import put_on_file
from xianfeng.matters.duties.operations.working import extend as give_time
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.handing import charged_within
from xianfeng.matters.states import ENDS, State


def _in_scope(number: str, by: Person) -> Matter:
    matter = steps.locked(number, by=by)
    if not rules.is_staff_of(by, matter):
        raise Missing
    return matter


def _noted(matter: Matter) -> Matter:
    idempotency.note("matter", matter.id)
    return matter


def file_matter(number: str, *, by: Person) -> Matter:
    """File a raised matter: from now on pioneers may grab it, or the post in charge has it."""
    if queries.has_course(number):
        return put_on_file(number, by=by)
    with write():
        return _noted(steps.move(_in_scope(number, by), "file", actor=actor(by.id), at=clock.now()))


def decline(number: str, *, by: Person, reason: str) -> Matter:
    """Decline a matter nobody has taken, with a reason the requester reads."""
    plain, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter = _in_scope(number, by)
        steps.free_offer(matter)
        duties.end_any(matter, "declined", at)
        steps.remark(matter, "matter.declined", plain, by=by, at=at)
        sets = {"offered_to_id": None, "offer_id": None}
        return _noted(steps.move(matter, "decline", actor=actor(by.id), at=at, sets=sets))


def merge(number: str, survivor: str, *, by: Person) -> Matter:
    """Merge a matter into another that lives on; the record names the survivor."""
    with write():
        for one in sorted({number, survivor}):  # one order for everybody who merges
            steps.locked(one, by=by)
        matter, other = _in_scope(number, by), _in_scope(survivor, by)
        if matter.pk == other.pk or State(other.state) in ENDS:
            raise Refused("merge-invalid", field="survivor")
        steps.free_offer(matter)
        duties.end_any(matter, "merged", clock.now())
        sets = {"merged_into_id": other.pk, "offered_to_id": None, "offer_id": None}
        new = {"survivor": other.number}
        return _noted(steps.move(matter, "merge", actor=actor(by.id), at=clock.now(), sets=sets, new=new))


def assign(number: str, pioneer_id: int, *, by: Person) -> Matter:
    """Put a matter into the hands of a pioneer, by the same rules as a claim."""
    at = clock.now()
    with write():
        matter = _in_scope(number, by)
        pioneer = Pioneer.objects.filter(pk=pioneer_id).first()
        if pioneer is None:
            raise Missing
        steps.refuse(rules.may_move("assign", matter))
        steps.refuse(rules.may_hold(pioneer, matter))
        steps.hold(pioneer.id, services.held_at_once())
        sets = {"taken_by_id": pioneer.id, "taken_at": at, "offer_id": None}
        matter = steps.move(matter, "assign", actor=actor(by.id), at=at, sets=sets)
        steps.begin_handling(matter, pioneer, at)
        return _noted(matter)


def extend(number: str, *, by: Person, reason: str) -> Matter:
    """Give a running limit more time, once, with a reason."""
    if queries.has_course(number):
        return give_time(number, by=by, reason=reason)
    plain, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter = _in_scope(number, by)
        steps.refuse(rules.may_extend(matter))
        minutes = services.version(matter.service_code, matter.service_version).number("extend_minutes")
        due_at = (matter.due_at or at) + timedelta(minutes=minutes)
        steps.remark(matter, "matter.extended", plain, by=by, at=at)
        record.change(
            "matter", matter.id, "matter.extended", actor=actor(by.id), at=at,
            old={"due_at": matter.due_at}, new={"due_at": due_at},
            sets={"due_at": due_at, "extended_count": matter.extended_count + 1},
        )  # fmt: skip
        return _noted(steps.reread(matter))


def transfer(number: str, organisation_id: int, *, by: Person, reason: str) -> Matter:
    """Hand a matter over to another organisation, with a reason: from now on it stands in that one's queue.

    The limit goes on running. Raises Missing without a scope over the matter, Refused 'organisation-unknown',
    'organisation-unstaffed', 'in-charge-already', 'wrong-state'.
    """
    plain, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        matter = _in_scope(number, by)
        return _noted(charged_within(matter, organisation_id, by=by, at=at, reason=plain))


def show_number(number: str, side: str, *, by: Person) -> str:
    """Return the mobile number of the side 'requester' or 'taker' in clear, as staff; the look is recorded.

    Raises Missing outside the scope, and where that side is nobody.
    """
    matter = queries.matter_for(by, number)
    if not rules.is_staff_of(by, matter):
        raise Missing
    asker = matter.firm.responsible_id if matter.firm else matter.requester_id
    taker = matter.taken_by.spokesperson_id if matter.taken_by else None
    person_id = {"requester": asker, "taker": taker}.get(side)
    if person_id is None:
        raise Missing
    return people_operations.show_contact_to_staff(person_id, to=by, matter_id=matter.id)
