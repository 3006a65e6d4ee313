"""The API of people: signing in and out, what one says of oneself, the pioneers anybody may see."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import Field

from xianfeng.foundation.kernel import catalogue, cursors
from xianfeng.foundation.kernel.answers import (
    ONE,
    PATIENCE,
    READ,
    SIGNED,
    WRITE,
    Plain,
    answered,
    answers,
    nothing,
)
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import mobiles, operations, queries, sessions, steps
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.foundation.places import queries as areas

router = Router()
PAGE = 20
Id = Annotated[int, Field(ge=1, le=2**53 - 1)]
Cursor = Annotated[str, Field(max_length=400, description="`next` of the page before.")]


class Mobile(Schema):
    """A mobile number: 11 digits, +86 and blanks allowed."""

    mobile: str = Field(max_length=40, examples=["13800000001"])


class CodeSent(Schema):
    """A one-time code is on its way; it ends after `minutes`. `demo_code` is there in the demo alone."""

    minutes: int
    demo_code: str | None = None


class WithoutDemo(Schema):
    """A one-time code is on its way; it ends after `minutes`."""

    minutes: int


class Credentials(Mobile):
    """A number with its code. `consent` is the version of the privacy notice that is agreed to."""

    code: Plain = Field(max_length=20, examples=["123456"])
    device: Plain = Field(
        default="", max_length=120, description="What the sessions' list calls this device."
    )
    consent: Plain | None = Field(default=None, max_length=20)


class Token(Schema):
    """A session. Send the token as `Authorization: Bearer …`; it is shown once and kept nowhere."""

    token: str
    person: int
    expires_in_days: int


class SessionShown(Schema):
    """A sign-in on one device that is still good; `current` is the one that asks."""

    id: int
    device: str
    created_at: datetime
    expires_at: datetime
    current: bool


class Sessions(Schema):
    """The caller's sign-ins, newest first."""

    items: list[SessionShown]


class AreaNamed(Schema):
    """An area of the city: its code, and its name down from the county in the caller's language."""

    code: str
    name: str


class PioneerNamed(Schema):
    """A pioneer as others name it."""

    id: int
    name: str
    kind: str = Field(description="individual or collective")
    index: float | None = Field(description="先锋指数, 0 to 100; null before it was first computed.")


class PioneerShown(PioneerNamed):
    """A pioneer anybody may see."""

    organisation: str
    area: AreaNamed
    skills: list[str]
    motto: str
    deed: str
    helped: int
    since: datetime
    suspended: bool


class PioneerPage(Schema):
    """One page of pioneers, best index first."""

    items: list[PioneerShown]
    next: str | None


class Me(Schema):
    """What the house knows of the caller. The number is masked here too."""

    id: int
    name: str
    mobile: str
    area: AreaNamed | None
    language: str
    mode: str
    consented: str | None = Field(description="Newest version of the privacy notice that was agreed to.")
    privacy_version: str
    speaks_for: list[PioneerNamed]


class Profile(Schema):
    """What a person says of oneself; what is left out stays."""

    name: str | None = Field(default=None, max_length=200)
    area: str | None = Field(default=None, max_length=20, description="An area's code.")
    language: str | None = Field(default=None, pattern="^(zh-hans|en)$")
    mode: str | None = Field(default=None, pattern="^(std|care)$")


class Agreed(Schema):
    """The version of the privacy notice that is agreed to."""

    version: Plain = Field(min_length=1, max_length=20)


def area_named(area: Any) -> AreaNamed:
    """Return an area as bodies name it."""
    return AreaNamed(code=area.code, name=areas.full_name(area, get_language() or ""))


def pioneer_named(pioneer: Pioneer) -> PioneerNamed:
    """Return a pioneer as bodies name it."""
    return PioneerNamed(id=pioneer.id, name=pioneer.name, kind=pioneer.kind, index=pioneer.index)


def _shown(pioneer: Pioneer) -> PioneerShown:
    english = (get_language() or "").startswith("en")
    organisation = pioneer.organisation.name_en if english else pioneer.organisation.name
    return PioneerShown(
        **dict(pioneer_named(pioneer)), organisation=organisation, area=area_named(pioneer.area),
        skills=list(pioneer.skills), motto=pioneer.motto, deed=pioneer.deed, helped=pioneer.helped,
        since=pioneer.since, suspended=pioneer.suspended_at is not None,
    )  # fmt: skip


def _sent(code: str) -> HttpResponse:
    minutes = catalogue.load("people")["code"]["minutes"]
    if settings.DEMO:
        return answered(CodeSent(minutes=minutes, demo_code=code))
    return answered(WithoutDemo(minutes=minutes))


def _code_again(request: HttpRequest, subject_id: int, *, given: Mobile) -> HttpResponse:
    return _sent(operations.code_again())


@router.post(
    "/sessions/code",
    response=answers(CodeSent if settings.DEMO else WithoutDemo, WRITE, READ, PATIENCE),
    summary="Ask for a sign-in code", tags=["people"],
)  # fmt: skip
@keyed(_code_again)
def ask_code(request: HttpRequest, given: Mobile) -> HttpResponse:
    """Send a one-time code to a mobile number. 429 with Retry-After when too many were asked for."""
    return _sent(operations.ask_code(given.mobile, address=request.META.get("REMOTE_ADDR", "")))


def _opened(token: str, person_id: int) -> HttpResponse:
    days = catalogue.load("people")["session"]["days"]
    return answered(Token(token=token, person=person_id, expires_in_days=days), Cache_Control="no-store")


def _token_again(request: HttpRequest, subject_id: int, *, given: Credentials) -> HttpResponse:
    return _opened(steps.new_token(), subject_id)


