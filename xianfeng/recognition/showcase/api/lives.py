"""Broadcasts: read, proposed, judged, started, ended; reminders and comments."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import AreaNamed, Id, PioneerNamed, pioneer_named
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.foundation.places import queries as areas
from xianfeng.matters.api.shapes import Moment, area_of
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.api.routes import (
    PAGE,
    AreaCode,
    Judgement,
    asked_by,
    router,
    speaking_for,
)
from xianfeng.recognition.showcase.models import Comment, Live
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.operations.lives import Plan
from xianfeng.recognition.showcase.queries import lives as queries

_LAST = 200


class Proposed(Schema):
    """A broadcast as it is proposed; `link` is the stream's address elsewhere."""

    title: str = Field(max_length=400)
    starts_at: Moment
    link: Plain = Field(max_length=1_000)
    text: str = Field(default="", max_length=10_000)
    achievement: Id | None = None
    pioneer: Id | None = None


class LiveShown(Schema):
    """A broadcast. `viewers` counts those who opened its page while it ran or afterwards, each once."""

    id: int
    state: str = Field(description="proposed, announced, live, ended, refused, cancelled or taken-down")
    title: str
    text: str
    link: str
    pioneer: PioneerNamed
    area: AreaNamed
    achievement: int | None
    starts_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    viewers: int


class Lives(Schema):
    """One page: what runs, what comes soonest, what is over. `next` is the number of the next page."""

    items: list[LiveShown]
    next: int | None


class Said(Schema):
    """A comment."""

    text: str = Field(max_length=2_000)


class CommentShown(Schema):
    """A comment; `waits` until the pioneer or staff let it through."""

    id: int
    who: str
    text: str
    waits: bool
    written_at: datetime


class Comments(Schema):
    """Comments the caller may read, newest first."""

    items: list[CommentShown]


def _shown(row: Live) -> dict[str, Any]:
    return {
        "id": row.pk, "state": row.state, "title": row.title, "text": row.text, "link": row.link,
        "pioneer": pioneer_named(row.pioneer).dict(), "area": area_of(row.area_id), "achievement": row.achievement_id,
        "starts_at": row.starts_at, "started_at": row.started_at, "ended_at": row.ended_at, "viewers": row.viewers,
    }  # fmt: skip


@router.get("/lives", response=answers(Lives, ONE, READ), summary="Live broadcasts")
def read_all(
    request: HttpRequest, area: AreaCode = "", pioneer: Id | None = None,
    page: Annotated[int, Field(ge=0, le=_LAST)] = 0,
) -> HttpResponse:  # fmt: skip
    """Return the broadcasts anybody may see."""
    rows = queries.public(area=areas.by_code(area) if area else None, pioneer_id=pioneer)
    found = list(rows[page * PAGE : (page + 1) * PAGE + 1])
    more = page + 1 if len(found) > PAGE and page < _LAST else None
    return answered({"items": [_shown(row) for row in found[:PAGE]], "next": more})


