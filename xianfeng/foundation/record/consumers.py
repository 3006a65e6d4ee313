"""Who listens to the outbox. Rooms register theirs at start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """One outbox row as a consumer sees it. It may come more than once."""

    id: int
    at: datetime
    code: str
    subject_kind: str
    subject_id: int
    position: int
    actor_kind: str
    actor_id: int
    old: dict[str, Any]
    new: dict[str, Any]


Handler = Callable[[list[Event]], None]


@dataclass(frozen=True)
class Consumer:
    """A name, what it does with a batch of events, and the codes it wants."""

    name: str
    handle: Handler
    codes: frozenset[str]


_consumers: dict[str, Consumer] = {}


def register(name: str, handle: Handler, codes: Iterable[str]) -> None:
    """Let `handle` hear of `codes`, at least once each, in transactions of its own."""
    _consumers[name] = Consumer(name, handle, frozenset(codes))


def registered() -> list[Consumer]:
    """Return all consumers, by name."""
    return [_consumers[name] for name in sorted(_consumers)]
