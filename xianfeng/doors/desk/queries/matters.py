"""One matter whole, as the staff within whose reach it lies see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.doors.desk.queries.reported import with_words
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.matters import queries
from xianfeng.matters.models import AbuseReport, Matter, Message, Photo


def matter_in(reach: Reach, number: str) -> Matter:
    """Return one matter within reach. Raises Missing for foreign and missing alike."""
    matter = queries.whole().select_related("merged_into").filter(reach.matters(), number=number).first()
    if matter is None:
        raise Missing
    return matter


@dataclass(frozen=True)
class Happened:
    """One row of the record: when, what, who (kind, id, name), its facts as kept, and the words given with it."""

    at: datetime
    code: str
    actor_kind: str
    actor_id: int
    new: str
    name: str
    staff: bool
    said: str


_RECORD = """SELECT e.at, e.code, e.actor_kind, e.actor_id, e.new, coalesce(nullif(s.name, ''), p.name, ''),
    EXISTS (SELECT FROM people_post t WHERE t.person_id = e.actor_id AND e.actor_kind = 'person'),
    coalesce((SELECT r.text FROM {remark} r WHERE r.{subject} = e.subject_id AND r.code = e.code AND r.at = e.at
        ORDER BY r.id LIMIT 1), '')
FROM record_entry e LEFT JOIN people_person p ON e.actor_kind = 'person' AND p.id = e.actor_id
LEFT JOIN people_pioneer s ON e.actor_kind = 'person' AND s.spokesperson_id = e.actor_id AND s.kind = 'individual'
WHERE e.subject_kind = %s AND e.subject_id = %s ORDER BY e.position"""
_REMARKS = {"matter": ("matters_remark", "matter_id"), "pioneer": ("people_pioneer_remark", "pioneer_id")}


def record_of(kind: str, subject_id: int) -> list[Happened]:
    """Return the whole record of a matter or a pioneer, oldest first, with who acted and what they said."""
    remark, subject = _REMARKS[kind]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD.format(remark=remark, subject=subject), [kind, subject_id])
        return [Happened(*row) for row in cursor.fetchall()]


def talk(matter: Matter) -> list[Message]:
    """Return every message of a matter, oldest first, hidden ones too."""
    rows = Message.objects.filter(matter=matter).select_related("author", "pioneer")
    return list(rows.order_by("sent_at", "id"))


def photos(matter: Matter) -> list[Photo]:
    """Return every photograph of a matter, oldest first: of the need, its reports and its messages."""
    return list(matter.photos.order_by("id"))


def sent_with(photographs: Sequence[Photo]) -> dict[int, list[Photo]]:
    """Return by message id the photographs that were sent with it."""
    found: dict[int, list[Photo]] = {}
    for photo in photographs:
        if photo.message_id:
            found.setdefault(photo.message_id, []).append(photo)
    return found


def reports(matter: Matter) -> list[AbuseReport]:
    """Return what was reported about a matter, its talk and its ratings, oldest first."""
    return list(with_words(AbuseReport.objects.filter(matter=matter)).order_by("reported_at", "id"))
