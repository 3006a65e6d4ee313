"""Sessions that a web process remembers, so that a request need not ask who asks.

PostgreSQL tells every process when anything changes that a session says (triggers, one NOTIFY a transaction, none where
nothing of it changed); the process then forgets all of them. What is remembered is used only while the process hears:
without a connection that was heard from lately every request asks the database, as it does in tests and commands,
which do not listen. Why: docs/adr/0012-remembered-sessions.md.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

import psycopg
from psycopg import sql

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.queries import Holder, Signed

CHANNEL = "people_changed"
Also = Mapping[str, Callable[[], None]]
MOST = 50_000
HEARD_EVERY_SECONDS = 2.0
DEAF_AFTER_SECONDS = 6.0
log = logging.getLogger(__name__)


class Sessions:
    """Holders of sessions by the hash of their token."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Holder] = {}
        self._lock = threading.Lock()
        self._changes = 0
        self._heard_at = float("-inf")

    def holder(self, token_hash: bytes) -> Signed | None:
        """Return who holds the live session of this token hash; no statement while it is remembered."""
        if monotonic() - self._heard_at > DEAF_AFTER_SECONDS:
            return queries.holder_of_session(token_hash)
        now = clock.now()
        kept = self._kept.get(token_hash)
        if kept is None:
            kept = self._ask(token_hash, now)
        return kept.signed() if kept and kept.expires_at > now else None

    def _ask(self, token_hash: bytes, now: datetime) -> Holder | None:
        """Ask, and keep the answer unless something changed while it was under way."""
        changes = self._changes
        found = queries.session_row(token_hash, now)
        if found:
            with self._lock:
                if changes == self._changes:
                    if len(self._kept) >= MOST:
                        self._kept.clear()
                    self._kept[token_hash] = found
        return found

    def forget(self) -> None:
        """Forget everything: something changed."""
        with self._lock:
            self._changes += 1
            self._kept.clear()

    def listen(self, given: dict[str, Any], ended: threading.Event, also: Also | None = None) -> None:
        """Hear of changes until `ended`, over a connection of its own (`given`: psycopg's parameters).

        `also`: other channels, each with what forgets when it is heard, or when something may have been missed.
        """
        while not ended.is_set():
            try:
                self._hear(given, {CHANNEL: self.forget, **(also or {})})
            except psycopg.Error as error:
                if not ended.is_set():
                    log.warning("sessions are not remembered until the database answers again: %s", error)
            self._heard_at = float("-inf")
            self.forget()
            ended.wait(1.0)

    def _hear(self, given: dict[str, Any], channels: Also) -> None:
        with psycopg.connect(**given, autocommit=True) as link:
            for channel, forget in channels.items():
                link.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                forget()
            while True:
                asked = monotonic()
                link.execute("SELECT 1")  # a silent connection may be a dead one
                self._heard_at = asked
                for note in link.notifies(timeout=HEARD_EVERY_SECONDS, stop_after=1):
                    channels[note.channel]()


sessions = Sessions()


def begin(given: dict[str, Any], also: Also | None = None) -> None:
    """Let this process listen, in a thread of its own that ends with it; `also` as in Sessions.listen."""
    threading.Thread(
        target=sessions.listen, args=(given, threading.Event(), also), name="remembered", daemon=True
    ).start()
