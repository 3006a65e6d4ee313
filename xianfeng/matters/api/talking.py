"""Between the two sides: questions and answers, the other side's number, a team called along."""

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.api import Id
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import queries
from xianfeng.matters.api.routes import router
from xianfeng.matters.api.shapes import Moment, Number
from xianfeng.matters.models import Matter, Message, Visit
from xianfeng.matters.operations import handling, talking


class Words(Schema):
    """A question or an answer. The requester says to which pioneer's thread (the taker's, if not said)."""

    text: str = Field(max_length=10_000)
    pioneer: Id | None = None
    photos: list[Plain] = Field(default=[], max_length=20, description="Keys of POST /photos.")


class MessageShown(Schema):
    """One message of a thread."""

    id: int
    pioneer: int = Field(description="Whose thread it stands in.")
    mine: bool
    author: str
    text: str
    photos: list[str]
    sent_at: datetime


class Talk(Schema):
    """The messages the caller may read, oldest first."""

    items: list[MessageShown]


class Contact(Schema):
    """The other side, in clear; every look is recorded."""

    mobile: str
    address: str


class Called(Schema):
    """The team (a collective) to call along."""

    team: Id


class VisitShown(Schema):
    """A team called to a need in hand, and the visit agreed with it."""

    id: int
    team: int
    name: str
    called_at: datetime
    visit_at: datetime | None
    agreed_at: datetime | None
    declined_at: datetime | None


class Coming(Schema):
    """When the team comes; null turns the call down."""

    visit_at: Moment | None


def _message(message: Message, matter: Matter, reader: int) -> MessageShown:
    pioneer = message.pioneer
    asks = message.author_id != pioneer.spokesperson_id
    author = (matter.firm.name if matter.firm else public_name(message.author.name)) if asks else pioneer.name
    return MessageShown(
        id=message.id, pioneer=pioneer.id, mine=message.author_id == reader, author=author, text=message.text,
        photos=[photo.key for photo in message.photos.all()], sent_at=message.sent_at,
    )  # fmt: skip


@router.get(
    "/matters/{number}/messages", response=answers(Talk, SIGNED, ONE, READ), auth=SIGNED_IN,
    summary="Questions and answers",
)  # fmt: skip
def list_messages(request: HttpRequest, number: Number) -> HttpResponse:
    """Return the talk about a need: all of it for the requester, the own thread for a pioneer."""
    person = asker(request)
    matter = queries.matter_for(person, number)
    return answered(Talk(items=[_message(one, matter, person.id) for one in queries.talk(matter, by=person)]))


def _sent_again(request: HttpRequest, subject_id: int, **given: object) -> HttpResponse:
    message = queries.message_of(asker(request), subject_id)
    return _sent(request, message)


def _sent(request: HttpRequest, message: Message) -> HttpResponse:
    return answered(_message(message, message.matter, asker(request).id), HTTPStatus.CREATED)


@router.post(
    "/matters/{number}/messages", response=answers(MessageShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
    auth=SIGNED_IN, summary="Ask or answer",
)  # fmt: skip
@keyed(_sent_again)
def send_message(request: HttpRequest, number: Number, given: Words) -> HttpResponse:
    """Ask as a pioneer, or answer as the requester; photographs may come along."""
    message = talking.send_message(
        number, given.text, by=asker(request), pioneer_id=given.pioneer, photos=tuple(given.photos)
    )
    return _sent(request, message)


@router.get(
    "/matters/{number}/contact", response=answers(Contact, SIGNED, ONE, READ), auth=SIGNED_IN,
    summary="The other side's number",
)  # fmt: skip
def read_contact(request: HttpRequest, number: Number) -> HttpResponse:
    """Return the other side's number and, for the taker, the door, while the need is in hand. The look is recorded."""
    person = asker(request)
    mobile = talking.show_other_side(number, by=person)
    address = talking.address_for(queries.matter_for(person, number), person)
    return answered(Contact(mobile=mobile, address=address), Cache_Control="no-store")


def _visit(visit: Visit) -> VisitShown:
    return VisitShown(
        id=visit.id, team=visit.team_id, name=visit.team.name, called_at=visit.called_at, visit_at=visit.visit_at,
        agreed_at=visit.agreed_at, declined_at=visit.declined_at,
    )  # fmt: skip


def _visit_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_visit(queries.visit_of(asker(request), subject_id)))


@router.post(
    "/matters/{number}/team", response=answers(VisitShown, SIGNED, ONE, READ, WRITE), auth=SIGNED_IN,
    summary="Call a team",
)  # fmt: skip
@keyed(_visit_again)
def call_team(request: HttpRequest, number: Number, given: Called) -> HttpResponse:
    """Call a collective to a need in hand; calling the same team again answers the same."""
    return answered(_visit(handling.call_team(number, given.team, by=asker(request))))


@router.post(
    "/visits/{visit_id}/answer", response=answers(VisitShown, SIGNED, ONE, READ, WRITE), auth=SIGNED_IN,
    summary="Agree a visit",
)  # fmt: skip
@keyed(_visit_again)
def answer_call(request: HttpRequest, visit_id: Id, given: Coming) -> HttpResponse:
    """Agree, as the team's spokesperson, to come at an instant, or turn the call down."""
    return answered(_visit(handling.answer_call(visit_id, by=asker(request), visit_at=given.visit_at)))
