"""Areas that were merged: what is counted for one that is no more counts for its successor, of all years."""

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area


def moved() -> dict[int, int]:
    """Return ids of merged areas with the id of where they count now; chains are followed."""
    areas = tree.current().by_code
    steps = {row["was"]: row["now"] for row in catalogue.load("areas/successors")["successor"]}
    return {
        areas[was].pk: areas[last].pk
        for was in steps
        if was in areas and (last := _last(steps, was)) in areas
    }


def _last(steps: dict[str, str], code: str) -> str:
    seen = {code}
    while (following := steps.get(code)) is not None and following not in seen:
        seen.add(code := following)
    return code


def standing(area: Area) -> Area:
    """Return the area itself, or where it counts now if it was merged."""
    return tree.find(moved().get(area.pk, area.pk))


def within(area: Area) -> list[int]:
    """Return the ids of all areas that count for `area`: its own tree, with what was merged into it."""
    now = moved()
    inside = {one.pk for one in tree.current().by_id.values() if area.pk in one.path and one.pk not in now}
    return sorted(inside | {was for was, into in now.items() if into in inside})
