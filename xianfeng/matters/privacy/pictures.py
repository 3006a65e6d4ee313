"""Photographs go: file first, so that none is left in the store that nobody finds any more."""

from django.db.models import QuerySet

from xianfeng.foundation.people.models import Person
from xianfeng.matters import pictures
from xianfeng.matters.models import Photo


def remove(photos: "QuerySet[Photo]") -> int:
    """Delete photographs with their files; return how many. Needs an open transaction; OSError."""
    rows = list(photos)
    for photo in rows:
        pictures.removed(photo.key)
    Photo.objects.filter(pk__in=[photo.pk for photo in rows]).delete()
    return len(rows)


def remove_of(person: Person) -> int:
    """Delete every photograph that `person` sent."""
    return remove(Photo.objects.filter(owner=person))
