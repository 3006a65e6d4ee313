"""Plants what nobody may do to the record: a superuser takes the guard away, acts, and puts it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from xianfeng.foundation.record import digest, subjects, verify
from xianfeng.foundation.record.models import Entry
from xianfeng.foundation.record.verify import Finding


@contextmanager
def unguarded() -> Iterator[None]:
    """Let the record be changed, as a superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_entry DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE record_entry ENABLE TRIGGER USER")


def run(statement: str, *values: Any) -> None:
    """Execute one statement, the record unguarded; it must touch something."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def chain(kind: str, subject_id: int) -> list[Entry]:
    """Return the entries of one subject, oldest first."""
    return list(Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("position"))


def link(kind: str, subject_id: int) -> tuple[bytes, int]:
    """Return the head and the length that stand on the subject's own row."""
    with connection.cursor() as cursor:
        statement = f"SELECT record_head, record_length FROM {subjects.table(kind)} WHERE id = %s"  # noqa: S608
        cursor.execute(statement, [subject_id])
        head, length = cursor.fetchone()
    return bytes(head), int(length)


def set_link(kind: str, subject_id: int, head: bytes, length: int) -> None:
    """Write a head and a length onto a subject's row."""
    table = subjects.table(kind)
    run(f"UPDATE {table} SET record_head = %s, record_length = %s WHERE id = %s", head, length, subject_id)  # noqa: S608


def rewrite(kind: str, subject_id: int, position: int, new: str) -> None:
    """Change one entry and compute every hash after it anew, the subject's head too: a forgery without a seam."""
    head = b""
    for entry in chain(kind, subject_id):
        facts = new if entry.position == position else entry.new
        head = digest.digest(
            head, kind, subject_id, entry.position, entry.at, entry.actor_kind, entry.actor_id, entry.code, entry.old,
            facts,
        )  # fmt: skip
        run("UPDATE record_entry SET new = %s, hash = %s WHERE id = %s", facts, head, entry.id)
    set_link(kind, subject_id, head, entry.position)


def found() -> list[Finding]:
    """Return all that `verify` finds."""
    return list(verify.findings())
