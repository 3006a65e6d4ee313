"""The databases that are measured: one of a run's own, or a large one that was filled before and is kept."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import psycopg
from psycopg import sql

from bench.city import City

OWN, SEEDED = "xianfeng_bench", "xianfeng_bench_seeded"


@contextmanager
def own(url: str, *, like: str | None = None) -> Iterator[str]:
    """Make a database beside that of `url`, empty or a copy of `like`, and drop it afterwards; yields its address."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(_drop(OWN))
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWN)) + _copied(like))
        try:
            yield address(url, OWN)
        finally:
            link.execute(_drop(OWN))


def make(url: str) -> str:
    """Make the database that is kept, empty, in place of one that was there; return its address."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(_drop(SEEDED))
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(SEEDED)))
    return address(url, SEEDED)


def keep(url: str, city: City) -> None:
    """Note what the database that is kept was filled with."""
    with psycopg.connect(url, autocommit=True) as link:
        told = sql.SQL("COMMENT ON DATABASE {} IS {}")
        link.execute(told.format(sql.Identifier(SEEDED), sql.Literal(json.dumps(asdict(city)))))


def seeded(url: str) -> City | None:
    """Return what the database that is kept was filled with; None if there is none, or it was not filled to its end."""
    with psycopg.connect(url) as link:
        found = link.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [SEEDED]
        ).fetchone()
    return City(**json.loads(found[0])) if found and found[0] else None


def drop(url: str) -> None:
    """Drop the database that is kept."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(_drop(SEEDED))


def address(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def _copied(like: str | None) -> sql.Composable:
    return sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(like)) if like else sql.SQL("")
