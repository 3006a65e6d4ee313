"""The pages and the API as `xianfeng serve` serves them: a group of processes on a port of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

UP_SECONDS = 60


@dataclass(frozen=True)
class Serving:
    """Where it answers, and where it writes what it has to say."""

    port: int
    log: Path


@contextmanager
def serving(database: str, var: Path, *, workers: int) -> Iterator[Serving]:
    """Serve `database` while in here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with override_settings(STATIC_ROOT=var / "static"):
        call_command("collectstatic", verbosity=0, interactive=False)
    environment = os.environ | {
        "DATABASE_URL": database, "XIANFENG_VAR": str(var), "XIANFENG_SECRET": settings.SECRET_KEY,
    }  # fmt: skip
    words = [sys.executable, "-m", "xianfeng", "serve", "--port", str(port), "--workers", str(workers)]
    with (var / "web.log").open("ab") as log, subprocess.Popen(
        words, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
    ) as process:  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/api/v1/categories")
            yield Serving(port, var / "web.log")
        finally:
            process.terminate()
            process.wait(20)


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
