"""A plugin of pytest: the embedded PostgreSQL, held while tests run, unless DATABASE_URL names another server.

It acts when it is imported, since Django's settings are read before any hook of ours could run. Workers of xdist find
DATABASE_URL set already. State stands in var/test; each run has a database name of its own, so that runs side by side
do not meet.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

import psycopg

from xianfeng.config import postgres

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.setdefault("XIANFENG_VAR", str(ROOT / "var" / "test")))


def hold() -> None:
    """Start the server, or join it, and let go of it when this process ends."""
    name = f"run_{os.getpid()}"
    stack = ExitStack()
    url = stack.enter_context(postgres.running(VAR / "postgres", name, durable=False))
    os.environ["DATABASE_URL"] = url

    def end() -> None:
        with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as link:
            for (left,) in link.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{name}%"]
            ).fetchall():
                link.execute(f'DROP DATABASE IF EXISTS "{left}" WITH (FORCE)')
        stack.close()

    atexit.register(end)


if "DATABASE_URL" not in os.environ:
    hold()
