"""The record of a round, with who acted. What was said stands beside the rows it belongs to."""

from django.db import connection

from xianfeng.doors.desk.queries.matters import Happened

_RECORD = """SELECT e.at, e.code, e.actor_kind, e.actor_id, e.new, coalesce(p.name, ''), true, ''
FROM record_entry e LEFT JOIN people_person p ON e.actor_kind = 'person' AND p.id = e.actor_id
WHERE e.subject_kind = 'round' AND e.subject_id = %s ORDER BY e.position"""


def record_of(pk: int) -> list[Happened]:
    """Return the whole record of a round, oldest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [pk])
        return [Happened(*row) for row in cursor.fetchall()]
