"""Statements that are asked for all the time: bound by the server, so that it parses and plans them once."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor

_Cursor: Any = ServerBindingCursor


def prepared() -> Any:
    """Return a cursor (enter it) whose statements become prepared ones after a few executions (prepare_threshold).

    Django's own cursor writes parameters into the text: a claim would be planned anew each time, which takes longer
    than to execute it. Counted and listened to like every other statement.
    """
    # the stubs know neither Django's way of wrapping a cursor nor psycopg's class
    opened: Any = connections[DEFAULT_DB_ALIAS]
    opened.ensure_connection()
    return opened._prepare_cursor(_Cursor(opened.connection))
