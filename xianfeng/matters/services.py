"""Services as versioned data: what the catalogue says, kept in the database, read once a process."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.models import Service
from xianfeng.matters.states import State


@dataclass(frozen=True)
class Definition:
    """One version of a service: how its matters live. Limits are in minutes."""

    code: str
    version: int
    data: dict[str, Any]

    @property
    def handover(self) -> str:
        """'grab': anyone recognised may take it; 'book': it is offered to one pioneer first."""
        return str(self.data["handover"])

    @property
    def first_state(self) -> State:
        """Where a new matter of this service stands."""
        if self.data["filing"]:
            return State.RAISED
        return State.OFFERED if self.handover == "book" else State.OPEN

    def minutes(self, state: State) -> int:
        """Return the limit of a state in minutes."""
        return int(self.data["limits_minutes"][state])

    def number(self, name: str) -> int:
        """Return a plain number of the service: reopen_days, rating_days, …"""
        return int(self.data["numbers"][name])


def load_catalogue() -> int:
    """Bring catalogue/services into the database: a changed definition is a new version. Return how many changed."""
    changed = 0
    for name in catalogue.names("services"):
        data = catalogue.load(f"services/{name}")
        newest = Service.objects.filter(code=data["code"]).order_by("-version").first()
        if newest is None or newest.definition != data:
            Service.objects.filter(code=data["code"]).update(current=False)
            version = newest.version + 1 if newest else 1
            Service.objects.create(code=data["code"], version=version, definition=data)
            changed += 1
    forget()
    return changed


@cache
def version(code: str, number: int) -> Definition:
    """Return one version of a service."""
    row = Service.objects.get(code=code, version=number)
    return Definition(row.code, row.version, row.definition)


@cache
def _current(code: str) -> Definition | None:
    row = Service.objects.filter(code=code, current=True).first()
    return Definition(row.code, row.version, row.definition) if row else None


def current(code: str) -> Definition:
    """Return the version new matters are raised under. Raises Refused 'service-unknown'."""
    found = _current(code)
    if found is None:
        _current.cache_clear()
        raise Refused("service-unknown", field="service")
    return found


def all_current() -> list[Definition]:
    """Return the current version of every service, by code."""
    rows = Service.objects.filter(current=True).order_by("code")
    return [Definition(row.code, row.version, row.definition) for row in rows]


def forget() -> None:
    """Read services anew on next use."""
    version.cache_clear()
    _current.cache_clear()


def held_at_once() -> int:
    """Return how many matters one pioneer may hold at once, over all services."""
    return int(catalogue.load("limits")["pioneer"]["held_at_once"])
