"""The outbox and the announcements are for telling; what was told goes. The record itself stays."""

from datetime import datetime

from django.db import connection

from xianfeng.foundation.kernel import retention

_ANNOUNCED = """DELETE FROM record_announcement WHERE id IN
    (SELECT id FROM record_announcement WHERE at < %s ORDER BY at LIMIT %s)"""
_TOLD = """
WITH told AS (
    SELECT o.id FROM record_outbox o WHERE o.dispatched AND o.at < %s AND NOT EXISTS
        (SELECT FROM record_delivery d WHERE d.outbox_id = o.id AND d.done_at IS NULL)
    ORDER BY o.at LIMIT %s
), deliveries AS (DELETE FROM record_delivery d USING told WHERE d.outbox_id = told.id)
DELETE FROM record_outbox o USING told WHERE o.id = told.id"""


def sweep(at: datetime) -> int:
    """Delete announcements, and events that every consumer has taken, whose days are over."""
    gone = _gone(_ANNOUNCED, retention.cut("announcements", at))
    return gone + _gone(_TOLD, retention.cut("delivered_events", at))


def _gone(statement: str, before: datetime) -> int:
    def delete(limit: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, [before, limit])
            return int(cursor.rowcount)

    return retention.in_batches(delete)
