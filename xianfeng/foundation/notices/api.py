"""The API of the inbox: what the caller was told, and marking it read."""

from datetime import datetime
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.answers import READ, SIGNED, WRITE, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.notices import operations, queries
from xianfeng.foundation.people.api import Cursor, Id
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker

router = Router(tags=["inbox"], auth=SIGNED_IN)
PAGE = 20


class NoticeShown(Schema):
    """One line: the sentence in the caller's language, and the number of the need it is about."""

    id: int
    code: str
    sentence: str
    about: str
    at: datetime
    unread: bool


class Inbox(Schema):
    """One page of the inbox, newest first; `unread` counts all."""

    items: list[NoticeShown]
    unread: int
    next: str | None


class Read(Schema):
    """Which notices were read; without ids, all."""

    ids: list[Id] | None = Field(default=None, max_length=1000)


class Marked(Schema):
    """How many are still unread."""

    unread: int


@router.get("/inbox", response=answers(Inbox, SIGNED, READ), summary="Inbox")
def read_inbox(
    request: HttpRequest, cursor: Cursor | None = None, limit: Annotated[int, Field(ge=1, le=100)] = PAGE
) -> HttpResponse:
    """Return the caller's notices, newest first."""
    person, rows = asker(request), queries.inbox(asker(request))
    if place := cursors.unpack("inbox", cursor):
        at = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=place[1]))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    lines = [queries.line(notice, get_language() or "zh-hans") for notice in found[:limit]]
    return answered(
        Inbox(
            items=[NoticeShown(**line.__dict__) for line in lines], unread=queries.unread_count(person),
            next=cursors.pack("inbox", [last.at.isoformat(), last.id]) if last else None,
        )
    )  # fmt: skip


def _unread(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    return answered(Marked(unread=queries.unread_count(asker(request))))


@router.post("/inbox/read", response=answers(Marked, SIGNED, READ, WRITE), summary="Mark read")
@keyed(_unread)
def mark_read(request: HttpRequest, given: Read | None = None) -> HttpResponse:
    """Mark own notices read."""
    operations.mark_read(given.ids if given else None, by=asker(request))
    return _unread(request)
