"""What consumers of the outbox call to tell people; needs an open transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.record import announcements


@dataclass(frozen=True)
class Telling:
    """One notice to write: to whom, the code of its sentence, what it is about (a number), and references."""

    person_id: int
    code: str
    about: str
    event_id: int
    at: datetime
    params: dict[str, Any] = field(default_factory=dict)


def tell(tellings: Iterable[Telling]) -> int:
    """Write notices, each once however often its event comes, and announce them to their persons' streams."""
    rows = [
        Notice(
            person_id=telling.person_id, code=telling.code, about=telling.about, params=telling.params,
            event_id=telling.event_id, at=telling.at,
        )
        for telling in tellings
    ]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    announcements.announce(
        [announcements.Note(f"person:{row.person_id}", row.code, {"about": row.about}) for row in rows]
    )
    return len(rows)
