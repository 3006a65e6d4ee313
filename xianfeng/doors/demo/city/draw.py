"""Words of the demo city, drawn from catalogue/demo/*.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from random import Random
from typing import Any, TypeVar

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places.models import Area

T = TypeVar("T")
METRES_A_DEGREE = 111_195.0
_NUMBERS = {"days": "一两三四五", "n": "三四五六七八"}


def load(name: str) -> dict[str, Any]:
    """Return one word list of the demo."""
    return catalogue.load(f"demo/{name}")


def random(seed: int, *what: object) -> Random:
    """Return a source of its own for one part of a city, so that parts do not shift each other."""
    return Random(":".join(map(str, (seed, *what))))  # noqa: S311 - a city is drawn, nothing is kept secret


def name(rng: Random) -> str:
    """Return an invented name of two or three characters."""
    lists = load("names")
    given = rng.choice(lists["first"]) + (rng.choice(lists["last"]) if rng.random() < 0.8 else "")
    return f"{rng.choice(lists['surnames'])}{given}"


def firm(rng: Random, area: Area) -> str:
    """Return an invented firm of a county: 德清禾源精密模具有限公司."""
    lists = load("names")
    style = rng.choice(lists["firm_first"]) + rng.choice(lists["firm_last"])
    return f"{area.name[:2]}{style}{rng.choice(lists['firm_trades'])}有限公司"


def around(rng: Random, area: Area, metres: float) -> tuple[float, float]:
    """Return a point scattered about an area's point (standard deviation in metres), WGS-84 degrees."""
    lat, lon = area.lat or 0.0, area.lon or 0.0
    north, east = rng.gauss(0, metres), rng.gauss(0, metres)
    return (
        round(lat + north / METRES_A_DEGREE, 6),
        round(lon + east / METRES_A_DEGREE / cos(radians(lat)), 6),
    )


def filled(rng: Random, text: str) -> str:
    """Return `text` with its places for an elder, an hour and numbers filled in."""
    lists = load("needs")
    numbers = {key: rng.choice(marks) for key, marks in _NUMBERS.items()}
    return text.format(elder=rng.choice(lists["elders"]), hour=rng.choice(lists["hours"]), **numbers)


@dataclass(frozen=True)
class Asked:
    """A need in words."""

    category: str
    title: str
    text: str


def need(rng: Random, category: str) -> Asked:
    """Return a resident's need of a category."""
    title, text = rng.choice(load("needs")[category]["needs"])
    return _asked(rng, category, title, text)


def firm_need(rng: Random) -> Asked:
    """Return a firm's need."""
    lists = load("needs")["firm"]
    category = rng.choice(sorted(lists))
    title, text = rng.choice(lists[category])
    return _asked(rng, category, title, text)


def _asked(rng: Random, category: str, title: str, text: str) -> Asked:
    both = filled(rng, f"{title}\n{text}").split("\n")
    return Asked(category, both[0], both[1])


def deed(rng: Random, area: Area, skills: Sequence[str], *, together: bool) -> str:
    """Return a short deed: an opening (`together` for collectives), a thing done for each of two skills, an ending."""
    lists = load("pioneers")
    opening = rng.choice(lists["together" if together else "opening"]).format(
        area=area.name, years=rng.choice("三五六八九十")
    )
    done = [rng.choice(lists["deeds"][skill]) for skill in skills[:2]]
    return str(opening + "".join(done) + rng.choice(lists["endings"]["all"]))


def collective(rng: Random, area: Area, skill: str) -> str:
    """Return the name of a collective: 阜溪街道水电维修服务队."""
    lists = load("pioneers")
    return str(
        area.name + rng.choice(lists["collectives"][skill]) + rng.choice(lists["collectives"]["kinds"])
    )


def weighted(rng: Random, weights: dict[str, float]) -> str:
    """Return one key, each as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def line(rng: Random, name_of_list: str) -> str:
    """Return one line of talk."""
    return str(rng.choice(load("talk")[name_of_list]))
