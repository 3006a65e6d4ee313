"""Rooms that keep something of persons: each says how it is told to its person, and how it is erased."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from xianfeng.foundation.people.models import Person

Rows = list[dict[str, Any]]
Tell = Callable[[Person], dict[str, Rows]]
Erase = Callable[[Person, datetime], None]


@dataclass(frozen=True)
class Keeper:
    """A room's name; `tell` returns sections of plain values; `erase` needs an open transaction."""

    name: str
    tell: Tell
    erase: Erase


_keepers: dict[str, Keeper] = {}


def register(name: str, *, tell: Tell, erase: Erase) -> None:
    """Name a room that keeps something of persons; rooms register from the lowest up, as they are started."""
    _keepers[name] = Keeper(name, tell, erase)


def from_below() -> list[Keeper]:
    """Return all keepers, the lowest room first: as a person reads what is kept."""
    return list(_keepers.values())


def from_above() -> list[Keeper]:
    """Return all keepers, the highest room first: what stands on a person goes before the person."""
    return from_below()[::-1]


def rows(found: "QuerySet[Any]", *fields: str) -> Rows:
    """Return `fields` of the rows of a query as plain values."""
    return [dict(row) for row in found.values(*fields)]
