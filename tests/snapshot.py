"""What operations wrote once in this process, written again for a test in one go.

The cast takes 140 statements of the real operations, a third of a second each time. Identities and times are those of
that once; sequences have moved on since, so what tests add never meets them.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

Made = TypeVar("Made")


@dataclass(frozen=True)
class Snapshot(Generic[Made]):
    """The SQL that writes the rows again, and what was made of them."""

    statements: str
    pickled: bytes

    def again(self) -> Made:
        """Write the rows, and return a fresh copy of what was made."""
        with connection.cursor() as cursor:
            cursor.execute(self.statements)
        made: Made = pickle.loads(self.pickled)  # noqa: S301 - our own
        return made


def take(make: Callable[[], Made]) -> Snapshot[Made]:
    """Let `make` write within the test's transaction, keep what it wrote, and take it back."""
    point = (
        transaction.savepoint()
    )  # no block: operations open a durable one, which may only stand in a test's own
    before = _now()
    made = make()
    statements = ";\n".join(filter(None, (_rows(table, before) for table in _tables())))
    transaction.savepoint_rollback(point)
    return Snapshot(statements, pickle.dumps(made))


def _now() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _rows(table: str, before: int) -> str:
    """Return the statement that inserts the rows of a table that are younger than a transaction, '' for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT json_agg(t)::text FROM "{table}" t WHERE t.xmin::text::bigint >= %s',  # noqa: S608
            [before],
        )
        found = cursor.fetchone()[0]
        if found is None:
            return ""
        cursor.execute("SELECT quote_literal(%s)", [found])
        text = cursor.fetchone()[0]
    return f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", {text}::json)'  # noqa: S608
