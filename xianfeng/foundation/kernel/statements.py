"""Statements that are asked for all the time: bound by the server, which parses and plans each of them once.

Django's own cursor writes parameters into the text: a claim would be planned anew each time, which takes longer than
to execute it. And a cursor, with all that stands around it, costs more than what the database has to do; so these
statements go to libpq directly, except where somebody listens to statements or counts them.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

_Cursor: Any = ServerBindingCursor
_NAMED = re.compile(r"%\((\w+)\)s")
Row = tuple[Any, ...]
_Names = dict[tuple[str, tuple[int, ...]], bytes]
_names: WeakKeyDictionary[Any, _Names] = WeakKeyDictionary()  # of what each connection has prepared
_count = count(1)


def ask(text: str, given: Mapping[str, Any]) -> list[Row]:
    """Execute a statement with its %(names)s and return all its rows. Raises what Django's cursor does."""
    opened: Any = connections[DEFAULT_DB_ALIAS]  # the stubs do not know all of it
    if opened.execute_wrappers or opened.queries_logged:
        return _ask_aloud(opened, text, given)
    opened.ensure_connection()
    link = opened.connection
    if not link.autocommit and link.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        return _ask_aloud(opened, text, given)  # psycopg begins the transaction
    opened.validate_no_broken_transaction()
    with opened.wrap_database_errors:
        try:
            return _ask(link, text, given)
        except (errors.FeatureNotSupported, errors.InvalidSqlStatementName):
            # a plan from before a table changed, or one that something between us and the server forgot
            if opened.in_atomic_block:
                raise
            return _ask(link, text, given)


def _ask_aloud(opened: Any, text: str, given: Mapping[str, Any]) -> list[Row]:
    """Ask through a cursor, counted and listened to like every other statement."""
    opened.ensure_connection()
    with opened._prepare_cursor(_Cursor(opened.connection)) as cursor:
        cursor.execute(text, given)
        rows: list[Row] = cursor.fetchall()
        return rows


def _ask(link: Any, text: str, given: Mapping[str, Any]) -> list[Row]:
    numbered, names, formats = _numbered(text)
    transformer: Any = Transformer(link)
    values = transformer.dump_sequence([given[name] for name in names], formats)
    name = _prepared(link, text, numbered, transformer.types)
    result = link.pgconn.exec_prepared(name, values, transformer.formats, pq.Format.TEXT)
    if result.status != pq.ExecStatus.TUPLES_OK:
        _names.pop(link, None)  # the next plans are new ones
        raise errors.error_from_result(result, encoding=transformer.encoding)
    transformer.set_pgresult(result)
    rows: list[Row] = transformer.load_rows(0, result.ntuples, tuple)
    return rows


def _prepared(link: Any, text: str, numbered: bytes, types: tuple[int, ...]) -> bytes:
    """Return the name under which a connection knows a statement for parameters of these types."""
    names = _names.setdefault(link, {})
    name = names.get((text, types))
    if name is None:
        name = f"asked_{next(_count)}".encode()
        result = link.pgconn.prepare(name, numbered, types)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
        names[text, types] = name
    return name


@cache
def _numbered(text: str) -> tuple[bytes, list[str], list[PyFormat]]:
    """Return a statement with $1, $2 … for its names, the names in that order, and how each is sent."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    numbered = _NAMED.sub(number, text).replace("%%", "%")
    return numbered.encode(), names, [PyFormat.AUTO] * len(names)
