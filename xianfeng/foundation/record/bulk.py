"""Chains for many subjects at once: the same rows that operations would have written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from xianfeng.foundation.record import digest
from xianfeng.foundation.record.subjects import Actor

ENTRY_COLUMNS = "at, subject_kind, subject_id, position, actor_kind, actor_id, code, old, new, hash"
OUTBOX_COLUMNS = "at, code, subject_kind, subject_id, position, actor_kind, actor_id, old, new, dispatched"


@dataclass
class Chain:
    """One subject's chain while it is built; `head` and `length` go on the subject's row."""

    kind: str
    id: int
    head: bytes = b""
    length: int = 0
    entries: list[tuple[Any, ...]] = field(default_factory=list)

    def add(
        self, code: str, *, actor: Actor, at: datetime,
        old: dict[str, Any] | None = None, new: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Append one entry, as `steps.append` would."""
        before, after = digest.facts(old), digest.facts(new)
        self.length += 1
        self.head = digest.digest(
            self.head, self.kind, self.id, self.length, at, actor.kind, actor.id, code, before, after
        )
        self.entries.append(
            (at, self.kind, self.id, self.length, actor.kind, actor.id, code, before, after, self.head)
        )


def save(chains: Iterable[Chain], *, dispatched: bool) -> int:
    """Copy the entries and outbox rows of `chains` into the database; return how many entries.

    `dispatched` marks the outbox rows as told already (history that nobody is to be told of).
    """
    count = 0
    with connection.cursor() as cursor:
        rows = [entry for chain in chains for entry in chain.entries]
        with cursor.copy(f"COPY record_entry ({ENTRY_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        with cursor.copy(f"COPY record_outbox ({OUTBOX_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_outbox(row, dispatched=dispatched))
    return count


def _outbox(entry: Sequence[Any], *, dispatched: bool) -> tuple[Any, ...]:
    at, kind, subject_id, position, actor_kind, actor_id, code, old, new, _ = entry
    return (at, code, kind, subject_id, position, actor_kind, actor_id, old, new, dispatched)
