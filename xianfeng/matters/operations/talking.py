"""Questions and answers between the two sides, and the look at the other side's number."""

from collections.abc import Sequence

from xianfeng.foundation.kernel import catalogue, clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import operations as people_operations
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import queries, rules
from xianfeng.matters.models import Matter, Message, Photo
from xianfeng.matters.operations import contacting
from xianfeng.matters.states import State


def send_message(
    number: str, text: str, *, by: Person, pioneer_id: int | None = None, photos: Sequence[str] = ()
) -> Message:
    """Ask or answer. A pioneer asks in the own thread; the requester answers in one (the taker's if not said)."""
    plain = texts.clean_text(text, field="text", limit=catalogue.load("limits")["matter"]["message_length"])
    at = clock.now()
    with write():
        matter = queries.matter_for(by, number)
        if matter.state in {State.DECLINED, State.WITHDRAWN, State.MERGED}:
            raise Refused("wrong-state", state=matter.state, move="message")
        thread = _thread(matter, by, pioneer_id)
        message = Message.objects.create(matter=matter, pioneer=thread, author=by, text=plain, sent_at=at)
        if photos:
            _attach(photos, message, by)
        new = {"message": message.id, "pioneer": thread.id}
        record.append("matter", matter.id, "matter.messaged", actor=actor(by.id), at=at, new=new)
        idempotency.note("message", message.id)
        return message


def _thread(matter: Matter, by: Person, pioneer_id: int | None) -> Pioneer:
    if rules.is_requester(by, matter):
        thread = pioneer_id or matter.taken_by_id
        if thread is None or not (thread == matter.taken_by_id or _asked(matter, thread)):
            raise Refused("nobody-to-answer", field="pioneer")
        return Pioneer.objects.get(pk=thread)
    if rules.is_taker(by, matter) and matter.taken_by:
        return matter.taken_by
    pioneer = people.pioneer_of(by)
    if pioneer is None:
        raise Refused("not-a-pioneer")
    if matter.state != State.OPEN and not rules.is_offered(by, matter):
        raise Refused("wrong-state", state=matter.state, move="message")
    return pioneer


def _asked(matter: Matter, pioneer_id: int) -> bool:
    return Message.objects.filter(matter=matter, pioneer_id=pioneer_id).exists()


def _attach(keys: Sequence[str], message: Message, by: Person) -> None:
    free = Photo.objects.filter(key__in=list(keys), owner=by, matter=None)
    moved = free.update(matter=message.matter, message=message, purpose="message")
    if moved != len(set(keys)):
        raise Refused("photo-unknown", field="photos")


def show_other_side(number: str, *, by: Person) -> str:
    """Return the other side's mobile number in clear, while the matter is in hand; the look is recorded.

    Raises Missing for others, Refused 'no-contact' where who reported through a program left none.
    """
    matter = queries.matter_for(by, number)
    if matter.state not in {State.TAKEN, State.DONE} or matter.taken_by is None:
        raise Missing
    if rules.is_taker(by, matter) and contacting.is_outside(matter):
        return _reporter(number, by)
    if rules.is_taker(by, matter):
        other = matter.firm.responsible_id if matter.firm else matter.requester_id
    elif rules.is_requester(by, matter):
        other = matter.taken_by.spokesperson_id
    else:
        raise Missing
    return people_operations.show_contact(other, to=by, matter_id=matter.id)


def _reporter(number: str, by: Person) -> str:
    """Return the telephone number of who reported through a program. Raises Refused 'no-contact' without one."""
    phone = contacting.show_reporter(number, by=by).phone
    if not phone:
        raise Refused("no-contact")
    return phone


def address_for(matter: Matter, by: Person) -> str:
    """Return the door of a matter for its two sides while it is in hand, else ''."""
    taken = matter.state in {State.TAKEN, State.DONE} and rules.is_taker(by, matter)
    if matter.address_sealed and (taken or rules.is_requester(by, matter)):
        return keyring.unseal("address", bytes(matter.address_sealed))
    return ""
