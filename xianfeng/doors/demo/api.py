"""The demo's part of the API: who can be signed in. Mounted only where the demo is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.doors.demo.cast import CastMember, cast
from xianfeng.foundation.kernel.answers import ONE, READ, answered, answers
from xianfeng.foundation.kernel.refusals import Missing

router = Router(tags=["demo"])


class Member(Schema):
    """One of the cast: an invented person whom anybody may be, or a program with its key."""

    name: str
    role: str = Field(
        description="Begins with resident, firm, pioneer, stranger or staff; open311 is a program."
    )
    mobile: str = Field(description="Empty for a program.")
    what: str
    api_key: str | None = Field(default=None, description="Of a program: what it sends to /open311/v2.")


class CastList(Schema):
    """The cast."""

    items: list[Member]


@router.get("/demo/cast", response=answers(CastList, ONE, READ), summary="The demo's cast")
def list_cast(request: HttpRequest) -> HttpResponse:
    """Return the cast: sign in as any of them with POST /sessions/code and the `demo_code` it answers."""
    if not settings.DEMO:
        raise Missing
    return answered({"items": [_shown(one) for one in cast()]})


def _shown(one: CastMember) -> dict[str, str]:
    """Return one of the cast as Member; only a program has a key."""
    told = {"name": one.name, "role": one.role, "mobile": one.mobile, "what": one.what}
    return told | {"api_key": one.api_key} if one.api_key else told
