"""Rows written in bulk: ids taken beforehand, so that rows can name each other, then one COPY a table."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from xianfeng.foundation.kernel.copying import copy_values

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
    count = copy_values(model, (row if "id" in row else {"id": own.take(), **row} for row in rows))
    own.close()
    return count
