"""The one clock: every operation asks it, so that tests can move it, and a past year can be replayed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` within: only for scripts that replay what is long past."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
