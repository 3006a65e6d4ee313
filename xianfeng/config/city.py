"""Gets a database ready for the demo: tables, catalogue, static files, and the city of a seed, each only if needed."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> bool:
    """Bring the tables up to date; return whether anything had to be done."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def load_catalogue() -> None:
    """Load areas, organisations and whatever else the catalogue holds."""
    call_command("catalogue", "load", verbosity=0)


def collect_static() -> bool:
    """Collect the static files if one of them changed; return whether it was done."""
    stamp, mark = Path(settings.STATIC_ROOT) / ".stamp", _static_mark()
    if stamp.exists() and stamp.read_text() == mark:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=stamp.exists())
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)
    return True


def _static_mark() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def exists(command: str) -> bool:
    """Tell whether the program has `command`."""
    return command in get_commands()


def built_seed() -> int | None:
    """Return the seed of the city that was built to its end in this database, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        row: tuple[Any, ...] = cursor.fetchone() or (None,)
    words = (row[0] or "").split("seed ")
    return int(words[1]) if len(words) == 2 and words[1].isdigit() else None


def is_empty() -> bool:
    """Tell whether nobody lives in this database yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM people_person)")
        row: tuple[Any, ...] = cursor.fetchone() or (True,)
    return bool(row[0])


def build(seed: int) -> None:
    """Build the city of `seed` and note on the database that it is complete."""
    call_command("demo_city", seed=seed)
    call_command("cockpit", "rebuild")
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        cursor.execute(f"COMMENT ON DATABASE {name} IS 'xianfeng demo city, seed {int(seed)}'")


def empty_database() -> None:
    """Take everything out of this database: a city was left half built."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
