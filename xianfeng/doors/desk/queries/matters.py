"""One matter whole, as the staff within whose reach it lies see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Matter, Message, Remark


def matter_in(reach: Reach, number: str) -> Matter:
    """Return one matter within reach. Raises Missing for foreign and missing alike."""
    matter = queries.whole().select_related("merged_into").filter(reach.matters(), number=number).first()
    if matter is None:
        raise Missing
    return matter


@dataclass(frozen=True)
class Happened:
    """One row of the record: when, what, who (kind, id, name), with its plain facts as kept."""

    at: datetime
    code: str
    actor_kind: str
    actor_id: int
    old: str
    new: str
    name: str
    staff: bool


_RECORD = """SELECT e.at, e.code, e.actor_kind, e.actor_id, e.old, e.new, coalesce(nullif(s.name, ''), p.name, ''),
    EXISTS (SELECT FROM people_post t WHERE t.person_id = e.actor_id AND e.actor_kind = 'person')
FROM record_entry e LEFT JOIN people_person p ON e.actor_kind = 'person' AND p.id = e.actor_id
LEFT JOIN people_pioneer s ON e.actor_kind = 'person' AND s.spokesperson_id = e.actor_id AND s.kind = 'individual'
WHERE e.subject_kind = %s AND e.subject_id = %s ORDER BY e.position"""


def record_of(kind: str, subject_id: int) -> list[Happened]:
    """Return the whole record of a subject, oldest first, with the names of who acted; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [kind, subject_id])
        return [Happened(*row) for row in cursor.fetchall()]


def talk(matter: Matter) -> list[Message]:
    """Return every message of a matter, oldest first, hidden ones too."""
    rows = (
        Message.objects.filter(matter=matter).select_related("author", "pioneer").prefetch_related("photos")
    )
    return list(rows.order_by("sent_at", "id"))


def remarks(matter: Matter) -> list[Remark]:
    """Return the words given with moves, oldest first."""
    return list(Remark.objects.filter(matter=matter).order_by("at", "id"))


def reports(matter: Matter) -> list[AbuseReport]:
    """Return what was reported about a matter, its talk and its ratings, oldest first."""
    return list(AbuseReport.objects.filter(matter=matter).order_by("reported_at", "id"))
