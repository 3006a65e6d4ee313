"""Achievements: read, written, sent in, judged, used."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Schema
from ninja.files import UploadedFile
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.api import AreaNamed, Cursor, Id, PioneerNamed, pioneer_named
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.foundation.places import queries as areas
from xianfeng.matters import pictures as pipeline
from xianfeng.matters import queries as matters
from xianfeng.matters.api.shapes import MatterShown, area_of
from xianfeng.matters.api.shapes import shown as matter_shown
from xianfeng.recognition.showcase.api.routes import (
    AreaCode,
    Judgement,
    Words,
    asked_by,
    paged,
    router,
    speaking_for,
)
from xianfeng.recognition.showcase.models import Achievement, Picture
from xianfeng.recognition.showcase.operations import achievements, adoption, pictures
from xianfeng.recognition.showcase.operations.achievements import Draft
from xianfeng.recognition.showcase.operations.adoption import Wish
from xianfeng.recognition.showcase.queries import achievements as queries

JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}


class Written(Schema):
    """An achievement as it is written. `pictures` are keys, `matters` numbers of settled needs it came from."""

    kind: Plain = Field(max_length=20, description="method, product, course or case")
    title: str = Field(max_length=400)
    text: str = Field(max_length=30_000)
    video_link: Plain = Field(default="", max_length=1_000)
    pictures: list[Plain] = Field(default=[], max_length=40)
    matters: list[Plain] = Field(default=[], max_length=40)
    grew_from: Id | None = Field(default=None, description="The achievement it grew from.")
    pioneer: Id | None = Field(
        default=None, description="For whom the caller speaks; the first, if not said."
    )


class AchievementShown(Schema):
    """An achievement. `judgement` is what staff said, for its author alone."""

    id: int
    state: str = Field(description="draft, submitted, returned, published, refused, withdrawn or taken-down")
    kind: str
    title: str
    text: str
    video_link: str
    has_film: bool
    grew_from: int | None
    pioneer: PioneerNamed
    area: AreaNamed
    drafted_at: datetime
    published_at: datetime | None
    judgement: str = ""


class LinkShown(Schema):
    """One achievement of a chain, `depth` steps from its root; `yuan` and `jobs` are its own, verified."""

    id: int
    title: str
    pioneer: str
    depth: int
    yuan: int
    jobs: int


class AchievementWhole(AchievementShown):
    """An achievement with its chain from the root down, and the sum of verified income along it (yuan)."""

    pictures: list[str]
    matters: list[str]
    chain: list[LinkShown]
    chain_yuan: int


class AchievementPage(Schema):
    """One page, newest first."""

    items: list[AchievementShown]
    next: str | None


class PictureShown(Schema):
    """A photograph that was taken in; its key attaches it, and fetches it."""

    key: str
    width: int
    height: int


class Wanted(Schema):
    """What somebody wants to use it for, and where (WGS-84 degrees). `firm`: one the caller is responsible for."""

    text: str = Field(default="", max_length=20_000)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    firm: Id | None = None


def shown(row: Achievement, *, own: bool = False) -> dict[str, Any]:
    """Return an achievement as AchievementShown."""
    return {
        "id": row.pk, "state": row.state, "kind": row.kind, "title": row.title, "text": row.text,
        "video_link": row.video_link, "has_film": bool(row.video_key), "grew_from": row.grew_from_id,
        "pioneer": pioneer_named(row.pioneer).dict(), "area": area_of(row.area_id), "drafted_at": row.drafted_at,
        "published_at": row.published_at, "judgement": row.judgement if own else "",
    }  # fmt: skip


def _mine(request: HttpRequest, row: Achievement) -> dict[str, Any]:
    return shown(row, own=row.pioneer.spokesperson_id == asker(request).pk)


@router.get("/achievements", response=answers(AchievementPage, ONE, READ), summary="Published achievements")
def read_all(
    request: HttpRequest, q: Words = "", kind: Words = "", area: AreaCode = "", pioneer: Id | None = None,
    cursor: Cursor | None = None,
) -> HttpResponse:  # fmt: skip
    """Return what is published, newest first; `q` finds by two characters of title, text, author or place."""
    place = areas.by_code(area) if area else None
    rows = queries.published(words=q, kind=kind, area=place, pioneer_id=pioneer)
    return answered(paged(rows, "published_at", cursor, "achievements", shown))


@router.get(
    "/achievements/{achievement_id}", response=answers(AchievementWhole, ONE, READ), summary="An achievement"
)
def read_one(request: HttpRequest, achievement_id: Id) -> HttpResponse:
    """Return one achievement that the caller may see, with its chain."""
    person = asked_by(request)
    row = queries.achievement_for(person, achievement_id)
    links = queries.chain_of(row)
    own = person is not None and row.pioneer.spokesperson_id == person.pk
    more = {
        "pictures": [one.key for one in queries.pictures_of(row)],
        "matters": [matter.number for matter in queries.matters_of(row)],
        "chain": [
            {
                "id": one.id, "title": one.title, "pioneer": one.pioneer, "depth": one.depth, "yuan": one.yuan,
                "jobs": one.jobs,
            }
            for one in links
        ],
        "chain_yuan": sum(one.yuan for one in links),
    }  # fmt: skip
    return answered(shown(row, own=own) | more)


def _draft(given: Written) -> Draft:
    return Draft(
        kind=given.kind, title=given.title, text=given.text, video_link=given.video_link, pictures=given.pictures,
        matters=[one[:24] for one in given.matters], grew_from=given.grew_from,
    )  # fmt: skip


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(_mine(request, queries.achievement_for(asker(request), subject_id)))


def _made(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    row = queries.achievement_for(asker(request), subject_id)
    return answered(_mine(request, row), HTTPStatus.CREATED)


_MADE = answers(AchievementShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED)
_MOVED = answers(AchievementShown, SIGNED, ONE, READ, WRITE)


@router.post("/achievements", response=_MADE, auth=SIGNED_IN, summary="Write an achievement")
@keyed(_made)
def write(request: HttpRequest, given: Written) -> HttpResponse:
    """Keep an achievement as a draft of a pioneer the caller speaks for."""
    person = asker(request)
    row = achievements.draft(_draft(given), by=person, pioneer=speaking_for(given.pioneer, person))
    return answered(_mine(request, row), HTTPStatus.CREATED)


@router.post(
    "/achievements/{achievement_id}/change", response=_MOVED, auth=SIGNED_IN, summary="Change an achievement"
)
@keyed(_again)
def change(request: HttpRequest, achievement_id: Id, given: Written) -> HttpResponse:
    """Change an own draft, or one that was sent back."""
    return answered(_mine(request, achievements.change(achievement_id, _draft(given), by=asker(request))))


@router.post(
    "/achievements/{achievement_id}/submit", response=_MOVED, auth=SIGNED_IN, summary="Send an achievement in"
)
@keyed(_again)
def submit(request: HttpRequest, achievement_id: Id) -> HttpResponse:
    """Send an own achievement in: its organisation decides."""
    return answered(_mine(request, achievements.submit(achievement_id, by=asker(request))))


@router.post(
    "/achievements/{achievement_id}/withdraw",
    response=_MOVED,
    auth=SIGNED_IN,
    summary="Withdraw an achievement",
)
@keyed(_again)
def withdraw(request: HttpRequest, achievement_id: Id) -> HttpResponse:
    """Take an own achievement back."""
    return answered(_mine(request, achievements.withdraw(achievement_id, by=asker(request))))


@router.post(
    "/achievements/{achievement_id}/judge",
    response=_MOVED,
    auth=SIGNED_IN,
    summary="Judge an achievement (staff)",
)
@keyed(_again)
def judge(request: HttpRequest, achievement_id: Id, given: Judgement) -> HttpResponse:
    """Decide as staff: publish, return, refuse or take_down."""
    row = achievements.judge(achievement_id, given.decision, by=asker(request), reason=given.reason)
    return answered(_mine(request, row))


def _asked_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return answered(matter_shown(matters.matter_by_id(asker(request), subject_id)), HTTPStatus.CREATED)


@router.post(
    "/achievements/{achievement_id}/use", auth=SIGNED_IN, summary="Ask to use an achievement",
    response=answers(MatterShown, SIGNED, ONE, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_asked_again)
def use(request: HttpRequest, achievement_id: Id, given: Wanted) -> HttpResponse:
    """Raise a need to the author: the caller wants to use the achievement."""
    matter = adoption.ask(
        achievement_id, Wish(given.text, given.lat, given.lon, given.firm), by=asker(request)
    )
    return answered(matter_shown(matters.matter_by_id(asker(request), matter.pk)), HTTPStatus.CREATED)


def _picture(row: Picture) -> HttpResponse:
    return answered(PictureShown(key=row.key, width=row.width, height=row.height), HTTPStatus.CREATED)


def _picture_again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    row = Picture.objects.filter(pk=subject_id, owner=asker(request)).first()
    if row is None:
        raise Missing
    return _picture(row)


@router.post(
    "/achievement-photos", auth=SIGNED_IN, summary="Send a photograph of an achievement",
    response=answers(PictureShown, SIGNED, READ, WRITE, status=HTTPStatus.CREATED),
)  # fmt: skip
@keyed(_picture_again)
def take_in(request: HttpRequest, photo: File[UploadedFile]) -> HttpResponse:
    """Take in a photograph: turned upright, stripped of EXIF, kept in three sizes."""
    return _picture(pictures.take_in(cast("BinaryIO", photo), photo.size or 0, by=asker(request)))


@router.get(
    "/achievement-photos/{key}/{size}", response=answers(None, ONE, READ), summary="Fetch such a photograph",
    openapi_extra={"responses": {HTTPStatus.OK: JPEG}},
)  # fmt: skip
def read_photo(
    request: HttpRequest, key: str, size: Annotated[str, Field(description="small, medium or large")]
) -> HttpResponse:
    """Return a photograph that the caller may see, as JPEG."""
    if size not in pipeline.SIZES or not key.isascii() or not key.isprintable():
        raise Missing
    row = queries.picture_for(asked_by(request), key)
    path = pipeline.path(row.key, size)
    if not default_storage.exists(path):
        raise Missing
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    file = FileResponse(default_storage.open(path), content_type="image/jpeg", headers=headers)
    return cast("HttpResponse", file)


@router.post("/achievements/{achievement_id}/video", response=_MOVED, auth=SIGNED_IN, summary="Add a film")
@keyed(_again)
def film(request: HttpRequest, achievement_id: Id, video: File[UploadedFile]) -> HttpResponse:
    """Keep a film (MP4 or WebM) with an own achievement that is not sent in yet; 413 `video-too-big`, unread."""
    row = pictures.film(achievement_id, cast("BinaryIO", video), video.size or 0, by=asker(request))
    return answered(_mine(request, row))