@router.post(
    "/sessions", response=answers(Token, WRITE, READ), summary="Exchange a code for a token", tags=["people"]
)
@keyed(_token_again)
def open_session(request: HttpRequest, given: Credentials) -> HttpResponse:
    """Open a session. Five tries a code; a code ends with its first use. A new number joins the service."""
    device = given.device or request.headers.get("User-Agent", "")
    opened = operations.sign_in(given.mobile, given.code, device=device, consent=given.consent)
    return _opened(opened.token, opened.person.id)


@router.delete(
    "/sessions", response=answers(None, SIGNED, READ, status=HTTPStatus.NO_CONTENT), auth=SIGNED_IN,
    summary="Sign out", tags=["people"],
)  # fmt: skip
def end_session(request: HttpRequest) -> HttpResponse:
    """End the session that asks; from now on its token opens nothing."""
    operations.sign_out(sessions.token_of(request)[0])
    return nothing()


@router.get(
    "/sessions",
    response=answers(Sessions, SIGNED, READ),
    auth=SIGNED_IN,
    summary="Own sign-ins",
    tags=["people"],
)
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Return where the caller is signed in, so that a lost phone can be signed out."""
    current = sessions.token_hash(sessions.token_of(request)[0])
    items = [
        SessionShown(
            id=row.pk, device=row.device, created_at=row.created_at, expires_at=row.expires_at,
            current=bytes(row.token_hash) == current,
        )
        for row in queries.sessions_of(asker(request))
    ]  # fmt: skip
    return answered(Sessions(items=items))


@router.delete(
    "/sessions/{session_id}", response=answers(None, SIGNED, ONE, READ, status=HTTPStatus.NO_CONTENT), auth=SIGNED_IN,
    summary="End one sign-in", tags=["people"],
)  # fmt: skip
def end_one_session(request: HttpRequest, session_id: Id) -> HttpResponse:
    """End one of the caller's sign-ins; again answers the same."""
    operations.end_session(session_id, by=asker(request))
    return nothing()


def _me(person: Person) -> HttpResponse:
    newest = person.consents.order_by("-at").values_list("version", flat=True).first()
    return answered(
        Me(
            id=person.id, name=person.name, mobile=mobiles.masked(mobiles.opened(bytes(person.mobile_sealed))),
            area=area_named(person.area) if person.area else None, language=person.language, mode=person.mode,
            consented=newest, privacy_version=catalogue.load("people")["privacy"]["version"],
            speaks_for=[pioneer_named(pioneer) for pioneer in queries.pioneers_of(person)],
        )
    )  # fmt: skip


@router.get("/me", response=answers(Me, SIGNED, READ), auth=SIGNED_IN, summary="Who asks", tags=["people"])
def me(request: HttpRequest) -> HttpResponse:
    """Return what the house knows of the caller."""
    return _me(asker(request))


@router.patch(
    "/me", response=answers(Me, SIGNED, ONE, READ, WRITE), auth=SIGNED_IN, summary="Say something of oneself",
    tags=["people"],
)  # fmt: skip
def change_me(request: HttpRequest, given: Profile) -> HttpResponse:
    """Change one's name, area, language or mode."""
    area = areas.by_code(given.area) if given.area else None
    changed = operations.change_profile(
        by=asker(request), name=given.name, area_id=area.pk if area else None, language=given.language,
        mode=given.mode,
    )  # fmt: skip
    return _me(changed)


def _agreed_again(request: HttpRequest, subject_id: int, *, given: Agreed) -> HttpResponse:
    return _me(asker(request))


@router.post(
    "/me/consent", response=answers(Me, SIGNED, READ, WRITE), auth=SIGNED_IN, summary="Agree to the privacy notice",
    tags=["people"],
)  # fmt: skip
@keyed(_agreed_again)
def agree(request: HttpRequest, given: Agreed) -> HttpResponse:
    """Keep that the caller agreed to a version of the privacy notice."""
    operations.give_consent(given.version, by=asker(request))
    return _me(asker(request))


@router.get("/pioneers", response=answers(PioneerPage, ONE, READ), summary="Who can help", tags=["people"])
def list_pioneers(
    request: HttpRequest,
    words: Annotated[str, Field(max_length=60, description="Name, skill or area; two characters are enough.")] = "",
    skill: Annotated[Plain, Field(max_length=30, description="A category's code.")] = "",
    area: Annotated[str, Field(max_length=20, description="An area's code; those below count too.")] = "",
    kind: Annotated[str, Field(pattern="^(individual|collective)?$")] = "",
    organisation: Annotated[Plain, Field(max_length=20, description="Kind of mass organisation: women, youth …")] = "",
    cursor: Cursor | None = None,
) -> HttpResponse:  # fmt: skip
    """Return pioneers, best index first, twenty at a time."""
    rows = queries.directory(
        words=words, skill=skill, area_id=areas.by_code(area).pk if area else None, kind=kind,
        organisation_kind=organisation,
    )  # fmt: skip
    place = cursors.unpack("pioneers", cursor)
    found = list((rows.filter(queries.behind(*place)) if place else rows)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = cursors.pack("pioneers", [last.index, last.id]) if last else None
    return answered(PioneerPage(items=[_shown(pioneer) for pioneer in found[:PAGE]], next=following))


@router.get(
    "/pioneers/{pioneer_id}",
    response=answers(PioneerShown, ONE, READ),
    summary="One pioneer",
    tags=["people"],
)
def read_pioneer(request: HttpRequest, pioneer_id: Id) -> HttpResponse:
    """Return one pioneer."""
    pioneer = queries.pioneer_shown(pioneer_id)
    if pioneer is None:
        raise Missing
    return answered(_shown(pioneer))
