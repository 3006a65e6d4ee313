"""Services as versioned data: what the catalogue says, kept in the database, read once a process."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.duties.courses import Course
from xianfeng.matters.models import Service
from xianfeng.matters.states import State
from xianfeng.matters.systems import composing, known, loading

CHANNEL = "catalogue_changed"  # told by triggers of the database


@dataclass(frozen=True)
class Definition:
    """One version of a service: how its matters live. Limits are in minutes."""

    code: str
    version: int
    data: dict[str, Any]

    @property
    def handover(self) -> str:
        """How a matter comes to who handles it.

        'grab': anyone recognised may take it; 'book': it is offered to one pioneer first; 'nearest': to the nearest one
        who is free; 'duty': the post in charge of the area has it; 'assign': staff hand it to a post.
        """
        return str(self.data["handover"])

    @cached_property
    def course(self) -> Course | None:
        """The course of its matters through posts, where they are not for pioneers."""
        return Course(self.data["course"]) if "course" in self.data else None

    @property
    def first_state(self) -> State:
        """Where a new matter of this service stands."""
        if self.data["filing"]:
            return State.RAISED
        if "course" in self.data:
            return State.FILED
        return State.OFFERED if self.handover == "book" else State.OPEN

    def minutes(self, state: State) -> int:
        """Return the limit of a state in minutes."""
        return int(self.data["limits_minutes"][state])

    def due(self, state: State, at: datetime) -> datetime:
        """Return when the limit of a first state passes that is entered at `at`."""
        if state == State.FILED and self.course:
            return self.course.span("filed_limit").after(at)
        return at + timedelta(minutes=self.minutes(state))

    def number(self, name: str) -> int:
        """Return a plain number of the service: reopen_days, rating_days, …"""
        return int(self.data["numbers"][name])


def load_catalogue() -> int:
    """Bring the house's systems into the database; return how many services have a new version."""
    changed = sum(len(one.changed) for one in loading.load_all(composing.of_the_house().values()))
    forget()
    return changed


@cache
def version(code: str, number: int) -> Definition:
    """Return one version of a service."""
    row = Service.objects.get(code=code, version=number)
    return Definition(row.code, row.version, row.definition)


@cache
def _newest() -> dict[str, tuple[Definition, bool]]:
    """Return each service by code: the version that is current, or the last one of a service nobody may raise."""
    rows = Service.objects.order_by("code", "-current", "-version").distinct("code")
    return {row.code: (Definition(row.code, row.version, row.definition), row.current) for row in rows}


def current(code: str) -> Definition:
    """Return the version new matters are raised under. Raises Refused 'service-unknown', 'service-withdrawn'."""
    found, live = _newest().get(code, (None, False))
    if found is None or not live:
        _newest.cache_clear()  # it may have come a moment ago
        found, live = _newest().get(code, (None, False))
    if found is None or not live:
        raise Refused("service-withdrawn" if found else "service-unknown", field="service")
    return found


def all_current() -> list[Definition]:
    """Return the current version of every service, by code."""
    return [found for found, live in _newest().values() if live]


def all_named() -> list[Definition]:
    """Return every service there is or was, by code: what lists of matters are narrowed by."""
    return [found for found, _ in _newest().values()]


def remember() -> None:
    """Read what a request may need now, not in the middle of one."""
    _newest()
    known.categories()


def forget() -> None:
    """Read services anew on next use."""
    version.cache_clear()
    _newest.cache_clear()
    known.forget()


def with_course() -> list[str]:
    """Return the codes of the services whose matters run through posts."""
    return [found.code for found in all_named() if "course" in found.data]


def held_at_once() -> int:
    """Return how many matters one pioneer may hold at once, over all services."""
    return int(catalogue.load("limits")["pioneer"]["held_at_once"])
