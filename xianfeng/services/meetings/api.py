"""The API of meetings: those the caller may see, their agenda and hand-over list; and proposals for anybody."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.people.api import Cursor, Id
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.foundation.places import queries as places
from xianfeng.services.meetings import paper, queries
from xianfeng.services.meetings.models import Item, Meeting, Proposal, Task
from xianfeng.services.meetings.operations import calling, running
from xianfeng.services.meetings.operations.calling import Call, Point
from xianfeng.services.meetings.operations.running import Order
from xianfeng.services.meetings.states import PUBLIC

router = Router(tags=["meetings"])
PAGE = 20


class AgendaItem(Schema):
    """An item of an agenda; `carried`: it was left by an earlier meeting."""

    id: int
    title: str
    carried: bool
    state: str
    matter: str | None
    minutes: str
    decision: str


class HandedTask(Schema):
    """A line of the hand-over list: the matter, and the organisation in charge."""

    item: int
    matter: str
    state: str
    organisation: str


class MeetingShown(Schema):
    """A meeting with its agenda and what was handed over."""

    id: int
    kind: str
    state: str
    title: str
    area: str
    place: str
    starts_at: datetime
    items: list[AgendaItem]
    tasks: list[HandedTask]


class MeetingLine(Schema):
    """A meeting in a list."""

    id: int
    kind: str
    state: str
    title: str
    area: str
    starts_at: datetime


class Meetings(Schema):
    """One page, the latest first."""

    items: list[MeetingLine]
    next: str | None


class MeetingCall(Schema):
    """A meeting to be called; those whose roles belong to its kind are invited."""

    kind: Plain = Field(max_length=20, description="joint, consultation or assignment")
    area: Plain = Field(max_length=20, description="An area's code.")
    title: str = Field(max_length=500)
    place: str = Field(max_length=500)
    starts_at: datetime
    matters: list[Plain] = Field(default=[], max_length=30, description="Numbers of matters for the agenda.")


class AgendaPoint(Schema):
    """What goes on an agenda: a matter by its number, or a title."""

    title: str = Field(default="", max_length=500)
    matter: Plain = Field(default="", max_length=24)


class Decision(Schema):
    """A decision."""

    decision: str = Field(max_length=5_000)


class MeetingTask(Schema):
    """A task for an organisation; without a title the item's own matter is handed over."""

    organisation: Id
    title: str = Field(default="", max_length=500)
    text: str = Field(default="", max_length=5_000)


class CallOff(Schema):
    """Why a meeting is called off."""

    reason: str = Field(max_length=2_000)


class ProposalShown(Schema):
    """A proposal of a think tank and how far it is."""

    id: int
    title: str
    text: str
    state: str
    area: str
    who: str
    made_at: datetime
    built_at: datetime | None


class Proposals(Schema):
    """One page, newest first."""

    items: list[ProposalShown]
    next: str | None


def _paged(rows: "QuerySet[Any]", at: str, cursor: str | None, name: str) -> tuple[list[Any], str | None]:
    if place := cursors.unpack(name, cursor):
        instant = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(**{f"{at}__lt": instant}) | Q(**{at: instant, "pk__lt": place[1]}))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], cursors.pack(name, [getattr(last, at).isoformat(), last.pk]) if last else None


def _line(row: Meeting) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "state": row.state, "title": row.title, "area": row.area.code,
        "starts_at": row.starts_at,
    }  # fmt: skip


def _whole(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = queries.meeting_for(asker(request), pk)
    items = [_item(one) for one in queries.agenda(row)]
    return {
        **_line(row),
        "place": row.place,
        "items": items,
        "tasks": [_task(one) for one in queries.tasks(row)],
    }


def _task(one: Task) -> dict[str, Any]:
    return {
        "item": one.item_id, "matter": one.matter.number, "state": one.matter.state,
        "organisation": one.organisation.code,
    }  # fmt: skip


def _item(one: Item) -> dict[str, Any]:
    matter = one.task.matter if one.task else one.matter
    return {
        "id": one.pk, "title": paper.title(one), "carried": one.carried, "state": one.state,
        "matter": matter.number if matter else None, "minutes": one.minutes, "decision": one.decision,
    }  # fmt: skip


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_whole(request, subject_id), HTTPStatus.CREATED)


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_whole(request, subject_id))


CHANGED = answers(MeetingShown, SIGNED, ONE, READ, WRITE)


@router.get(
    "/meetings", response=answers(Meetings, SIGNED, READ), auth=SIGNED_IN, summary="Meetings one may see"
)
def read_meetings(request: HttpRequest, cursor: Cursor | None = None) -> HttpResponse:
    """Return the meetings the caller called, is invited to, or leads the area of."""
    found, following = _paged(queries.of(asker(request)), "starts_at", cursor, "meetings")
    return answered({"items": [_line(row) for row in found], "next": following})


