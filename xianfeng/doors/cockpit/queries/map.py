"""The map's marks as GeoJSON (WGS-84): needs and pioneers counted in cells, so that a million marks stay a few hundred.

Cells are H3. Sums are kept at resolution 7 (about 5 km²) and gathered into larger ones for smaller zooms: what is sent
does not grow with the number of matters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from h3.api import basic_int as h3

from xianfeng.doors.cockpit import successors
from xianfeng.doors.cockpit.columns import LIVE
from xianfeng.doors.cockpit.filters import COARSEST, Filters, Slice, sliced
from xianfeng.doors.cockpit.queries import behind
from xianfeng.doors.cockpit.scope import Scope
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import cells

LAYERS = ("needs", "pioneers", "heat")
_NEEDS = ("waiting", "late", "in_hand")
Counts = dict[int, dict[str, int]]


def resolution(zoom: float) -> int:
    """Return the resolution of cells for a zoom of the map: 4 (1,770 km²) for a province, 7 (5 km²) for a town."""
    steps = catalogue.load("cockpit/board")["map"]["zooms"]
    found: int = min(COARSEST + sum(zoom >= step for step in steps), cells.RESOLUTION)
    return found


def layer(scope: Scope, filters: Filters, name: str, *, zoom: float) -> dict[str, Any]:
    """Return one layer: needs (waiting, late, in_hand), pioneers (individuals, collectives), heat (raised in the time).

    Each mark is the middle of a cell with its counts, its `cell` and the `link` to its rows. For the public cells of
    fewer than may be shown are left out. One statement. Raises Missing, Refused as filters.sliced.
    """
    one = sliced(scope, filters)
    counts = gathered(_READ[name](one), resolution(zoom))
    least = catalogue.load("cockpit/board")["public"]["persons_least"] if one.public else 1
    marks = [
        _mark(one, name, cell, found)
        for cell, found in sorted(counts.items())
        if _total(name, found) >= least
    ]
    return {"type": "FeatureCollection", "features": marks}


def _total(name: str, found: Mapping[str, int]) -> int:
    return found["waiting"] + found["in_hand"] if name == "needs" else sum(found.values())


def gathered(counts: Iterable[tuple[int, dict[str, int]]], into: int) -> Counts:
    """Return counts of cells gathered into the cells of resolution `into` that hold them."""
    found: Counts = defaultdict(lambda: defaultdict(int))
    for cell, amounts in counts:
        mine = found[h3.cell_to_parent(cell, into)]
        for name, amount in amounts.items():
            mine[name] += amount
    return {cell: dict(amounts) for cell, amounts in found.items() if any(amounts.values())}


def _mark(one: Slice, name: str, cell: int, found: dict[str, int]) -> dict[str, Any]:
    lat, lon = h3.cell_to_latlng(cell)
    text = h3.int_to_str(cell)
    link = (
        {} if name == "pioneers" else one.link(cell=text, measure="raised" if name == "heat" else "waiting")
    )
    if name == "needs" and not found["waiting"]:
        link["measure"] = "in_hand"
    properties = {**found, "cell": text, "link": link}
    point = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _needs(one: Slice) -> list[tuple[int, dict[str, int]]]:
    if one.service or one.category or one.organisations is not None:
        where, given = behind.condition(one)
        text = f"""SELECT f.cell, count(*) FILTER (WHERE f.state IN ('raised', 'offered', 'open')),
            count(*) FILTER (WHERE f.late), count(*) FILTER (WHERE f.state = 'taken')
            FROM cockpit_fact f WHERE {LIVE} AND {where} GROUP BY f.cell"""  # noqa: S608 - constants
    else:
        text, given = _spots(one, "sum(waiting), sum(late), sum(in_hand)", "month IS NULL")
    return [(cell, dict(zip(_NEEDS, values, strict=True))) for cell, *values in _rows(text, given)]


def _heat(one: Slice) -> list[tuple[int, dict[str, int]]]:
    period = one.period
    if period.grain == "d" or one.service or one.category or one.organisations is not None:
        where, given = behind.condition(one)
        given |= {"first": period.first, "last": period.last}
        text = f"""SELECT f.cell, count(*) FROM cockpit_fact f
            WHERE {where} AND f.raised_on BETWEEN %(first)s AND %(last)s GROUP BY f.cell"""  # noqa: S608 - constants
    else:
        text, given = _spots(one, "sum(raised)", "month BETWEEN %(first)s AND %(last)s")
        given |= {"first": _begins(period.first), "last": period.last}
    return [(cell, {"raised": count}) for cell, count in _rows(text, given)]


def _begins(day: date) -> date:
    return day.replace(day=1)


def _spots(one: Slice, sums: str, when: str) -> tuple[str, dict[str, Any]]:
    text = f"SELECT cell, {sums} FROM cockpit_spot WHERE {when} AND area_id = ANY(%(areas)s) GROUP BY cell"  # noqa: S608
    return text, {"areas": successors.within(one.area)}


_PIONEERS = """
SELECT cell, count(*) FILTER (WHERE kind = 'individual'), count(*) FILTER (WHERE kind = 'collective')
FROM people_pioneer WHERE suspended_at IS NULL AND area_id = ANY(%(areas)s)
    AND (%(organisations)s::bigint[] IS NULL OR organisation_id = ANY(%(organisations)s))
    AND (%(category)s = '' OR %(category)s = ANY(skills)) GROUP BY cell"""


def _pioneers(one: Slice) -> list[tuple[int, dict[str, int]]]:
    organisations = None if one.organisations is None else list(one.organisations)
    given = {"areas": successors.within(one.area), "organisations": organisations, "category": one.category}
    return [
        (cell, {"individuals": alone, "collectives": together})
        for cell, alone, together in _rows(_PIONEERS, given)
    ]


def _rows(text: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return list(cursor.fetchall())


_READ = {"needs": _needs, "pioneers": _pioneers, "heat": _heat}
