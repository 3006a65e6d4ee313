"""What the worker does for portraits: the archives of rounds that staff asked for, and their end after some days."""

import logging
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.privacy import looks
from xianfeng.recognition.honours import queries as honours
from xianfeng.recognition.honours.models import Candidacy
from xianfeng.recognition.portraits import paper, shown
from xianfeng.recognition.portraits.models import Batch
from xianfeng.recognition.portraits.queries import fields, portraits

log = logging.getLogger(__name__)
_SAID_EVERY = 5  # portraits, about a second of work


class Overtaken(Exception):
    """Another worker has taken the batch over."""


def make_batches() -> int:
    """Make every archive that waits or was left by a worker that died; return how many."""
    made = 0
    while batch := _next():
        try:
            _make(batch)
            made += 1
        except Overtaken:
            log.warning("batch %s was taken over", batch.pk)
        except Exception:
            log.exception("batch %s could not be made", batch.pk)
            _mine(batch).update(failed_at=clock.now())
    end_old_batches()
    return made


def _next() -> Batch | None:
    """Take the oldest batch that nobody works on; `turn` tells this worker's try from another's."""
    at = clock.now()
    silent = at - timedelta(seconds=portraits.numbers()["batch_silent_seconds"])
    with transaction.atomic():
        free = Batch.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            Q(beat_at=None) | Q(beat_at__lt=silent), done_at=None, failed_at=None
        )
        batch = free.select_related("owner", "round__organisation").order_by("id").first()
        if batch is not None:
            batch.turn, batch.started_at, batch.beat_at, batch.made = batch.turn + 1, at, at, 0
            batch.save(update_fields=["turn", "started_at", "beat_at", "made"])
        return batch


def _mine(batch: Batch) -> "QuerySet[Batch]":
    return Batch.objects.filter(pk=batch.pk, turn=batch.turn, done_at=None, failed_at=None)


def _said(batch: Batch, **columns: object) -> None:
    if not _mine(batch).update(beat_at=clock.now(), **columns):
        raise Overtaken


def _make(batch: Batch) -> None:
    about = honours.run_by(batch.owner, batch.round_id)  # who is no staff any more gets nothing
    rows = list(portraits.candidacies_within(batch.owner, about.pk))
    _said(batch, total=len(rows))
    with translation.override(batch.language), tempfile.TemporaryFile() as file:
        _write(batch, file, rows, fields.field_of(about, len(rows)))
        file.seek(0)
        path = default_storage.save(f"exports/portraits-{batch.pk}-{batch.turn}.zip", File(file))
    with transaction.atomic():
        looks.note_exported(
            {row.pioneer.spokesperson_id for row in rows},
            by=batch.owner,
            export_id=batch.pk,
            kind="portraits",
        )
        _said(batch, made=len(rows), done_at=clock.now(), path=path)


def _write(batch: Batch, file: IO[bytes], rows: list[Candidacy], field: fields.Field) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # a paper is compressed already
        for place, (name, made) in enumerate(_papers(rows, field), 1):
            archive.writestr(name, made)
            if place % _SAID_EVERY == 0:
                _said(batch, made=F("made") + _SAID_EVERY)


def _papers(rows: list[Candidacy], field: fields.Field) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the paper of each candidacy, one in memory at a time."""
    for place, row in enumerate(rows, 1):
        plain = re.sub(r"[^\w-]+", "", str(row.pioneer.name))[:40]
        yield f"{place:04d}-{plain}.pdf", paper.printed(shown.candidate(row, field))


def end_old_batches() -> int:
    """Delete the files of batches whose days are over; return how many."""
    days = timedelta(days=portraits.numbers()["batch_days"])
    count = 0
    for batch in Batch.objects.filter(done_at__lt=clock.now() - days, deleted_at=None).exclude(path=""):
        default_storage.delete(batch.path)
        count += Batch.objects.filter(pk=batch.pk, deleted_at=None).update(deleted_at=clock.now())
    return count
