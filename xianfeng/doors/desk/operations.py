"""What the desk writes for itself: saved filters and asked exports. Nothing of it is anybody else's business."""

from collections.abc import Iterable

from django.db.models import QuerySet

from xianfeng.doors.desk.models import Export, SavedFilter
from xianfeng.foundation.kernel import clock, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy import looks

FILTERS = 20


def saved_filters(person: Person) -> QuerySet[SavedFilter]:
    """Return the filters `person` keeps, by name."""
    return SavedFilter.objects.filter(person=person).order_by("name")


def save_filter(name: str, query: str, *, by: Person) -> SavedFilter:
    """Keep a filter under a name; the same name again means the new one. Raises Refused 'too-many-filters'."""
    plain, at = texts.clean_line(name, field="name", limit=30), clock.now()
    with write():
        Person.objects.select_for_update().get(pk=by.pk)  # two tabs at once must not pass the limit together
        kept = saved_filters(by)
        if not kept.filter(name=plain).exists() and kept.count() >= FILTERS:
            raise Refused("too-many-filters", field="name", limit=FILTERS)
        row, _ = SavedFilter.objects.update_or_create(
            person=by, name=plain, defaults={"query": query[:400], "saved_at": at}
        )
        return row


def drop_filter(filter_id: int, *, by: Person) -> None:
    """Drop one of the own filters. Raises Missing for another's and for none alike."""
    with write():
        gone, _ = SavedFilter.objects.filter(pk=filter_id, person=by).delete()
        if not gone:
            raise Missing


def ask_export(kind: str, query: str, *, file_format: str, language: str, by: Person) -> Export:
    """Ask for a list as a file; the same question again, while it waits, is the same export."""
    asked = {"kind": kind, "query": query[:400], "format": file_format, "language": language}
    with write():
        Person.objects.select_for_update().get(pk=by.pk)
        waiting = Export.objects.filter(owner=by, done_at=None, failed_at=None, **asked).first()
        return waiting or Export.objects.create(owner=by, asked_at=clock.now(), **asked)


def note_export(
    kind: str, query: str, *, file_format: str, language: str, rows: int, told_of: Iterable[int], by: Person
) -> Export:
    """Keep that a list was taken out at once, and write so on the record of everybody it tells of."""
    at = clock.now()
    with write():
        export = Export.objects.create(
            owner=by, kind=kind, query=query[:400], format=file_format, language=language, rows=rows,
            asked_at=at, started_at=at, done_at=at,
        )  # fmt: skip
        looks.note_exported(told_of, by=by, export_id=export.pk, kind=kind)
        return export
