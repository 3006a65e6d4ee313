"""Posts, meetings, teams and proposals of the cast, arranged through operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from tests.cast import Cast, somebody
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.people.operations.posts import Appointment, appoint
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Entry
from xianfeng.services.meetings.models import Meeting, Proposal, Team
from xianfeng.services.meetings.operations import calling, running, teams
from xianfeng.services.meetings.operations.calling import Call, Point
from xianfeng.services.meetings.operations.running import Order

__all__ = ["Order", "Point"]


def town() -> Area:
    """Return the town at the city's middle."""
    middle = city.served()
    found = locate.locate(middle.lat, middle.lon).area
    while found.level != "town":
        found = found.parent  # type: ignore[assignment]
    return found


def posted(cast: Cast, number: int, role: str, area: Area | None = None, name: str = "") -> Post:
    """Return a post of somebody, given by the city."""
    where = area or town()
    return appoint(Appointment(role, where.pk), somebody(number, name), by=cast.city_staff)


def leader(cast: Cast) -> Person:
    """Return who leads the town."""
    return posted(cast, 41, "street-officer", name="镇街值班").person


def councillor(cast: Cast) -> Person:
    """Return a resident councillor of the town, who leads nothing."""
    return posted(cast, 42, "resident-councillor", name="议事员").person


def called(cast: Cast, by: Person | None = None, **more: Any) -> Meeting:
    """Return a meeting of the town called by its leader (or `by`), in two hours; `more` are fields of Call."""
    given = {
        "kind": "joint", "area_id": town().pk, "title": "水管漏了怎么办", "place": "社区二楼",
        "starts_at": clock.now() + timedelta(hours=2), **more,
    }  # fmt: skip
    return calling.call(Call(**given), by=by or leader(cast))


def opened(cast: Cast, by: Person | None = None, **more: Any) -> Meeting:
    """Return a meeting that runs."""
    row = called(cast, by, **more)
    return running.open_meeting(row.pk, by=row.caller)


def team(cast: Cast, kind: str = "think-tank", by: Person | None = None) -> Team:
    """Return a team of the town."""
    return teams.form(kind, town().pk, "智囊团", by=by or leader(cast))


def proposed(cast: Cast, author: Person | None = None, title: str = "建一间书房") -> Proposal:
    """Return a proposal of a member of the town's think tank."""
    tank, who = team(cast), author or cast.resident
    teams.seat_person(tank.pk, who, by=leader(cast))
    return teams.propose(tank.pk, title, "孩子放学没地方去，老仓库可以改。", by=who)


@contextmanager
def later(**delta: float) -> Iterator[datetime]:
    """Let the clock stand later within."""
    moment = clock.now() + timedelta(**delta)
    with mock.patch.object(clock, "now", return_value=moment):
        yield moment


def codes(kind: str, pk: int) -> list[str]:
    """Return the codes on the record of a subject."""
    return list(
        Entry.objects.filter(subject_kind=kind, subject_id=pk)
        .order_by("position")
        .values_list("code", flat=True)
    )
