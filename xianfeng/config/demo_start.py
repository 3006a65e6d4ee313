"""What the demo needs before Django is set up: a free port, one demo at a time, a database of this seed."""

import argparse
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType

from xianfeng.config import own_database
from xianfeng.config.postgres import NoServer

PORT = 8000
SEED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the demo's arguments to `parser`."""
    parser.add_argument(
        "--port", type=int, default=PORT, help="port of the pages; the stream takes the next free one"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="which city: each number makes another one")
    parser.add_argument(
        "--no-life", action="store_true", help="do not let the city's people act by themselves"
    )


def say(text: str, since: float | None = None) -> None:
    """Print a line of progress, with the seconds since `since`."""
    took = "" if since is None else f"  {monotonic() - since:.1f} s"
    sys.stdout.write(f"  {text}{took}\n")
    sys.stdout.flush()


@contextmanager
def prepared(folder: Path, words: list[str]) -> Iterator[None]:
    """Hold all that while the demo runs. Raises NoServer with one line when something is missing."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    options, _ = parser.parse_known_args(words)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["XIANFENG_DEMO"] = "1"
    signal.signal(signal.SIGINT, _interrupt)  # a shell that starts us behind itself takes Ctrl-C away
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    with _only_demo(folder, options.port):
        if not free(options.port):
            raise NoServer(
                f"port {options.port} is taken: choose another, as in  make demo PORT={options.port + 100}"
            )
        os.environ["XIANFENG_STREAM_PORT"] = str(_stream_port(options.port))
        with _database(folder, options.seed):
            yield


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def free(port: int) -> bool:
    """Tell whether `port` can be opened on all addresses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - phones on the local network shall reach it
        except (OSError, OverflowError):
            return False
    return True


def _stream_port(port: int) -> int:
    found = next((number for number in range(port + 1, port + 100) if free(number)), None)
    if found is None:
        raise NoServer(f"no port above {port} is free for the stream: choose another PORT")
    return found


@contextmanager
def _only_demo(folder: Path, port: int) -> Iterator[None]:
    with (folder / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise NoServer(
                f"a demo of this tree runs already, on port {lock.read().strip()}: stop it first (Ctrl-C), "
                "or give this one a folder of its own with XIANFENG_VAR"
            ) from None
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


@contextmanager
def _database(folder: Path, seed: int) -> Iterator[None]:
    if os.environ.get("DATABASE_URL"):
        yield
        return
    start, name = monotonic(), f"demo_{seed}"
    with own_database.held(folder, name):
        own_database.remember(folder, name)
        say("数据库 database", start)
        try:
            yield
        finally:
            say("数据库停止 stopping the database")
