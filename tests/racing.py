"""Several processes with several connections each, released together, against one real database.

A job is a function of a test module, named 'module:function': each process sets Django up for itself before it
imports the module. Jobs and their arguments are plain data, so that they can be sent to a new process.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier, Event
from typing import Any

SECONDS = 120
_new = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Try:
    """One attempt: which, what came of it ('won' or the refusal's code), what it answered, and how long it took."""

    of: Any
    outcome: str
    answer: Any
    seconds: float


def race(job: str, hands: Sequence[Sequence[Any]], *, processes: int = 5) -> list[Try]:
    """Let every hand, a connection of its own, play `job` on each of its cards; card n of all hands at one moment.

    `job` gets a card and returns plain data; what it refuses becomes the outcome. Hands are equally long.
    """
    barrier = _new.Barrier(len(hands), timeout=SECONDS)
    shares = [list(hands[start::processes]) for start in range(processes)]
    ends: list[tuple[Any, Connection]] = []
    for share in filter(None, shares):
        mine, theirs = _new.Pipe()
        process = _new.Process(target=_play, args=(job, share, barrier, theirs))
        process.start()
        theirs.close()
        ends.append((process, mine))
    tries = [one for _, pipe in ends for one in _received(pipe)]
    for process, _ in ends:
        process.join(SECONDS)
        assert process.exitcode == 0
    return tries


def _received(pipe: Connection) -> list[Try]:
    assert pipe.poll(SECONDS), "a process of the race did not answer"
    tries: list[Try] = pipe.recv()
    return tries


def _play(job: str, hands: list[list[Any]], barrier: Barrier, pipe: Connection) -> None:
    function = _ready(job)
    tries: list[Try] = []
    threads = [threading.Thread(target=_hand, args=(function, hand, barrier, tries)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    pipe.send(tries)


def _ready(job: str) -> Any:
    import django

    django.setup()
    module, _, name = job.partition(":")
    return getattr(import_module(module), name)


def _hand(function: Any, cards: list[Any], barrier: Barrier, tries: list[Try]) -> None:
    from django.db import connection

    connection.ensure_connection()
    for card in cards:
        barrier.wait()
        tries.append(_one(function, card))
    connection.close()


def _one(function: Any, card: Any) -> Try:
    from xianfeng.foundation.kernel.refusals import Refused, Replayed

    start = time.perf_counter()
    try:
        outcome, answer = "won", function(card)
    except Refused as refused:
        outcome, answer = refused.refusal.code, dict(refused.refusal.params)
    except Replayed as replayed:
        outcome, answer = "replayed", (replayed.subject_kind, replayed.subject_id)
    except Exception as error:  # noqa: BLE001 - told to the test, which expects none
        outcome, answer = type(error).__name__, str(error)
    return Try(card, outcome, answer, time.perf_counter() - start)


def slowest_allowed() -> float:
    """Return a second, or as much more as this machine is asked for more than its cores can do at this moment."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@contextmanager
def killed_at(job: str, *given: Any) -> Iterator[None]:
    """Run `job(reached, *given)` in a process until it calls `reached()`, then enter; kill -9 on leaving."""
    point = _new.Event()
    process = _new.Process(target=_until, args=(job, point, given))
    process.start()
    try:
        until = time.monotonic() + SECONDS
        while not point.wait(0.05):
            assert process.is_alive(), "the process ended before it got there"
            assert time.monotonic() < until
        yield
    finally:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join(SECONDS)


def _until(job: str, point: Event, given: tuple[Any, ...]) -> None:
    def reached(*_: Any, **__: Any) -> None:
        point.set()
        time.sleep(SECONDS)

    _ready(job)(reached, *given)
