"""Where an imported need lies: where its file says, or by a rule, since places of letters are often coded.

The rule (docs/needs.md tells it to readers). A writer has one home. The writer's hash picks a village, each village
being as likely as any other, so that a town gets as many as it has villages (its people, roughly); the next bytes
of the hash put the home within 400 m of the village's point. All needs of one writer lie there.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, radians, sin, sqrt

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.tables.faults import Unfit
from xianfeng.foundation.places import cells, datum, locate
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.places.tree import Tree, current

AROUND_METRES = 400.0
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Spot:
    """A point in WGS-84 with its cell and area."""

    lat: float
    lon: float
    cell: int
    area_id: int
    outside: bool


def spot_of(lat: float, lon: float, datum_of_file: str) -> Spot:
    """Return the place a file gives. Raises Unfit when it is none on earth."""
    try:
        return _spot(*datum.to_wgs84(lat, lon, datum_of_file))
    except Refused:
        raise Unfit("lat", f"{lat}, {lon} are no coordinates in {datum_of_file}") from None


def _spot(lat: float, lon: float) -> Spot:
    place = locate.locate(lat, lon)
    return Spot(lat, lon, cells.cell(lat, lon), place.area.pk, place.outside)


def home_of(source: str, user: str) -> Spot:
    """Return the home the rule gives to a writer: the same for the same source, writer and areas."""
    draw = hashlib.sha256(f"{source}:{user}".encode()).digest()
    villages = _villages(current())
    village = villages[int.from_bytes(draw[:8]) % len(villages)]
    lat, lon = _around(village, draw[8:16])
    spot = _spot(lat, lon)
    return _spot(village.lat or 0.0, village.lon or 0.0) if spot.outside else spot


@lru_cache(maxsize=1)
def _villages(areas: Tree) -> list[Area]:
    """Return what a home is drawn from: villages with a point, or towns where no villages are known."""
    for level in (Level.VILLAGE, Level.TOWN):
        found = [area for area in areas.inside(areas.root, level) if area.lat is not None]
        if found:
            return found
    raise LookupError("no villages or towns with a point: run `xianfeng areas load`")


def _around(village: Area, draw: bytes) -> tuple[float, float]:
    far = AROUND_METRES * sqrt(int.from_bytes(draw[:4]) / 2**32)
    angle = 2 * pi * int.from_bytes(draw[4:]) / 2**32
    lat, lon = village.lat or 0.0, village.lon or 0.0
    north, east = far * sin(angle), far * cos(angle)
    return (
        round(lat + north / _METRES_A_DEGREE, 6),
        round(lon + east / _METRES_A_DEGREE / cos(radians(lat)), 6),
    )
