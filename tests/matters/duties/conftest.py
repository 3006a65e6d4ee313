"""The community of 8 grids and 20 micro-grids, with its posts held."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from tests.cast import Cast, somebody
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Person, Post
from xianfeng.foundation.people.operations import Appointment
from xianfeng.foundation.places import operations as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area
from xianfeng.matters.models import Matter, Photo
from xianfeng.matters.operations.raising import Need, raise_matter

COMMUNITY = "330502001006"
DEMO = Path(settings.CATALOGUE) / "demo" / "grids.geojson"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a workday


@dataclass
class Grids:
    """Who holds the posts, by part; `cell(3, 2)` is the second micro-grid of grid 3."""

    cast: Cast
    resident: Person
    leader: Person
    micro: Person
    secretary: Person
    street: Person
    water: Person
    member: Person
    posts: dict[str, Post] = field(default_factory=dict)

    def area(self, code: str = "") -> Area:
        """The community, or a cell of it ('g3', 'g3-2')."""
        return Area.objects.get(code=f"{COMMUNITY}-{code}" if code else COMMUNITY)

    def need(self, cell: str = "g3-2", *, by: Person | None = None, **more: Any) -> Matter:
        """A leaking pipe in the middle of a cell."""
        where = self.area(cell)
        given = {
            "title": "楼下水管漏水", "lat": where.lat, "lon": where.lon, "datum": "wgs84", "service": "grid-matter",
            "category": "pipe-leak", **more,
        }  # fmt: skip
        return raise_matter(Need(**given), by=by or self.resident)


def photo(owner: Person, key: str = "") -> str:
    """Return the key of a photograph its owner took and has not used yet."""
    name = key or f"{owner.pk:08d}{Photo.objects.count():024d}"
    Photo.objects.create(key=name, owner=owner, width=10, height=10, taken_in_at=clock.now())
    return name


@pytest.fixture
def workday() -> Iterator[time_machine.Traveller]:
    """A Tuesday at nine: limits in work-hours can be counted in one's head."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def grids(workday: time_machine.Traveller, cast: Cast) -> Iterator[Grids]:
    """The community drawn, its posts held."""
    places.draw_grids(DEMO.read_text(encoding="utf-8"))
    parts = ("resident", "leader", "micro", "secretary", "street", "water", "member")
    persons = {part: somebody(40 + turn, part) for turn, part in enumerate(parts)}
    found = Grids(cast=cast, posts={}, **persons)
    town = Area.objects.get(code=COMMUNITY[:9])
    for part, role, area, sector in (
        ("leader", "grid-leader", found.area("g3"), ""),
        ("micro", "micro-grid-leader", found.area("g3-2"), ""),
        ("secretary", "community-secretary", found.area(), ""),
        ("street", "street-officer", town, ""),
        ("water", "department", cast.here, "water"),
        ("member", "team-member", found.area("g3"), ""),
    ):
        given = Appointment(role, area.pk, sector=sector)
        found.posts[part] = people.appoint(given, persons[part], by=cast.city_staff)
    yield found
    tree.forget()
