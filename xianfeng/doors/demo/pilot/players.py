"""Who plays in the pilot: staff, pioneers, firms and residents of the county, entered through operations."""

from dataclasses import dataclass
from datetime import timedelta

from xianfeng.doors.demo.pilot.plan import Plan
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Firm, Organisation, Person, Pioneer, Post
from xianfeng.foundation.people.operations import Recognising
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area

FIRST_MOBILE = 19_900_000_000  # beyond the city's own people, of a series nobody is given
SKILLS = ("farming", "machines", "business")


@dataclass(frozen=True)
class Players:
    """Everybody of the pilot; `towns` are the places where things happen."""

    staff: Person
    pioneers: list[Pioneer]
    firms: list[Firm]
    residents: list[Person]
    towns: list[Area]


def enter(plan: Plan) -> Players:
    """Enter everybody before the year's first day of work."""
    county = places.by_code(plan.data["county"])
    with clock.at(plan.begin() - timedelta(days=10)):
        staff = _staff()
    with clock.at(plan.begin() + timedelta(days=1)):
        count, towns = plan.data["people"], [town for town in places.towns(county) if town.lat is not None]
        who = iter(range(FIRST_MOBILE + 1, FIRST_MOBILE + 100_000))
        return Players(
            staff=staff,
            pioneers=[_pioneer(at, str(next(who)), staff, towns) for at in range(count["pioneers"])],
            firms=[_firm(at, str(next(who)), staff, county) for at in range(count["firms"])],
            residents=[
                people.enter_person(str(next(who)), name=f"试点居民{at + 1}", by=staff)
                for at in range(count["residents"])
            ],
            towns=towns,
        )


def _staff() -> Person:
    """Return the pilot's staff of the city; a post is given by the installation, so there is no operation for it."""
    at = clock.now()
    person = steps.find_or_join(str(FIRST_MOBILE), at)
    Post.objects.create(person=person, role="city-staff", organisation=None, area=places.root(), since=at)
    return person


def _pioneer(number: int, mobile: str, staff: Person, towns: list[Area]) -> Pioneer:
    town, skill = towns[number % len(towns)], SKILLS[number % len(SKILLS)]
    kind = "union" if skill == "machines" else "science"
    organisation = Organisation.objects.get(kind=kind, area_id=town.path[1])
    given = Recognising(
        kind="individual", name=f"试点先锋{number + 1}", skills=[skill], area_id=town.pk, lat=town.lat or 0.0,
        lon=town.lon or 0.0, title="先锋",
    )  # fmt: skip
    person = people.enter_person(mobile, name=given.name, by=staff)
    return people.recognise(given, spokesperson=person, organisation_id=organisation.pk, by=staff)


def _firm(number: int, mobile: str, staff: Person, county: Area) -> Firm:
    person = people.enter_person(mobile, name=f"试点负责人{number + 1}", by=staff)
    return people.verify_firm(f"试点企业{number + 1}", area_id=county.pk, responsible=person, by=staff)
