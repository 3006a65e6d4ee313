"""What goes out to the streams. Only consumers of the outbox write here, one at a time."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from xianfeng.foundation.kernel import clock

CHANNEL = "announcements"
_LOCK = 4711  # held to the end of the transaction, so that ids appear in the order of commits


@dataclass(frozen=True)
class Note:
    """One thing to tell: to whom ('feed', 'person:7'), what (a code), and references, never personal text."""

    topic: str
    code: str
    payload: dict[str, Any]


def announce(notes: list[Note]) -> None:
    """Write `notes` and wake the stream processes when this transaction commits."""
    if not notes:
        return
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.executemany(
            "INSERT INTO record_announcement (at, topic, code, payload) VALUES (%s, %s, %s, %s)",
            [(at, note.topic, note.code, json.dumps(note.payload)) for note in notes],
        )
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def forget(*topics: str) -> None:
    """Take back what was announced under `topics`; streams that have told it do not tell it again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_announcement WHERE topic = ANY(%s)", [list(topics)])
