"""The one router of the room: ninja joins methods of a path only within a router."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, answered, answers
from xianfeng.foundation.kernel.keyed import Endpoint, keyed
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.rows import as_model
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import queries
from xianfeng.matters.api.shapes import MatterShown, shown

router = Router(tags=["matters"])
MOVED = answers(MatterShown, SIGNED, ONE, READ, WRITE)


def again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    """Answer a repeated move with the matter as it stands."""
    return answered(shown(queries.matter_by_id(asker(request), subject_id)))


def move(path: str, summary: str, **more: Any) -> Callable[[Endpoint], Endpoint]:
    """Serve a move of a matter: POST below /matters/{number}, signed in, repeatable, answered with the matter."""

    def wrap(endpoint: Endpoint) -> Endpoint:
        serve = router.post(
            f"/matters/{{number}}/{path}", response=MOVED, auth=SIGNED_IN, summary=summary, **more
        )
        served: Endpoint = serve(keyed(again)(endpoint))
        return served

    return wrap


def speaking_for(pioneer_id: int | None, person: Person) -> Pioneer:
    """Return the pioneer `person` acts for. Raises Refused 'not-a-pioneer' or 'not-the-spokesperson'."""
    mine = people.pioneers_of(person)
    found = next((one for one in mine if pioneer_id in {None, one.id}), None)
    if found is None:
        raise Refused("not-the-spokesperson" if mine else "not-a-pioneer", field="pioneer")
    return found


def first_pioneer(request: HttpRequest) -> Pioneer | None:
    """Return the pioneer the caller acts for first, as the session named it; all but its id is read when asked for."""
    pioneer_id: int | None = getattr(request, "pioneer_id", None)
    return None if pioneer_id is None else as_model(Pioneer, ["id"], [pioneer_id])
