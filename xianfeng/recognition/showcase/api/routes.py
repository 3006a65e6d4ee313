"""The one router of the room, and what its endpoints share."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.answers import Plain
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer

router = Router(tags=["showcase"])
PAGE = 20
Again = Callable[..., HttpResponse]
AreaCode = Annotated[str, Field(max_length=20, description="An area's code; those below count too.")]
Words = Annotated[Plain, Field(max_length=60)]


class Judgement(Schema):
    """A decision of staff, or of who had a benefit; a no needs its reason."""

    decision: Plain = Field(max_length=20)
    reason: str = Field(default="", max_length=2_000)


def speaking_for(pioneer_id: int | None, person: Person) -> Pioneer:
    """Return the pioneer `person` acts for. Raises Refused 'not-a-pioneer' or 'not-the-spokesperson'."""
    mine = people.pioneers_of(person)
    found = next((one for one in mine if pioneer_id in {None, one.id}), None)
    if found is None:
        raise Refused("not-the-spokesperson" if mine else "not-a-pioneer", field="pioneer")
    return found


def paged(
    rows: "QuerySet[Any]", at: str, cursor: str | None, name: str, shown: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return one page of rows, newest first by column `at`, with the cursor of the next."""
    if place := cursors.unpack(name, cursor):
        instant = datetime.fromisoformat(place[0])
        rows = rows.filter(Q(**{f"{at}__lt": instant}) | Q(**{at: instant, "pk__lt": place[1]}))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = cursors.pack(name, [getattr(last, at).isoformat(), last.pk]) if last else None
    return {"items": [shown(row) for row in found[:PAGE]], "next": following}


def asked_by(request: HttpRequest) -> Person | None:
    """Return who asks, if anybody signed in does."""
    person: Person | None = getattr(request, "person", None)
    return person
