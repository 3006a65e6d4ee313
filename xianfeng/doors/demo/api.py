"""The demo's part of the API: who can be signed in. Mounted only where the demo is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xianfeng.doors.demo.cast import cast
from xianfeng.foundation.kernel.answers import ONE, READ, answered, answers
from xianfeng.foundation.kernel.refusals import Missing

router = Router(tags=["demo"])


class Member(Schema):
    """One of the cast: an invented person whom anybody may be."""

    name: str
    role: str = Field(description="Begins with resident, firm, pioneer, stranger or staff.")
    mobile: str
    what: str


class CastList(Schema):
    """The cast."""

    items: list[Member]


@router.get("/demo/cast", response=answers(CastList, ONE, READ), summary="The demo's cast")
def list_cast(request: HttpRequest) -> HttpResponse:
    """Return the cast: sign in as any of them with POST /sessions/code and the `demo_code` it answers."""
    if not settings.DEMO:
        raise Missing
    items = [Member(name=one.name, role=one.role, mobile=one.mobile, what=one.what) for one in cast()]
    return answered(CastList(items=items))
