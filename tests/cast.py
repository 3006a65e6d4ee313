"""The fixed cast: who acts in the tests of the engine. Every name is a part in a play, not a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.snapshot import Snapshot, take
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Firm, Organisation, Person, Pioneer, Post
from xianfeng.foundation.people.operations import Recognising
from xianfeng.foundation.places import city, locate
from xianfeng.foundation.places.models import Area
from xianfeng.matters import services
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, report_done
from xianfeng.matters.operations.offers import Serving, publish
from xianfeng.matters.operations.raising import Need, raise_matter
from xianfeng.matters.operations.rating import Stars, rate

KINDS = [
    {"code": "women", "zh": "妇联", "en": "Women's Federation", "seal": "妇"},
    {"code": "youth", "zh": "团委", "en": "Communist Youth League", "seal": "团"},
]


@dataclass(frozen=True)
class Cast:
    """Everybody, by part; `here` is the county where needs are raised, `there` is another."""

    resident: Person
    stranger: Person
    responsible: Person
    firm: Firm
    pioneer: Pioneer
    second: Pioneer
    collective: Pioneer
    member: Person
    city_staff: Person
    staff: Person
    other_staff: Person
    city: Area
    here: Area
    there: Area
    organisation: Organisation
    other_organisation: Organisation

    @property
    def speaker(self) -> Person:
        """Who speaks for the collective."""
        return self.collective.spokesperson


def somebody(number: int, name: str = "") -> Person:
    """Return a person of the play, by the last digits of a number nobody has."""
    person = steps.find_or_join(f"1380000{number:04d}", clock.now())
    if name:
        Person.objects.filter(pk=person.pk).update(name=name)
        person.name = name
    return person


def recognised(
    name: str, spokesperson: Person, organisation: Organisation, by: Person, kind: str = "individual"
) -> Pioneer:
    """Return a pioneer at the city's middle, recognised by staff."""
    middle = city.served()
    given = Recognising(
        kind=kind, name=name, skills=["electric"], area_id=organisation.area_id, lat=middle.lat, lon=middle.lon,
        title="先锋",
    )  # fmt: skip
    return people.recognise(given, spokesperson=spokesperson, organisation_id=organisation.id, by=by)


def build_cast() -> Cast:
    """Put the cast into a database that has areas; needs them loaded."""
    services.load_catalogue()
    middle = city.served()
    here = locate.locate(middle.lat, middle.lon).county
    root = Area.objects.get(level="city")
    there = Area.objects.filter(level="county").exclude(pk=here.pk if here else 0).order_by("code")[0]
    assert here is not None
    at = clock.now()
    steps.found_organisation(KINDS[0], here, at)
    steps.found_organisation(KINDS[1], there, at)
    mine, theirs = Organisation.objects.get(area=here), Organisation.objects.get(area=there)
    city_staff, staff, other_staff = (somebody(n, f"工作人员{n}") for n in (11, 12, 13))
    for person, role, organisation, area in (
        (city_staff, "city-staff", None, root),
        (staff, "organisation-staff", mine, here),
        (other_staff, "organisation-staff", theirs, there),
    ):
        Post.objects.create(person=person, role=role, organisation=organisation, area=area, since=at)
    responsible, member = somebody(2, "负责人"), somebody(6, "成员")
    collective = recognised("集体", somebody(5, "发言人"), mine, city_staff, kind="collective")
    people.add_member(collective.id, person=member, by=collective.spokesperson)
    collective.refresh_from_db()
    return Cast(
        resident=somebody(1, "居民"),
        stranger=somebody(9),
        responsible=responsible,
        firm=people.verify_firm("一家企业", area_id=here.id, responsible=responsible, by=city_staff),
        pioneer=recognised("先锋甲", somebody(3, "先锋甲"), mine, city_staff),
        second=recognised("先锋乙", somebody(4, "先锋乙"), theirs, city_staff),
        collective=collective,
        member=member,
        city_staff=city_staff,
        staff=staff,
        other_staff=other_staff,
        city=root,
        here=here,
        there=there,
        organisation=mine,
        other_organisation=theirs,
    )


@pytest.fixture(scope="session")
def areas_loaded(django_db_setup: None) -> None:
    """The catalogue's areas and systems, as the template of the test database has them."""


_kept: list[tuple[Snapshot[Cast], datetime]] = []


def _everybody() -> Cast:
    """Return the cast, written again as it was; made anew for a test whose clock stands elsewhere."""
    if not _kept:
        at = clock.now()
        _kept.append((take(build_cast), at))
    snapshot, at = _kept[0]
    return snapshot.again() if timedelta(0) <= clock.now() - at < timedelta(hours=1) else build_cast()


@pytest.fixture
def cast(areas_loaded: None, db: None) -> Iterator[Cast]:
    """Everybody, in a database that forgets them afterwards."""
    services.forget()
    everybody = _everybody()
    services.remember()
    yield everybody
    services.forget()


def need(
    by: Person, title: str = "灯坏了，帮忙看看", *, north: float = 0.0, east: float = 0.0, **more: object
) -> Matter:
    """Raise a need of `by` at the city's middle, moved by degrees; `more` are fields of Need."""
    middle = city.served()
    given = {"title": title, "lat": middle.lat + north, "lon": middle.lon + east, "datum": "wgs84", **more}
    return raise_matter(Need(**given), by=by)  # type: ignore[arg-type]


def booked(cast: Cast, pioneer: Pioneer | None = None, **more: Any) -> Matter:
    """Return a booking of the resident that waits for the answer of `pioneer` (the first, if not said)."""
    who = pioneer or cast.pioneer
    return need(cast.resident, "请来修灯", service="help-booking", pioneer_id=who.id, **more)


def ordered(cast: Cast, capacity: int = 1) -> Matter:
    """Return an order from an offer of the pioneer, which has room for `capacity`."""
    serving = Serving(title="修灯", skill="electric", times="周末", capacity=capacity)
    offer = publish(serving, by=cast.pioneer.spokesperson, pioneer=cast.pioneer)
    return need(cast.resident, "照菜单点修灯", service="help-booking", offer_id=offer.id)


def taken(cast: Cast, pioneer: Pioneer | None = None, **more: object) -> Matter:
    """Return a need of the resident in the hands of `pioneer` (the first, if not said)."""
    who = pioneer or cast.pioneer
    return claim(need(cast.resident, **more).number, by=who.spokesperson, pioneer=who)  # type: ignore[arg-type]


def done(cast: Cast, pioneer: Pioneer | None = None, report: Report | None = None) -> Matter:
    """Return a need of the resident that `pioneer` reported done."""
    who = pioneer or cast.pioneer
    matter = taken(cast, who)
    return report_done(matter.number, report or Report("换了灯泡"), by=who.spokesperson)


def closed(cast: Cast, pioneer: Pioneer | None = None, report: Report | None = None) -> Matter:
    """Return a need of the resident that is done and rated with four stars."""
    return rate(done(cast, pioneer, report).number, Stars(4, 4, 4), by=cast.resident)