@router.get("/lives/{live_id}", response=answers(LiveShown, ONE, READ), summary="A broadcast")
def read_one(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Return one broadcast that the caller may see."""
    return answered(_shown(queries.live_for(asked_by(request), live_id)))


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_shown(queries.live_for(asker(request), subject_id)))


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_shown(queries.live_for(asker(request), subject_id)), HTTPStatus.CREATED)


_MOVED = answers(LiveShown, SIGNED, ONE, READ, WRITE)


@router.post(
    "/lives", auth=SIGNED_IN, summary="Propose a broadcast",
    response=answers(LiveShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_made)
def propose(request: HttpRequest, given: Proposed) -> HttpResponse:
    """Propose a broadcast of a pioneer the caller speaks for; the organisation decides before it is announced."""
    person = asker(request)
    plan = Plan(given.title, given.starts_at, given.link, given.text, given.achievement)
    row = lives.propose(plan, by=person, pioneer=speaking_for(given.pioneer, person))
    return answered(_shown(row), HTTPStatus.CREATED)


@router.post("/lives/{live_id}/judge", response=_MOVED, auth=SIGNED_IN, summary="Judge a broadcast (staff)")
@keyed(_again)
def judge(request: HttpRequest, live_id: Id, given: Judgement) -> HttpResponse:
    """Decide as staff: announce, refuse or take_down."""
    return answered(_shown(lives.judge(live_id, given.decision, by=asker(request), reason=given.reason)))


@router.post("/lives/{live_id}/start", response=_MOVED, auth=SIGNED_IN, summary="Start a broadcast")
@keyed(_again)
def start(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Start an own announced broadcast; subscribers are told."""
    return answered(_shown(lives.start(live_id, by=asker(request))))


@router.post("/lives/{live_id}/end", response=_MOVED, auth=SIGNED_IN, summary="End a broadcast")
@keyed(_again)
def end(request: HttpRequest, live_id: Id) -> HttpResponse:
    """End an own running broadcast."""
    return answered(_shown(lives.end(live_id, by=asker(request))))


@router.post("/lives/{live_id}/cancel", response=_MOVED, auth=SIGNED_IN, summary="Call a broadcast off")
@keyed(_again)
def cancel(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Call an own broadcast off that has not begun; subscribers are told."""
    return answered(_shown(lives.cancel(live_id, by=asker(request))))


@router.post("/lives/{live_id}/subscribe", response=_MOVED, auth=SIGNED_IN, summary="Be reminded")
@keyed(_again)
def subscribe(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Ask to be reminded of an announced broadcast."""
    lives.subscribe(live_id, by=asker(request))
    return _again(request, live_id)


@router.post(
    "/lives/{live_id}/unsubscribe", response=_MOVED, auth=SIGNED_IN, summary="Not be reminded any more"
)
@keyed(_again)
def unsubscribe(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Ask not to be reminded any more."""
    lives.subscribe(live_id, by=asker(request), wanted=False)
    return _again(request, live_id)


def _comment(row: Comment) -> dict[str, Any]:
    return {
        "id": row.pk, "who": public_name(row.author.name), "text": row.text, "waits": row.state == "waiting",
        "written_at": row.written_at,
    }  # fmt: skip


@router.get("/lives/{live_id}/comments", response=answers(Comments, ONE, READ), summary="Comments")
def read_comments(request: HttpRequest, live_id: Id) -> HttpResponse:
    """Return the newest hundred comments that the caller may read."""
    person = asked_by(request)
    rows = queries.comments_of(queries.live_for(person, live_id), by=person)
    return answered({"items": [_comment(row) for row in rows]})


def _own_comment(request: HttpRequest, comment_id: int) -> Comment:
    row = Comment.objects.filter(pk=comment_id).select_related("author", "live__pioneer").first()
    if row is None or not _may_read(asker(request), row):
        raise Missing
    return row


def _may_read(person: Person, row: Comment) -> bool:
    sides = {row.author_id, row.live.pioneer.spokesperson_id}
    return person.pk in sides or rules.is_staff_of(person, row.live.pioneer)


def _comment_made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_comment(_own_comment(request, subject_id)), HTTPStatus.CREATED)


@router.post(
    "/lives/{live_id}/comments", auth=SIGNED_IN, summary="Comment",
    response=answers(CommentShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_comment_made)
def comment(request: HttpRequest, live_id: Id, given: Said) -> HttpResponse:
    """Write under a broadcast that runs or ended."""
    return answered(_comment(lives.comment(live_id, given.text, by=asker(request))), HTTPStatus.CREATED)


def _comment_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_comment(_own_comment(request, subject_id)))


@router.post(
    "/comments/{comment_id}/judge", auth=SIGNED_IN, summary="Let a comment through, or hide it",
    response=answers(CommentShown, SIGNED, ONE, READ, WRITE),
)  # fmt: skip
@keyed(_comment_again)
def judge_comment(request: HttpRequest, comment_id: Id, given: Judgement) -> HttpResponse:
    """Decide as the pioneer or as staff: `show`, or anything else to hide it."""
    row = lives.judge_comment(comment_id, by=asker(request), shown=given.decision == "show")
    return answered(_comment(row))
