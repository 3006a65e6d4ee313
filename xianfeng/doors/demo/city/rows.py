"""Rows written in bulk: ids taken beforehand, so that rows can name each other, then one COPY a table."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

Row = dict[str, Any]


class Ids:
    """Hands out the next ids of a table. Nobody else may write into it before `close`."""

    def __init__(self, model: type[models.Model], *, start: int | None = None) -> None:
        self.table = model._meta.db_table
        self.last = (start or self._next()) - 1

    def _next(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [self.table])
            return int(cursor.fetchone()[0])

    def take(self) -> int:
        """Return the next id."""
        self.last += 1
        return self.last

    def close(self) -> None:
        """Let the database go on after the last id handed out."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)",
                [self.table, max(self.last, 1), self.last > 0],
            )


def copy(model: type[models.Model], rows: Iterable[Row], *, ids: Ids | None = None) -> int:
    """Copy `rows` (column to value; missing columns take the model's default) into the table of `model`.

    Rows without an id get theirs from `ids`, or from the table's own.
    """
    own = ids or Ids(model)
    fields = [field for field in model._meta.concrete_fields if field.column]
    names = ", ".join(f'"{field.column}"' for field in fields)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as pipe,
    ):
        for row in rows:
            given = row if "id" in row else {"id": own.take(), **row}
            pipe.write_row([_value(field, given) for field in fields])
            count += 1
    own.close()
    return count


def _value(field: "models.Field[Any, Any]", row: Row) -> Any:
    value = row[field.attname] if field.attname in row else field.get_default()
    return Jsonb(value) if isinstance(field, models.JSONField) else value
