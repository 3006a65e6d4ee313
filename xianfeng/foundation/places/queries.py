"""Questions about areas. All are answered from memory (tree.py): no statement while it is fresh."""

import unicodedata
from dataclasses import dataclass, field

from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area, Level

SEARCH_LIMIT = 20


@dataclass(frozen=True)
class Choice:
    """One line of the area picker, with the lines below it."""

    id: int
    code: str
    name: str
    lat: float | None
    lon: float | None
    below: list["Choice"] = field(default_factory=list)


def root() -> Area:
    """Return the served city. Raises LookupError when the areas have not been loaded."""
    return tree.current().root


def by_code(code: str) -> Area:
    """Return the area with this code. Raises Missing."""
    found = tree.current().by_code.get(code)
    if found is None:
        raise Missing
    return found


def children(area: Area) -> list[Area]:
    """Return the active areas directly below, by code."""
    return [child for child in tree.current().below.get(area.pk, []) if child.active]


def ancestors(area: Area) -> list[Area]:
    """Return the areas above, from the root down, without the area itself."""
    return [tree.find(up) for up in area.path if up != area.pk]


def at_level(area: Area, level: str) -> Area | None:
    """Return the area itself or the one above it that stands at `level`; None if there is none."""
    return next((found for found in map(tree.find, area.path) if found.level == level), None)


def subtree_ids(area: Area) -> list[int]:
    """Return the ids of the area and of everything below it, inactive ones included (their history stays)."""
    below = tree.current().below
    found, waiting = [], [area.pk]
    while waiting:
        found.append(one := waiting.pop())
        waiting.extend(child.pk for child in below.get(one, []))
    return sorted(found)


def towns(area: Area | None = None) -> list[Area]:
    """Return the active towns and streets in `area` (the whole city by default), by code."""
    areas = tree.current()
    return areas.inside(area or areas.root, Level.TOWN)


def name(area: Area, language: str) -> str:
    """Return the area's own name in `language`; the Chinese one where no English one is known."""
    return (area.name_en or area.name) if language.startswith("en") else area.name


def full_name(area: Area, language: str) -> str:
    """Return the name down from the county: 德清县 阜溪街道; Fuxi Subdistrict, Deqing County."""
    return full_name_in(tree.current(), area, language)


def full_name_in(areas: tree.Tree, area: Area, language: str) -> str:
    """Return the same, of areas in hand: for lists."""
    key = (area.pk, language.startswith("en"))
    if key not in areas.full_names:
        areas.full_names[key] = _full_name(area, language)
    return areas.full_names[key]


def _full_name(area: Area, language: str) -> str:
    line = [up for up in [*ancestors(area), area] if up.level != Level.CITY] or [area]
    names = [name(one, language) for one in line]
    return ", ".join(reversed(names)) if language.startswith("en") else " ".join(names)


def search(words: str, limit: int = SEARCH_LIMIT) -> list[Area]:
    """Return active areas in whose full name (Chinese or English) or code every word occurs.

    Higher levels come first, then names that begin with the first word, then by code.
    """
    asked = _plain(words).split()
    if not asked:
        return []
    found = [area for area in tree.current().by_id.values() if area.active and _answers(area, asked)]
    found.sort(key=lambda area: (tree.DEPTH[area.level], not _own(area).startswith(asked[0]), area.code))
    return found[:limit]


def named_in(address: str) -> Area | None:
    """Return the lowest active area below the city that is named in an address; None where none is, or none for sure.

    Two areas of one name are told apart by what else is named; where that does not help it is what holds them both.
    """
    said = _plain(address)
    found = [area for area in tree.current().by_id.values() if area.active and _named(area, said)]
    if not found:
        return None
    ranks = {area.pk: (_named_above(area, said), tree.DEPTH[area.level]) for area in found}
    best = max(ranks.values())
    likeliest = [area for area in found if ranks[area.pk] == best]
    return likeliest[0] if len(likeliest) == 1 else _holding(likeliest)


def _named(area: Area, said: str) -> bool:
    if area.level == Level.CITY:
        return False
    english = _plain(area.name_en)
    return _plain(area.name) in said or (bool(english) and english in said)


def _named_above(area: Area, said: str) -> int:
    return sum(_named(up, said) for up in ancestors(area))


def _holding(areas: list[Area]) -> Area | None:
    shared = set(areas[0].path).intersection(*(area.path for area in areas[1:]))
    found = [tree.find(up) for up in areas[0].path if up in shared]
    return found[-1] if found and found[-1].level != Level.CITY else None


def _answers(area: Area, asked: list[str]) -> bool:
    own = _own(area)
    if not any(word in own for word in asked):
        return False
    line = own + " " + " ".join(_own(up) for up in ancestors(area))
    return all(word in line for word in asked)


def _own(area: Area) -> str:
    return f"{_plain(area.name)} {_plain(area.name_en)} {area.code}"


def _plain(text: str) -> str:
    """Return `text` without case and marks, so that lushan finds Lüshan and xian finds Xi'an."""
    split = unicodedata.normalize("NFKD", text.casefold()).replace("'", "")
    return "".join(mark for mark in split if not unicodedata.combining(mark))


def picker(language: str) -> Choice:
    """Return city, counties and towns, three levels deep: what the area picker shows."""
    return _choice(root(), language, deeper=2)


def _choice(area: Area, language: str, deeper: int) -> Choice:
    below = [_choice(child, language, deeper - 1) for child in children(area)] if deeper else []
    return Choice(area.pk, area.code, name(area, language), area.lat, area.lon, below)
