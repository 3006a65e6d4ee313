"""Carries outbox rows to their consumers: at least once, each on its own, later and later when it fails."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.record import consumers
from xianfeng.foundation.record.consumers import Consumer, Event

log = logging.getLogger(__name__)
BACK_OFF_SECONDS = (1, 5, 30, 120, 600, 3600)

_SPREAD = """
WITH batch AS (
    SELECT id, code FROM record_outbox WHERE dispatched = false ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), made AS (
    INSERT INTO record_delivery (outbox_id, consumer, attempts, next_try_at, error)
    SELECT b.id, w.consumer, 0, %s, '' FROM batch b
    JOIN unnest(%s::text[], %s::text[]) AS w(consumer, code) ON w.code = b.code
    ON CONFLICT DO NOTHING
)
UPDATE record_outbox o SET dispatched = true FROM batch WHERE o.id = batch.id"""
_DUE = """
SELECT d.id, d.attempts, o.id, o.at, o.code, o.subject_kind, o.subject_id, o.position, o.actor_kind, o.actor_id,
    o.old, o.new
FROM record_delivery d JOIN record_outbox o ON o.id = d.outbox_id
WHERE d.consumer = %s AND d.done_at IS NULL AND d.next_try_at <= %s
ORDER BY d.next_try_at, d.outbox_id LIMIT %s FOR UPDATE OF d SKIP LOCKED"""


def run_once(limit: int = 500) -> int:
    """Spread and deliver what is due now; return how many rows were moved. Idle when it returns 0."""
    moved = spread(limit)
    for consumer in consumers.registered():
        moved += deliver(consumer, limit)
    return moved


def spread(limit: int) -> int:
    """Give every consumer its own delivery row of up to `limit` new outbox rows."""
    wants = [(consumer.name, code) for consumer in consumers.registered() for code in consumer.codes]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _SPREAD, [limit, clock.now(), [name for name, _ in wants], [code for _, code in wants]]
        )
        return int(cursor.rowcount)


def deliver(consumer: Consumer, limit: int) -> int:
    """Hand due events to one consumer as a batch; if the batch fails, one by one."""
    try:
        return _deliver(consumer, limit)
    except Exception as error:  # noqa: BLE001 - a consumer's fault must not stop the others
        log.warning("%s failed on a batch: %s", consumer.name, error)
    count = 0
    for _ in range(min(limit, 50)):
        count += _deliver_one(consumer)
    return count


def _deliver(consumer: Consumer, limit: int) -> int:
    with transaction.atomic():
        rows = _due(consumer, limit)
        if rows:
            consumer.handle([_event(row) for row in rows])
            _done([row[0] for row in rows])
    return len(rows)


def _deliver_one(consumer: Consumer) -> int:
    with transaction.atomic():
        rows = _due(consumer, 1)
        if not rows:
            return 0
        try:
            with transaction.atomic():
                consumer.handle([_event(rows[0])])
            _done([rows[0][0]])
        except Exception as error:
            log.exception("%s failed on outbox row %s", consumer.name, rows[0][2])
            _later(rows[0], error)
    return 1


def _due(consumer: Consumer, limit: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [consumer.name, clock.now(), limit])
        return list(cursor.fetchall())


def _event(row: tuple[Any, ...]) -> Event:
    old, new = json.loads(row[10]), json.loads(row[11])
    event_id, at, code, kind, subject_id, position, actor_kind, actor_id = row[2:10]
    return Event(event_id, at, code, kind, subject_id, position, actor_kind, actor_id, old, new)


def _done(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_delivery SET done_at = %s WHERE id = ANY(%s)", [clock.now(), ids])


def next_try(attempts: int, at: datetime) -> datetime:
    """Return when a delivery that has now failed `attempts` times is tried again."""
    return at + timedelta(seconds=BACK_OFF_SECONDS[min(attempts, len(BACK_OFF_SECONDS)) - 1])


def _later(row: tuple[Any, ...], error: Exception) -> None:
    attempts = row[1] + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_delivery SET attempts = %s, next_try_at = %s, error = %s WHERE id = %s",
            [attempts, next_try(attempts, clock.now()), type(error).__name__, row[0]],
        )
