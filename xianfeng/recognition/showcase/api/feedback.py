"""Feedback: said, read by its two sides and staff, answered."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import Cursor, Id, PioneerNamed, pioneer_named
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.recognition.showcase.api.routes import paged, router
from xianfeng.recognition.showcase.models import Feedback
from xianfeng.recognition.showcase.operations import feedback
from xianfeng.recognition.showcase.queries import lives as queries


class Message(Schema):
    """What is said: a problem (it becomes a need), an idea or thanks."""

    kind: Plain = Field(max_length=20, description="problem, idea or thanks")
    text: str = Field(max_length=5_000)
    about: Plain = Field(max_length=20, description="pioneer, achievement or live")
    id: Id = Field(description="Of what it is about.")


class FeedbackShown(Schema):
    """A message; `matter` is the number of the need a problem became."""

    id: int
    kind: str
    state: str
    pioneer: PioneerNamed
    achievement: int | None
    live: int | None
    matter: str | None
    who: str
    text: str
    sent_at: datetime
    answer: str


class FeedbackPage(Schema):
    """One page, newest first."""

    items: list[FeedbackShown]
    next: str | None


class Answered(Schema):
    """An answer to an idea or thanks."""

    text: str = Field(max_length=5_000)


def _shown(row: Feedback) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "state": row.state, "pioneer": pioneer_named(row.pioneer).dict(),
        "achievement": row.achievement_id, "live": row.live_id, "matter": row.matter.number if row.matter else None,
        "who": public_name(row.author.name), "text": row.text, "sent_at": row.sent_at, "answer": row.answer,
    }  # fmt: skip


def _one(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = queries.feedback_visible_to(asker(request)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return _shown(row)


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_one(request, subject_id), HTTPStatus.CREATED)


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_one(request, subject_id))


@router.get("/feedback", response=answers(FeedbackPage, SIGNED, READ), auth=SIGNED_IN, summary="Own feedback")
def read_mine(request: HttpRequest, cursor: Cursor | None = None) -> HttpResponse:
    """Return what the caller said, and what was said to the pioneers they speak for."""
    return answered(paged(queries.feedback_of(asker(request)), "sent_at", cursor, "feedback", _shown))


@router.post(
    "/feedback", auth=SIGNED_IN, summary="Say something to a pioneer",
    response=answers(FeedbackShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_made)
def send(request: HttpRequest, given: Message) -> HttpResponse:
    """Tell a pioneer of a problem, an idea, or thanks."""
    person = asker(request)
    subject = feedback.about(person, given.about, given.id)
    row = feedback.send(given.kind, given.text, subject, by=person)
    return answered(_one(request, row.pk), HTTPStatus.CREATED)


@router.post(
    "/feedback/{feedback_id}/answer", auth=SIGNED_IN, summary="Answer feedback",
    response=answers(FeedbackShown, SIGNED, ONE, READ, WRITE),
)  # fmt: skip
@keyed(_again)
def answer(request: HttpRequest, feedback_id: Id, given: Answered) -> HttpResponse:
    """Answer an idea or thanks, as the pioneer or as staff."""
    return answered(_one(request, feedback.answer(feedback_id, given.text, by=asker(request)).pk))
