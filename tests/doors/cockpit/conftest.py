"""What the cockpit's tests share: everything delivered, leaders, and the counting from the beginning."""

import pytest

from tests.cast import Cast, somebody
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import dispatch


def delivered() -> None:
    """Carry the outbox until nothing moves."""
    while dispatch.run_once():
        pass


def leader(number: int, area: Area, organisation: Organisation | None = None) -> Person:
    """Return a leader of an area or of an organisation."""
    person = somebody(number, f"领导{number}")
    Post.objects.create(person=person, role="leader", organisation=organisation, area=area, since=clock.now())
    return person


@pytest.fixture
def city_leader(cast: Cast) -> Person:
    """A leader of the city."""
    return leader(901, cast.city)


@pytest.fixture
def county_leader(cast: Cast) -> Person:
    """A leader of the county the cast lives in."""
    return leader(902, cast.here)
