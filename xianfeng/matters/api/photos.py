"""Photographs: sent one by one, attached by their keys, fetched in three sizes."""

from http import HTTPStatus
from typing import Annotated, BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Schema
from ninja.files import UploadedFile
from pydantic import Field

from xianfeng.foundation.kernel.answers import ONE, READ, SIGNED, WRITE, Plain, answered, answers
from xianfeng.foundation.kernel.keyed import keyed
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.signed_in import SIGNED_IN, asker
from xianfeng.matters import pictures, queries
from xianfeng.matters.api.routes import move, router
from xianfeng.matters.api.shapes import Number, shown
from xianfeng.matters.models import Photo
from xianfeng.matters.operations import photos

JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}


class PhotoShown(Schema):
    """A photograph that was taken in; its key attaches it, and fetches it."""

    key: str
    width: int
    height: int


class Attached(Schema):
    """Which photograph, and whether it shows the need or what was done."""

    key: Plain = Field(max_length=32)
    purpose: str = Field(default="need", pattern="^(need|report)$")


def _shown(photo: Photo) -> HttpResponse:
    return answered(PhotoShown(key=photo.key, width=photo.width, height=photo.height), HTTPStatus.CREATED)


def _again(request: HttpRequest, subject_id: int, **_: object) -> HttpResponse:
    return _shown(queries.own_photo(asker(request), subject_id))


@router.post(
    "/photos", response=answers(PhotoShown, SIGNED, READ, WRITE, status=HTTPStatus.CREATED), auth=SIGNED_IN,
    summary="Send a photograph", tags=["photos"],
)  # fmt: skip
@keyed(_again)
def take_in(request: HttpRequest, photo: File[UploadedFile]) -> HttpResponse:
    """Take in a JPEG, PNG, WebP or GIF of at most 10 MB: turned upright, stripped of EXIF, kept in three sizes."""
    return _shown(photos.take_in(cast("BinaryIO", photo), photo.size or 0, by=asker(request)))


@move("photos", "Attach a photograph", tags=["photos"])
def attach(request: HttpRequest, number: Number, given: Attached) -> HttpResponse:
    """Attach an own photograph: the requester to the need, the taker to the report."""
    return answered(shown(photos.attach(number, given.key, by=asker(request), purpose=given.purpose)))


@router.get(
    "/photos/{key}/{size}", response=answers(None, ONE, READ), summary="Fetch a photograph", tags=["photos"],
    openapi_extra={"responses": {HTTPStatus.OK: JPEG}},
)  # fmt: skip
def read_photo(
    request: HttpRequest, key: str, size: Annotated[str, Field(description="small, medium or large")]
) -> HttpResponse:
    """Return a photograph that the caller may see, as JPEG: 320, 800 or 1600 pixels on its longer edge."""
    if size not in pictures.SIZES or not key.isascii() or not key.isprintable():
        raise Missing
    photo = queries.photo_for(getattr(request, "person", None), key)
    file = default_storage.open(pictures.path(photo.key, size))
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return cast("HttpResponse", FileResponse(file, content_type="image/jpeg", headers=headers))
