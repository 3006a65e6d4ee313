"""How granian serves the pages and the stream. Why these numbers: docs/adr/0004-processes.md."""

import os
import resource

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import MPServer

from xianfeng.config import gate

MOST_WORKERS = 2
IDLE_SECONDS = 60
WAITING = 2048
STREAMS = 20_000
OPEN_FILES = 65_536


def web(host: str, port: int, workers: int | None = None) -> None:
    """Serve the pages and the API until SIGTERM or SIGINT."""
    _open_files()
    MPServer(
        "xianfeng.config.web:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or min(MOST_WORKERS, os.cpu_count() or 1),
        blocking_threads=gate.THREADS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        backlog=WAITING,
        backpressure=WAITING,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    ).serve()


def stream(host: str, port: int) -> None:
    """Serve the event stream until SIGTERM or SIGINT. Open streams are cut: phones come back by themselves."""
    _open_files()
    MPServer(
        "xianfeng.config.stream:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        workers=1,
        backlog=4096,
        backpressure=STREAMS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        workers_kill_timeout=1,
        log_level=LogLevels.warning,
    ).serve()


def _open_files() -> None:
    """Every stream is an open file; the usual limit of 1,024 is too low."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
