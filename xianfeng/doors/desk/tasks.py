"""What the worker does for the desk: long lists out and in, their end after some days, and the titles' search keys."""

import logging
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import translation

from xianfeng.doors.desk.exporting import csvs, sheets, tables
from xianfeng.doors.desk.importing import working
from xianfeng.doors.desk.models import Export
from xianfeng.doors.desk.queries.reach import reach_of
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.privacy import looks

log = logging.getLogger(__name__)


def make_exports() -> int:
    """Make every export that waits, one transaction each; return how many were made.

    The row stays locked while its file is made: a worker that dies gives it back.
    """
    made = 0
    while _make_one():
        made += 1
    end_old_exports()
    return made


def _make_one() -> bool:
    with transaction.atomic():
        waiting = Export.objects.select_for_update(skip_locked=True).filter(done_at=None, failed_at=None)
        export = waiting.order_by("id").first()
        if export is None:
            return False
        export.started_at = clock.now()
        try:
            with transaction.atomic():
                export.rows, export.path = _written(export)
            export.done_at = clock.now()
        except Exception:
            log.exception("export %s could not be made", export.pk)
            export.failed_at = clock.now()
        export.save(update_fields=["started_at", "rows", "path", "done_at", "failed_at"])
        return True


def _written(export: Export) -> tuple[int, str]:
    reach = reach_of(export.owner)
    if reach is None:
        raise PermissionError(f"person {export.owner_id} is no staff any more")
    write = {"csv": csvs.write, "xlsx": sheets.write}[export.format]
    with translation.override(export.language), tempfile.TemporaryFile() as file:
        told_of: set[int] = set()
        found = tables.cells(export.kind, tables.rows(export.kind, reach, export.query), told_of)
        count = write(file, tables.heads(export.kind), found)
        file.seek(0)
        looks.note_exported(told_of, by=export.owner, export_id=export.pk, kind=export.kind)
        return count, default_storage.save(f"exports/{export.pk}.{export.format}", File(file))


def take_lists() -> int:
    """Look at, or take in, every list of pioneers that waits; return how many."""
    return working.work_all()


def end_old_exports() -> int:
    """Delete the files of exports whose days are over; return how many."""
    days = timedelta(days=catalogue.load("desk")["export"]["days"])
    old = Export.objects.filter(done_at__lt=clock.now() - days, deleted_at=None).exclude(path="")
    count = 0
    for export in old:
        default_storage.delete(export.path)
        count += Export.objects.filter(pk=export.pk, deleted_at=None).update(deleted_at=clock.now())
    return count


_PAIRS = """(SELECT coalesce(array_agg(DISTINCT substr(plain, at, 2)), '{}')
    FROM (SELECT regexp_replace(lower(m.title), '\\s', '', 'g') AS plain) t,
    LATERAL generate_series(1, length(plain) - 1) at)"""
_INDEX = f"""INSERT INTO desk_title (matter_id, keys) SELECT m.id, {_PAIRS} FROM matters_matter m
    WHERE m.id > %s AND NOT EXISTS (SELECT FROM desk_title d WHERE d.matter_id = m.id)
    ORDER BY m.id LIMIT %s ON CONFLICT DO NOTHING"""  # noqa: S608 - constants
_BEFORE, BATCH = 10_000, 20_000


def index_titles(*, everything: bool = False) -> int:
    """Give new matters the search keys of their titles; return how many.

    Looked for from a little before the newest that has them (ids commit out of order); `everything` looks at all.
    """
    made = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(matter_id), 0) FROM desk_title")
        start = 0 if everything else max(0, cursor.fetchone()[0] - _BEFORE)
        while True:
            with transaction.atomic():
                cursor.execute(_INDEX, [start, BATCH])
                count = int(cursor.rowcount)
            made += count
            if count < BATCH:
                return made
