"""Thousands of phones on one stream process: how soon after its commit an event is at ninety-nine of a hundred."""

import json
import resource
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, perf_counter, sleep
from typing import Any

import psutil
import psycopg

PHONES, EVENTS, EVERY_SECONDS = 5_000, 20, 1.0
WITHIN_MS = 300.0
OPENING_SECONDS = 45  # a ticket opens for sixty
_TELL = """WITH told AS (INSERT INTO record_announcement (at, topic, code, payload)
    VALUES (clock_timestamp(), 'feed', 'matter.opened', %s) RETURNING id)
SELECT id, pg_notify('announcements', '') FROM told"""


@dataclass(frozen=True)
class Reached:
    """What was measured: milliseconds from the commit, each of the worst event; memory in MB of the process."""

    phones: int
    events: int
    p50_ms: float
    p99_ms: float
    last_ms: float
    missing: int
    memory_mb: float


@contextmanager
def stream(port: int, root: str, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """Run one stream process while in here, as `xianfeng stream` does."""
    words = [sys.executable, "-m", "xianfeng", "stream", "--port", str(port)]
    with subprocess.Popen(words, cwd=root, env=environment) as process:  # noqa: S603 - our own words
        try:
            _until_up(port)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _until_up(port: int) -> None:
    until = monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.1)
        else:
            return


def measure(port: int, url: str, process: psutil.Process, ticket: str, phones: int = PHONES) -> Reached:
    """Open so many streams, tell events one after the other, and take the time of each at each phone."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, phones + 2_000), most))
    with selectors.DefaultSelector() as selector, psycopg.connect(url, autocommit=True) as link:
        lines = _opened(port, ticket, phones, selector)
        _drain(selector, 2.0)
        events = [_one(selector, link, lines) for _ in range(EVENTS)]
        held = [process, *process.children(recursive=True)]
        memory = max(one.memory_info().rss for one in held) / (1 << 20)
        for line in lines:
            line.close()
    return _told(phones, events, memory)


def _told(phones: int, events: list[list[float]], memory_mb: float) -> Reached:
    ordered = [sorted(one) for one in events]

    def worst(share: float) -> float:
        return round(1000 * max(one[max(0, int(len(one) * share) - 1)] for one in ordered if one), 1)

    missing = sum(phones - len(one) for one in events)
    return Reached(phones, len(events), worst(0.5), worst(0.99), worst(1.0), missing, round(memory_mb, 1))


def _opened(port: int, ticket: str, phones: int, selector: selectors.BaseSelector) -> list[socket.socket]:
    """Open the streams, a few hundred at a time, each answered before the next are."""
    request = f"GET /stream?ticket={ticket} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
    lines: list[socket.socket] = []
    until = monotonic() + OPENING_SECONDS
    while len(lines) < phones:
        if monotonic() > until:
            raise TimeoutError(f"only {len(lines)} of {phones} streams were open after {OPENING_SECONDS} s")
        fresh = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(250, phones - len(lines)))]
        for line in fresh:
            line.sendall(request)
        for line in fresh:
            if not line.recv(4_096).startswith(b"HTTP/1.1 200"):
                raise ConnectionError("a stream was refused")
            line.setblocking(False)
            selector.register(line, selectors.EVENT_READ)
        lines += fresh
    return lines


def _drain(selector: selectors.BaseSelector, seconds: float) -> None:
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        for key, _ in selector.select(left):
            _read(key.fileobj)


def _read(line: Any) -> bytes:
    part: bytes = line.recv(16_384)
    if not part:
        raise ConnectionError("a stream was cut")
    return part


def _one(
    selector: selectors.BaseSelector, link: psycopg.Connection[Any], lines: list[socket.socket]
) -> list[float]:
    """Tell one event; return after how many seconds it was at each phone that got it within a time."""
    told = link.execute(_TELL, [json.dumps({"number": "000101-000001"})]).fetchone()
    start, mark = perf_counter(), b"id: %d\n" % (told or [0])[0]
    came: list[float] = []
    until = monotonic() + EVERY_SECONDS
    while len(came) < len(lines) and (left := until + 2 - monotonic()) > 0:
        for key, _ in selector.select(left):
            if mark in _read(key.fileobj):
                came.append(perf_counter() - start)
    _drain(selector, max(0.0, until - monotonic()))
    return came
