"""Who may not lead a case because they stand too near to it: found from what the house knows, never asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from xianfeng.foundation.people.models import Firm, Membership, Person, Pioneer
from xianfeng.foundation.places import tree
from xianfeng.services.mediation import numbers
from xianfeng.services.mediation.models import Case, Party

_EARTH_METRES = 6_371_008.8


@dataclass(frozen=True)
class Conflict:
    """Why somebody keeps out: 'party', 'firm', 'collective', 'same-area' or 'neighbour', and because of which party.

    `party` None: because of where the case lies.
    """

    reason: str
    party: Party | None


def find(person: Person, case: Case) -> Conflict | None:
    """Return the weightiest reason why `person` does not lead a case, None where the house knows of none."""
    return next(_all(person, case), None)


def _all(person: Person, case: Case) -> Iterator[Conflict]:
    parties = [party for party in case.parties.all() if party.left_at is None]
    for party in parties:
        if person.pk in _people_of(party):
            yield Conflict("party", party)
    firms = set(Firm.objects.filter(responsible=person).values_list("id", flat=True))
    for party in parties:
        if _firms_of(party) & firms:
            yield Conflict("firm", party)
    kin = kin_of(person)
    for party in parties:
        if kin & _people_of(party):
            yield Conflict("collective", party)
    yield from _near(person, case, parties)


def _people_of(party: Party) -> set[int]:
    return {party.person_id, *([party.firm.responsible_id] if party.firm else [])}


def _firms_of(party: Party) -> set[int]:
    return {party.firm_id} if party.firm_id else set()


def kin_of(person: Person) -> set[int]:
    """Return who is in a collective with `person`, or speaks for one; themself apart."""
    own = set(Membership.objects.filter(person=person, until=None).values_list("collective_id", flat=True))
    own |= set(Pioneer.objects.filter(spokesperson=person, kind="collective").values_list("id", flat=True))
    members = set(
        Membership.objects.filter(collective__in=own, until=None).values_list("person_id", flat=True)
    )
    speakers = set(Pioneer.objects.filter(pk__in=own).values_list("spokesperson_id", flat=True))
    return (members | speakers) - {person.pk}


def _near(person: Person, case: Case, parties: Iterable[Party]) -> Iterator[Conflict]:
    """Yield neighbours: who lives in the same village, grid or micro-grid, or within so many metres."""
    metres = numbers.of("recusal")["neighbour_metres"]
    for party in parties:
        if _cells(person) & _cells(party.person):
            yield Conflict("same-area", party)
        elif _metres(person.lat, person.lon, party.person.lat, party.person.lon) <= metres:
            yield Conflict("neighbour", party)
    if _metres(person.lat, person.lon, case.matter.lat, case.matter.lon) <= metres:
        yield Conflict("neighbour", None)


def _cells(person: Person) -> set[int]:
    """Return the small areas in which somebody lives, as far as they said."""
    if person.area_id is None:
        return set()
    levels = set(numbers.of("recusal")["areas"])
    return {up for up in tree.find(person.area_id).path if tree.find(up).level in levels}


def _metres(lat: float | None, lon: float | None, other_lat: float | None, other_lon: float | None) -> float:
    """Return how far two points are apart; infinitely far where one is not known."""
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return float("inf")
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    arc = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(arc))
