"""What the desk keeps of a person: filters and lists of staff; the search keys of anybody's titles."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Q

from xianfeng.doors.desk.models import Export, PeopleList, SavedFilter, Title
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.people.privacy.keepers import Rows
from xianfeng.recognition.showcase.operations.adoption import named_by


def tell(person: Person) -> dict[str, Rows]:
    """Tell filters saved, lists asked for and lists sent in; nothing for who never was staff."""
    filters = SavedFilter.objects.filter(person=person).order_by("name").values("name", "query", "saved_at")
    exports = Export.objects.filter(owner=person).order_by("id").values("kind", "query", "asked_at", "rows")
    lists = (
        PeopleList.objects.filter(owner=person).order_by("id").values("name", "sent_at", "taken_at", "lines")
    )
    told: dict[str, Rows] = {
        "saved_filters": [dict(row) for row in filters], "exports": [dict(row) for row in exports],
        "people_lists": [dict(row) for row in lists],
    }  # fmt: skip
    return {name: rows for name, rows in told.items() if rows}


def erase(person: Person, _: datetime) -> None:
    """Delete filters and lists of the person, and the keys by which titles of their needs are found. OSError.

    A need that asks for an achievement of theirs is called by its title: those keys go too.
    """
    named = Q(
        matter__adoption__achievement__pioneer__spokesperson=person,
        matter__adoption__achievement__pioneer__kind="individual",
        matter__title__startswith=named_by(""),
    )
    Title.objects.filter(Q(matter__requester=person) | named).update(keys=[])
    SavedFilter.objects.filter(person=person).delete()
    for export in Export.objects.filter(owner=person):
        if export.path:
            default_storage.delete(export.path)
    Export.objects.filter(owner=person).delete()
    PeopleList.objects.filter(owner=person).delete()