@router.get(
    "/meetings/{meeting_id}",
    response=answers(MeetingShown, SIGNED, ONE, READ),
    auth=SIGNED_IN,
    summary="One meeting",
)
def read_meeting(request: HttpRequest, meeting_id: Id) -> HttpResponse:
    """Return one meeting with its agenda, decisions and hand-over list."""
    return answered(_whole(request, meeting_id))


@router.post(
    "/meetings", auth=SIGNED_IN, summary="Call a meeting",
    response=answers(MeetingShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_made)
def call(request: HttpRequest, given: MeetingCall) -> HttpResponse:
    """Call a meeting for an area the caller leads."""
    area = places.by_code(given.area)
    plan = Call(given.kind, area.pk, given.title, given.place, given.starts_at, numbers=given.matters)
    return answered(_whole(request, calling.call(plan, by=asker(request)).pk), HTTPStatus.CREATED)


@router.post("/meetings/{meeting_id}/open", auth=SIGNED_IN, summary="Open a meeting", response=CHANGED)
@keyed(_again)
def open_meeting(request: HttpRequest, meeting_id: Id) -> HttpResponse:
    """Open a meeting: what earlier ones left unfinished comes first."""
    return answered(_whole(request, running.open_meeting(meeting_id, by=asker(request)).pk))


@router.post(
    "/meetings/{meeting_id}/items", auth=SIGNED_IN, summary="Put something on an agenda", response=CHANGED
)
@keyed(_again)
def add_item(request: HttpRequest, meeting_id: Id, given: AgendaPoint) -> HttpResponse:
    """Put a matter or a title on the agenda."""
    calling.add_item(meeting_id, Point(given.title, given.matter), by=asker(request))
    return answered(_whole(request, meeting_id))


@router.post("/meetings/{meeting_id}/close", auth=SIGNED_IN, summary="Close a meeting", response=CHANGED)
@keyed(_again)
def close(request: HttpRequest, meeting_id: Id) -> HttpResponse:
    """Close a meeting; what is undecided goes back to the next one."""
    return answered(_whole(request, running.close(meeting_id, by=asker(request)).pk))


@router.post("/meetings/{meeting_id}/cancel", auth=SIGNED_IN, summary="Call a meeting off", response=CHANGED)
@keyed(_again)
def cancel(request: HttpRequest, meeting_id: Id, given: CallOff) -> HttpResponse:
    """Call a meeting off; what was decided stays."""
    return answered(_whole(request, calling.cancel(meeting_id, by=asker(request), reason=given.reason).pk))


@router.post("/meeting-items/{item_id}/decide", auth=SIGNED_IN, summary="Decide an item", response=CHANGED)
@keyed(_again)
def decide(request: HttpRequest, item_id: Id, given: Decision) -> HttpResponse:
    """Decide an item; a decision stays."""
    return answered(_whole(request, running.decide(item_id, given.decision, by=asker(request)).meeting_id))


@router.post(
    "/meeting-items/{item_id}/hand-over", auth=SIGNED_IN, summary="Hand a task over", response=CHANGED
)
@keyed(_again)
def hand_over(request: HttpRequest, item_id: Id, given: MeetingTask) -> HttpResponse:
    """Put a task on the hand-over list: a matter with its own clock."""
    order = Order(given.organisation, given.title, given.text)
    return answered(_whole(request, running.hand_over(item_id, order, by=asker(request)).meeting_id))


@router.get("/proposals", response=answers(Proposals, READ), summary="Proposals")
def read_proposals(request: HttpRequest, state: Plain = "", cursor: Cursor | None = None) -> HttpResponse:
    """Return the proposals anybody may read; `state`: studied, adopted, building, built or stopped."""
    rows = queries.public_proposals(state=state if state in PUBLIC else "")
    found, following = _paged(rows, "made_at", cursor, "proposals")
    return answered({"items": [_proposal(row) for row in found], "next": following})


@router.get("/proposals/{proposal_id}", response=answers(ProposalShown, ONE, READ), summary="One proposal")
def read_proposal(request: HttpRequest, proposal_id: Id) -> HttpResponse:
    """Return one proposal the caller may read."""
    person: Person | None = getattr(request, "person", None)
    return answered(_proposal(queries.proposal_for(person, proposal_id)))


def _proposal(row: Proposal) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "text": row.text, "state": row.state, "area": row.area.code,
        "who": public_name(row.author.name), "made_at": row.made_at, "built_at": row.built_at,
    }  # fmt: skip
