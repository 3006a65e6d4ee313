"""Private parts of writing into files of persons; what writes to the database needs an open transaction."""

import secrets
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from xianfeng.foundation.kernel import idempotency
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.recognition.honours import titles
from xianfeng.recognition.honours.models import Dossier, Item

_KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def today(at: datetime) -> date:
    """Return the city's day of an instant."""
    return timezone.localtime(at).date()


def file_of(pioneer: Pioneer, *, by: Person, at: datetime) -> Dossier:
    """Return the file of a pioneer; on first need it is opened, or the one of before they were recognised goes on."""
    found = Dossier.objects.filter(pioneer=pioneer).first()
    if found is None and pioneer.kind == "individual":
        found = _joined(pioneer, by=by, at=at)
    if found is not None:
        return found
    fresh = Dossier(
        person_id=pioneer.spokesperson_id, pioneer=pioneer, organisation_id=pioneer.organisation_id,
        area_id=pioneer.area_id, kind=pioneer.kind, name=pioneer.name, profile=_profile(pioneer),
        specialities=sorted(pioneer.skills),
    )  # fmt: skip
    try:
        with transaction.atomic():
            return new_file(fresh, by=by, at=at)
    except IntegrityError:  # somebody opened it at the same moment
        return Dossier.objects.get(pioneer=pioneer)


def _profile(pioneer: Pioneer) -> str:
    return "\n".join(filter(None, (pioneer.motto, pioneer.deed)))[: titles.numbers("file")["profile_length"]]


def _joined(pioneer: Pioneer, *, by: Person, at: datetime) -> Dossier | None:
    """Tie the file of a candidate to the pioneer they have become."""
    row = Dossier.objects.filter(person_id=pioneer.spokesperson_id, kind="individual", pioneer=None).first()
    if row is None:
        return None
    sets = {"pioneer_id": pioneer.pk, "organisation_id": pioneer.organisation_id, "area_id": pioneer.area_id}
    record.change(
        "dossier",
        row.pk,
        "dossier.recognised",
        actor=actor(by.id),
        at=at,
        new={"pioneer": pioneer.pk},
        sets=sets,
    )
    row.refresh_from_db()
    return row


def new_file(row: Dossier, *, by: Person, at: datetime) -> Dossier:
    """Insert a file with its first entry."""
    row.opened_at = row.changed_at = at
    row.save(force_insert=True)
    new = {"person": row.person_id, "pioneer": row.pioneer_id}
    record.append("dossier", row.pk, "dossier.opened", actor=actor(by.id), at=at, new=new)
    return row


def add(row: Dossier, item: Item, *, by: Person, at: datetime) -> Item:
    """Put an entry into a locked file. Raises Refused 'file-full'."""
    most = titles.numbers("file")["items"]
    if row.items.filter(removed_at=None).count() >= most:
        raise Refused("file-full", most=most)
    item.dossier, item.told_by, item.told_at = row, by, at
    item.save(force_insert=True)
    new = {"item": item.pk, "kind": item.kind}
    record.append("dossier", row.pk, "dossier.item-added", actor=actor(by.id), at=at, new=new)
    idempotency.note("dossier", row.pk)
    return item


def check_document(data: bytes) -> str:
    """Return what a document is, told by its content: pdf, png or jpg. Raises Refused."""
    most = titles.numbers("file")["megabytes"]
    if len(data) > most * 1024 * 1024:
        raise Refused("document-too-big", field="document", megabytes=most)
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None:
        raise Refused("document-unreadable", field="document")
    return kind


def store(data: bytes) -> str:
    """Keep a document and return its key. Raises OSError."""
    key = f"{secrets.token_urlsafe(24)}.{check_document(data)}"
    default_storage.save(document_path(key), ContentFile(data))
    return key


def document_path(key: str) -> str:
    """Return where a document stands in the store."""
    return f"documents/{key}"
