"""Many new rows at once, by COPY: a bulk insert takes five times as long to write down as to do."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb


def copy_in(rows: Sequence[models.Model], *, without_id: bool = False) -> None:
    """Copy `rows`, all of one model, into its table. `without_id` lets the table number them.

    Nothing is asked of the fields: values are as the columns hold them.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (without_id and field.primary_key)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{meta.db_table}" ({names}) FROM STDIN') as pipe:
        for row in rows:
            pipe.write_row([_value(field, row) for field in fields])


def _value(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return Jsonb(value) if isinstance(field, models.JSONField) else value
