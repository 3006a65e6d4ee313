"""Who gets a place: best first, as many places filled as can be, and who is short told. Pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Runner:
    """A candidate: id, organisation, and the areas they belong to (their own and all above)."""

    id: int
    organisation_id: int
    areas: frozenset[int]


@dataclass(frozen=True)
class Slice:
    """Places for one organisation's pioneers, an area, both, or (None) everybody."""

    id: int
    organisation_id: int | None
    area_id: int | None
    places: int

    def takes(self, runner: Runner) -> bool:
        """Tell whether `runner` may stand on one of these places."""
        fits = self.organisation_id in {None, runner.organisation_id}
        return fits and (self.area_id is None or self.area_id in runner.areas)


def select(runners: Sequence[Runner], slices: Sequence[Slice]) -> dict[int, int]:
    """Return the slice of each chosen runner, by id; `runners` come best first.

    A runner is chosen if some arrangement gives a place to them and to everybody chosen before. So nobody who is
    chosen is ever moved out, only over to another slice that takes them; and no place stays empty that could be filled.
    """
    ordered = sorted(slices, key=lambda one: ((one.organisation_id is None) + (one.area_id is None), one.id))
    seats: dict[int, list[Runner]] = {one.id: [] for one in ordered}
    full: set[tuple[int, ...]] = (
        set()
    )  # where one finds no place, the next who fits the same slices finds none
    for runner in runners:
        fits = tuple(one.id for one in ordered if one.takes(runner))
        if fits not in full and not _seat(runner, ordered, seats, set()):
            full.add(fits)
    return {runner.id: slice_id for slice_id, seated in seats.items() for runner in seated}


def _seat(runner: Runner, slices: Sequence[Slice], seats: dict[int, list[Runner]], seen: set[int]) -> bool:
    open_to = [one for one in slices if one.id not in seen and one.takes(runner)]
    for one in open_to:
        if len(seats[one.id]) < one.places:
            seats[one.id].append(runner)
            return True
    for one in open_to:
        seen.add(one.id)
        for other in seats[one.id]:
            if _seat(other, slices, seats, seen):
                seats[one.id].remove(other)
                seats[one.id].append(runner)
                return True
    return False


def short(chosen: dict[int, int], slices: Sequence[Slice]) -> dict[int, int]:
    """Return how many places of each slice stay empty, by id; slices that are full are left out."""
    taken = list(chosen.values())
    empty = {one.id: one.places - taken.count(one.id) for one in slices}
    return {slice_id: count for slice_id, count in empty.items() if count}
