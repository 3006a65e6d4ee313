"""The database that every test database is a copy of: migrated, with areas and systems, made once for a state of code.

A run has several databases (one a worker, for units, races and journeys), and a developer many runs a day; migrating
each of them took longer than most tests. The name carries a digest of what it comes of, so that a copy is never of
another state; of older ones the newest two stay.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError

import xianfeng
from xianfeng.foundation.places import operations as places
from xianfeng.matters import services

_LOCK = 0x5846  # advisory: one process makes it, the others wait
_KEPT = 2
_PREFIX = "xfmade"
_ROOT = Path(xianfeng.__file__).parent
_LOADERS = ("foundation/places", "foundation/kernel", "matters/systems")
_IMPORTED = re.compile(r"^from (xianfeng[\w.]*) import ([\w, ]+)", re.MULTILINE)


@cache
def name() -> str:
    """Return the template's name for the code as it stands."""
    digest = hashlib.sha256()
    for path in sorted({*_written_by()}):
        digest.update(f"{path.relative_to(_ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return f"{_PREFIX}{digest.hexdigest()[:16]}"


def _written_by() -> Iterator[Path]:
    """Yield what a template comes of: data, migrations, what those import, and who loads areas and systems."""
    yield from (path for path in (_ROOT / "catalogue").rglob("*") if path.is_file())
    for migration in _ROOT.rglob("migrations/*.py"):
        yield migration
        for package, names in _IMPORTED.findall(migration.read_text()):
            inside = _ROOT.parent / package.replace(".", "/")
            found = [inside.with_suffix(".py"), *(inside / f"{one.strip()}.py" for one in names.split(","))]
            yield from (path for path in found if path.is_file())
    for folder in _LOADERS:
        yield from (_ROOT / folder).rglob("*.py")


def copy(database: str) -> None:
    """Make `database` a copy of the template, which is made first where it is missing."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name()])
            if not cursor.fetchone()[0]:
                _make(cursor)
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{name()}"')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _make(cursor: CursorWrapper) -> None:
    """Fill it under another name: one that is there is whole."""
    half = f"{name()}_half"
    cursor.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{half}" TEMPLATE template0')
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = half
    try:
        call_command("migrate", verbosity=0, interactive=False)
        places.load_catalogue()
        services.load_catalogue()
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
    cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name()}"')
    _drop_old(cursor)


def _drop_old(cursor: CursorWrapper) -> None:
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s ORDER BY oid DESC OFFSET %s",
        [f"{_PREFIX}%", name(), _KEPT],
    )
    for (old,) in cursor.fetchall():
        with suppress(OperationalError):  # somebody copies it
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
