"""How far a staff member sees: the whole city, or the areas and the organisation of their posts."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree


@dataclass(frozen=True)
class Reach:
    """Areas and organisations by id; None means all of the city's. `person` is who asks."""

    person: Person
    areas: list[int] | None
    organisations: list[int] | None
    roots: list[int] = field(default_factory=list)

    @cached_property
    def _within(self) -> frozenset[int]:
        return frozenset(self.areas or ())

    @property
    def city(self) -> bool:
        """Tell whether this is staff of the city: they verify firms and mend deliveries."""
        return self.organisations is None

    def matters(self, row: str = "") -> Q:
        """Return the condition on matters, or on rows that name one through `row`."""
        if self.areas is None:
            return Q()
        within = Q(**{f"{row}area_id__in": self.areas})
        return within | Q(**{f"{row}charge_id__in": self.organisations}) if self.organisations else within

    def firms(self) -> Q:
        """Return the condition on firms: those of the areas."""
        return Q() if self.areas is None else Q(area_id__in=self.areas)

    def pioneers(self) -> Q:
        """Return the condition on pioneers: those of the own organisations."""
        return Q() if self.organisations is None else Q(organisation_id__in=self.organisations)

    def in_charge(self) -> tuple[str, dict[str, Any]]:
        """Return the condition, as SQL on `m` with its parameters, on the matters that wait for this staff.

        What was handed over waits for who got it, and no longer for those of its area.
        """
        if self.areas is None:
            return "", {}
        given = {"reach": self.areas, "own": self.organisations or []}
        return (
            " AND (m.charge_id IS NULL AND m.area_id = ANY(%(reach)s) OR m.charge_id = ANY(%(own)s))",
            given,
        )

    def holds(self, area_id: int) -> bool:
        """Tell whether an area lies within reach."""
        return self.areas is None or area_id in self._within


def reach_of(person: Person | None) -> Reach | None:
    """Return how far `person` sees, None if they are no staff; one statement, areas come from memory."""
    scopes = people.scopes(person)
    if person is None or not scopes:
        return None
    roots = sorted({scope.area_id for scope in scopes})
    known = {scope.organisation_id for scope in scopes}
    organisations = None if None in known else sorted(one for one in known if one is not None)
    return Reach(person, _areas(roots), organisations, roots)


def _areas(roots: list[int]) -> list[int] | None:
    """Return every area below `roots`, None where one of them is the city itself."""
    areas = tree.current()
    if areas.root.pk in roots:
        return None
    within = (area.pk for area in areas.by_id.values() if any(up in area.path for up in roots))
    return sorted(within)
