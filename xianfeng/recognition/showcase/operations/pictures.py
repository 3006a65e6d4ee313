"""Photographs and films: taken in for their owner, attached, read and taken away."""

import secrets
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

from xianfeng.foundation.kernel import catalogue, clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters import pictures
from xianfeng.recognition.showcase import rules, steps
from xianfeng.recognition.showcase.models import Achievement, Picture

_MEGABYTE = 1 << 20


def take_in(file: BinaryIO, size: int, *, by: Person) -> Picture:
    """Take one photograph in for its owner alone, until it is attached. `size` in bytes.

    Raises Refused 'photo-too-big', 'photo-unreadable', 'photo-too-many-pixels'.
    """
    idempotency.look()
    image = pictures.opened(file, size)
    key = pictures.stored(image)
    try:
        with write():
            row = Picture.objects.create(
                key=key, owner=by, width=image.width, height=image.height, taken_in_at=clock.now()
            )
            idempotency.note("picture", row.pk)
            return row
    except BaseException:
        pictures.removed(key)  # nobody would ever find it
        raise


def told_type(head: bytes) -> str:
    """Return the type of a film by its first bytes: MP4 (or QuickTime) or WebM. Raises Refused 'video-unreadable'."""
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm"
    raise Refused("video-unreadable", field="video")


def film(pk: int, file: BinaryIO, size: int, *, by: Person) -> Achievement:
    """Keep a film with an own achievement that is not sent in yet, in the place of the one before. `size` in bytes.

    Raises Refused 'video-too-big', 'video-unreadable', 'showcase-wrong-state'; Missing.
    """
    most = catalogue.load("showcase")["video"]["megabytes"]
    if size > most * _MEGABYTE:
        raise Refused("video-too-big", field="video", megabytes=most)
    kind, at = told_type(file.read(16)), clock.now()
    file.seek(0)
    key = secrets.token_urlsafe(18)
    default_storage.save(video_path(key), File(file))
    try:
        with write():
            row = _open_to_change(pk, by)
            old = row.video_key
            sets = {"video_key": key, "video_type": kind}
            record.change("achievement", pk, "achievement.changed", actor=actor(by.id), at=at, sets=sets)
            idempotency.note("achievement", pk)
    except BaseException:
        default_storage.delete(video_path(key))
        raise
    if old:
        default_storage.delete(video_path(old))
    row.video_key, row.video_type = key, kind
    return row


def _open_to_change(pk: int, by: Person) -> Achievement:
    row = steps.locked(Achievement, pk)
    if not rules.speaks(by, row.pioneer):
        raise Missing
    if row.state not in {"draft", "returned"}:
        raise Refused("showcase-wrong-state", state=row.state, move="change")
    return row


def video_path(key: str) -> str:
    """Return where a film stands in the store."""
    return f"videos/{key[:2]}/{key}"
