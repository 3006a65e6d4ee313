"""Sees what an operation moved: every changed row of every table, and the record and outbox rows it wrote."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from xianfeng.foundation.kernel.refusals import Refused

TOLD_APART = {"record_entry", "record_outbox"}
_FACTS = "subject_kind, subject_id, code, actor_kind, actor_id, old, new"


@dataclass(frozen=True)
class Told:
    """One row of the record (or of the outbox)."""

    kind: str
    id: int
    code: str
    actor: tuple[str, int]
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass
class Seen:
    """What moved: changed row ids by table, and the rows of record and outbox that are new."""

    rows: dict[str, set[int]] = field(default_factory=dict)
    entries: list[Told] = field(default_factory=list)
    outbox: list[Told] = field(default_factory=list)

    @property
    def tables(self) -> set[str]:
        """Return the names of the tables that moved, besides record and outbox."""
        return set(self.rows)

    def only(self, code: str) -> Told:
        """Return the one entry, which must carry `code` and stand in the outbox just so."""
        assert [told.code for told in self.entries] == [code]
        assert self.outbox == self.entries
        return self.entries[0]

    def nothing(self) -> bool:
        """Tell whether nothing at all moved."""
        return not (self.rows or self.entries or self.outbox)


def _tables() -> list[tuple[str, str]]:
    models = [model for model in apps.get_models() if model.__module__.startswith("xianfeng.")]
    keys = {model._meta.db_table: str(model._meta.pk.column) for model in models}
    return sorted(
        (name, key) for name, key in keys.items() if name not in TOLD_APART and not name.startswith("places_")
    )


def _state() -> dict[tuple[str, int], str]:
    parts = (f"SELECT '{name}', {key}::text, md5(t::text) FROM {name} t" for name, key in _tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {(table, row): digest for table, row, digest in cursor.fetchall()}


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - constants
        return int(cursor.fetchone()[0])


def told_since(table: str, last: int) -> list[Told]:
    """Return the rows of `table` (record_entry, record_outbox) after the id `last`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FACTS} FROM {table} WHERE id > %s ORDER BY id", [last])  # noqa: S608
        rows = cursor.fetchall()
    return [
        Told(kind, subject, code, (actor_kind, actor_id), json.loads(old), json.loads(new))
        for kind, subject, code, actor_kind, actor_id, old, new in rows
    ]


@contextmanager
def watching() -> Iterator[Seen]:
    """Fill what is yielded, at the end, with all that moved meanwhile."""
    seen, before = Seen(), _state()
    entry, outbox = _last("record_entry"), _last("record_outbox")
    yield seen
    after = _state()
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):
            seen.rows.setdefault(key[0], set()).add(int(key[1]))
    seen.entries, seen.outbox = told_since("record_entry", entry), told_since("record_outbox", outbox)


@contextmanager
def refused(code: str, field_at_fault: str | None = None) -> Iterator[dict[str, Any]]:
    """Hold that what is done inside is refused with `code`, and that nothing moved; yields the parameters."""
    params: dict[str, Any] = {}
    with watching() as seen, pytest.raises(Refused) as caught:
        yield params
    assert caught.value.refusal.code == code
    if field_at_fault:
        assert caught.value.refusal.field == field_at_fault
    params.update(caught.value.refusal.params)
    assert seen.nothing()
