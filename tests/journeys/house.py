"""A living house for journeys: a small demo city in a database of its own, with web, worker and stream processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from tests.doors.demo.test_city import SMALL
from xianfeng.doors.demo.city import build
from xianfeng.doors.demo.pilot import sample
from xianfeng.foundation.people import operations as people
from xianfeng.matters import services
from xianfeng.recognition.merit import tasks as merit

SEED = 7
UP_SECONDS = 40


@dataclass
class House:
    """Where it answers, and its database."""

    web: int
    stream: int
    database: str
    var: Path
    processes: dict[str, subprocess.Popen[bytes]]

    @property
    def url(self) -> str:
        """Return the address of the home page, without a slash at its end."""
        return f"http://127.0.0.1:{self.web}"

    def rows(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """Return what the database says."""
        with psycopg.connect(self.database, autocommit=True) as link:
            return link.execute(statement, given).fetchall()

    def one(self, statement: str, *given: Any) -> Any:
        """Return the first column of the first row. Raises IndexError when there is none."""
        return self.rows(statement, *given)[0][0]

    def person(self, role: str) -> int:
        """Return the person id of one of the cast."""
        return int(self.one("SELECT person_id FROM demo_part WHERE role = %s", role))

    def stop(self, name: str) -> None:
        """End one of the processes."""
        self.processes[name].terminate()
        self.processes[name].wait(10)

    def start(self, name: str) -> None:
        """Start one of the processes, and wait until it answers."""
        words = {
            "web": ("serve", "--port", str(self.web), "--workers", "1"),
            "worker": ("worker",),
            "stream": ("stream", "--port", str(self.stream)),
        }[name]
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "xianfeng", *words], env=self._environment(), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        if port := {"web": self.web, "stream": self.stream}.get(name):
            _wait(f"http://127.0.0.1:{port}/health" if name == "stream" else f"{self.url}/privacy")

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.database, "XIANFENG_VAR": str(self.var), "XIANFENG_SECRET": settings.SECRET_KEY,
            "XIANFENG_DEMO": "1", "XIANFENG_STREAM_PORT": str(self.stream),
            "XIANFENG_SUPERVISOR": str(os.getpid()),
        }  # fmt: skip


def _wait(url: str) -> None:
    until = monotonic() + UP_SECONDS
    while monotonic() < until:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except HTTPError as error:
            if error.code < 500:
                return
        except (URLError, OSError):
            pass
        sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def living(var: Path, database: str) -> Iterator[House]:
    """Build the small city into `database`, where the connection already stands, and let it live in `var`."""
    with override_settings(MEDIA_ROOT=var / "media", STATIC_ROOT=var / "static", DEMO=True):
        services.forget()
        people.found_organisations()
        services.load_catalogue()
        build.build(SEED, lambda _: None, SMALL)
        sample.show()
        merit.refresh()
        call_command("collectstatic", verbosity=0, interactive=False)
    services.forget()
    connections.close_all()
    house = House(_free_port(), _free_port(), database, var, {})
    try:
        for name in ("web", "stream", "worker"):
            house.start(name)
        yield house
    finally:
        for name in house.processes:
            house.stop(name)


@contextmanager
def database_of_its_own(name: str) -> Iterator[str]:
    """Copy the test database to `name` and stand the connection on it; yields its address."""
    whole = str(connection.settings_dict["NAME"])
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{whole}"')
    connection.settings_dict["NAME"] = name
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    try:
        yield f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = whole
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
