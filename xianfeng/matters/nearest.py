"""The statement behind "near me": the nearest open matters, certain and in order.

The H3 cells next to the point are asked first, cut to the box in which they can miss nothing; where many wait, that
is all. Else a second statement widens, in stages that are each read only if the ones before did not find enough: wider
rings of cells, then the whole city.
"""

from functools import cache
from math import cos, radians
from typing import Any

from xianfeng.foundation.places import cells

RINGS = (1, 4, 16)  # H3 resolution 7: a ring is about 2.1 km wide; 16 rings reach about 25 km for certain
_METRES_A_DEGREE = 111_000.0  # a little less than there are, so that a box is never too small

CARD = """m.id, m.number, m.service_code, m.title, left(m.text, 120), m.category, m.lat, m.lon, m.area_id, m.firm_id,
    m.requester_id, m.raised_at, m.wanted, m.wanted_until, m.listed, m.photo_count, (SELECT f.key FROM matters_photo f
    WHERE m.photo_count > 0 AND f.matter_id = m.id AND f.purpose = 'need' ORDER BY f.id LIMIT 1)"""
NAMES = "p.name, f.name"
JOINS = "JOIN people_person p ON p.id = m.requester_id LEFT JOIN people_firm f ON f.id = m.firm_id"
OPEN = "m.state = 'open' AND NOT m.hidden AND m.service_code = %(service)s"

_METRES = """2 * 6371008.8 * asin(least(1, sqrt(
    power(sin(radians(m.lat - %(lat)s) / 2), 2) +
    cos(radians(%(lat)s)) * cos(radians(m.lat)) * power(sin(radians(m.lon - %(lon)s) / 2), 2))))"""
_STAGE = """stage{n} AS MATERIALIZED (
    SELECT * FROM (SELECT m.id, {metres} AS metres FROM matters_matter m WHERE {open}{ring}{filters}) x
    WHERE (metres, id) > (%(metres)s, %(id)s){certain}{gate} ORDER BY metres, id LIMIT %(limit)s)"""
_RING = """ AND m.cell = ANY(%(cells{n})s) AND m.lat BETWEEN %(south{n})s AND %(north{n})s
        AND m.lon BETWEEN %(west{n})s AND %(east{n})s"""
_GATE = " AND (SELECT count(*) FROM stage{n}) < %(limit)s"
_FILTERS = {
    "skills": " AND m.category = ANY(%(skills)s)",
    "area": " AND m.area_id IN (SELECT a.id FROM places_area a WHERE a.path @> ARRAY[%(area)s::bigint])",
    "numbers": " AND m.number = ANY(%(numbers)s)",
    "since": " AND m.raised_at >= %(since)s",
    # a word that is nowhere would be looked for in all that wait: the newest are enough for people
    "words": " AND m.id IN (SELECT n.id FROM matters_matter n WHERE n.state = 'open' AND n.service_code = %(service)s"
    " ORDER BY n.raised_at DESC LIMIT %(searched)s) AND (m.title LIKE %(words)s OR m.text LIKE %(words)s)",
}


def filters(given: dict[str, Any]) -> str:
    """Return the conditions for what `given` narrows: skills, area, numbers, since, words."""
    return "".join(clause for name, clause in _FILTERS.items() if given[name])


def statement(lat: float, lon: float, given: dict[str, Any], *, wide: bool) -> tuple[str, dict[str, Any]]:
    """Return the statement and its parameters; `given` has what `filters` asks for, service,
    limit, metres and id.

    Rows are those of CARD, metres, NAMES; `metres` and `id` are of the last row seen (-1 and 0 before the first).
    Not `wide`, it answers only what lies next to the point: fewer rows than `limit` are no answer.
    """
    stages = tuple(range(1, len(RINGS) + 1)) if wide else (0,)
    found = {"lat": lat, "lon": lon, **given}
    for at in stages:
        if at < len(RINGS):
            found |= _box(lat, lon, at)
    return _text(filters(given), stages), found


@cache
def _text(narrowed: str, stages: tuple[int, ...]) -> str:
    union = " UNION ".join(f"SELECT id, metres FROM stage{at}" for at in stages)  # noqa: S608 - constants
    return f"""WITH {", ".join(_stage(at, narrowed) for at in stages)},
near AS ({union} ORDER BY metres, id LIMIT %(limit)s)
SELECT {CARD}, near.metres, {NAMES} FROM near JOIN matters_matter m ON m.id = near.id {JOINS}
ORDER BY near.metres, near.id"""  # noqa: S608 - constants


def _stage(at: int, narrowed: str) -> str:
    last = at == len(RINGS)
    certain = "" if last else f" AND metres <= {cells.ring_metres(RINGS[at])}"
    gate = "".join(_GATE.format(n=before) for before in range(1, at))
    return _STAGE.format(
        n=at, metres=_METRES, open=OPEN, ring="" if last else _RING.format(n=at), filters=narrowed,
        certain=certain, gate=gate,
    )  # fmt: skip


def _box(lat: float, lon: float, at: int) -> dict[str, Any]:
    """Return the cells of a stage, and the box around the circle within which they miss nothing."""
    metres = cells.ring_metres(RINGS[at])
    up = metres / _METRES_A_DEGREE
    aside = up / max(cos(radians(min(89.0, abs(lat) + up))), 0.01)
    return {
        f"cells{at}": cells.disk(lat, lon, RINGS[at]), f"south{at}": lat - up, f"north{at}": lat + up,
        f"west{at}": lon - aside, f"east{at}": lon + aside,
    }  # fmt: skip
