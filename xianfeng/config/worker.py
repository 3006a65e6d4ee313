"""The worker process: carries the outbox to its consumers and keeps the clocks.

The outbox loop is a plain thread, so that a need is told within a second; the index follows ratings in another, so that
scoring holds up no notice; what has a rhythm is a periodic task of
procrastinate (config/tasks.py). Everything is a transaction, so this process may be killed at any moment.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from xianfeng.config.database import parameters

log = logging.getLogger(__name__)
SHORTEST_IDLE = 0.2
LONGEST_IDLE = 1.0
LONGEST_RETRY = 30.0
STOP_SECONDS = 2.5


def run() -> None:
    """Work until SIGTERM or SIGINT; stopped within 3 s in any case."""
    from xianfeng.foundation.people import remembered
    from xianfeng.matters import services

    stop = threading.Event()
    remembered.begin(parameters("xianfeng worker: catalogue"), also={services.CHANNEL: services.forget})
    outbox = threading.Thread(target=carry, args=(_carry_once, stop), name="outbox", daemon=True)
    index = threading.Thread(target=carry, args=(_follow_index, stop), name="index", daemon=True)
    for thread in (outbox, index):
        thread.start()
    try:
        asyncio.run(_tasks(stop))
    finally:
        stop.set()
        for thread in (outbox, index):
            thread.join(STOP_SECONDS / 2)


def carry(once: Callable[[], int], stop: threading.Event) -> None:
    """Call `once` again and again: at once while it moves rows, later and later when idle or failing."""
    idle, retry = SHORTEST_IDLE, 1.0
    while not stop.is_set():
        try:
            moved = once()
        except Exception:
            log.exception("the outbox could not be carried on; trying again in %.0f s", retry)
            _drop_connection()
            stop.wait(retry)
            retry = min(retry * 2, LONGEST_RETRY)
            continue
        retry = 1.0
        idle = SHORTEST_IDLE if moved else min(idle * 1.25, LONGEST_IDLE)
        if not moved:
            stop.wait(idle)


def _carry_once() -> int:
    from xianfeng.foundation.record import dispatch

    return dispatch.run_once()


def _follow_index() -> int:
    from xianfeng.recognition.merit import tasks

    return tasks.follow()


def _drop_connection() -> None:
    try:
        connection.close()
    except Exception:  # noqa: BLE001 - a broken connection may fail to close; a new one is opened anyway
        close_old_connections()


async def _tasks(stop: threading.Event) -> None:
    """Run procrastinate's worker; a signal stops it, and cuts off what does not end in time."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, stop, asyncio.current_task())
    runner = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with runner.open_async():
        try:
            await runner.run_worker_async(
                concurrency=2,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=1.5,
                fetch_job_polling_interval=5.0,
            )
        except asyncio.CancelledError:
            log.info("stopped")


def _stop(stop: threading.Event, task: "asyncio.Task[None] | None") -> None:
    stop.set()
    if task:
        task.cancel()
    last = threading.Timer(STOP_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
