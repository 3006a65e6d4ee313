"""Writes of the inbox."""

from collections.abc import Sequence

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.people.models import Person


def mark_read(ids: Sequence[int] | None, *, by: Person) -> int:
    """Mark own notices read (None: all); return how many were unread."""
    with write():
        rows = Notice.objects.filter(person=by, read_at=None)
        if ids is not None:
            rows = rows.filter(pk__in=list(ids))
        return rows.update(read_at=clock.now())
