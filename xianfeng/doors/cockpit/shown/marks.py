"""The map as GeoJSON (WGS-84): outlines and points of the areas below. Their figures come with the board, by code."""

from typing import Any

from xianfeng.doors.cockpit.filters import sliced
from xianfeng.doors.cockpit.queries import map as map_
from xianfeng.doors.cockpit.shown import plates, values
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area, Level

FINEST = 24.0  # a zoom at which cells are as small as they are kept: the map gathers them by itself


def marks(at: Address) -> dict[str, Any]:
    """Return the ground: bounds (west, south, east, north), plates, towns, and where needs and pioneers lie.

    Three statements. Raises Missing, Refused as the board does.
    """
    area = sliced(at.scope, at.filters).area
    below = places.children(area)
    bounded = [one for one in below if plates.geometry(one) is not None] or _around(area)
    return {
        "bounds": plates.drawn(area).bounds,
        "plates": _collection([_feature(plates.geometry(one), one, at) for one in bounded]),
        "towns": _collection([_feature(point(one), one, at) for one in _points(area, below)]),
        "needs": _counted(at, "needs", ("waiting", "late")),
        "helpers": _counted(at, "pioneers", ("individuals", "collectives")),
        "heat": _counted(at, "heat", ("raised",)),
    }


def _counted(at: Address, name: str, counts: tuple[str, ...]) -> dict[str, Any]:
    """Return a layer's cells that count something: `n` is what their mark says, `late` what is over its limit."""
    found = []
    for one in map_.layer(at.scope, at.filters, name, zoom=FINEST)["features"]:
        given = one["properties"]
        n = sum(given[code] for code in counts if code != "late")
        if n:
            told = {
                "n": n,
                "late": given.get("late", 0),
                "cell": given["cell"],
                "url": _rows(at, given["link"]),
            }
            found.append({"type": "Feature", "geometry": one["geometry"], "properties": told})
    return _collection(found)


def _rows(at: Address, link: dict[str, str]) -> str:
    return at.rows(link) if link else at.here("pioneers")


def _around(area: Area) -> list[Area]:
    """Return the smallest area around whose outline is known, none where there is none."""
    return [one for one in map(tree.find, reversed(area.path)) if plates.geometry(one) is not None][:1]


def _points(area: Area, below: list[Area]) -> list[Area]:
    """Return what is shown as points: the towns of a city, else what lies directly below."""
    found = tree.current().inside(area, Level.TOWN) if area.level == Level.CITY else below
    return [one for one in found if plates.middle(one) is not None and plates.geometry(one) is None]


def point(area: Area) -> dict[str, Any]:
    """Return an area's middle as a geometry."""
    return {"type": "Point", "coordinates": list(plates.middle(area) or (0.0, 0.0))}


def _feature(geometry: dict[str, Any] | None, area: Area, at: Address) -> dict[str, Any]:
    url = at.board({**_asked(at), "area": area.code})
    named = {"code": area.code, "name": places.name(area, values.language()), "url": url}
    return {"type": "Feature", "geometry": geometry, "properties": named}


def _asked(at: Address) -> dict[str, str]:
    asked = at.filters
    return {
        "from": asked.since, "until": asked.until, "organisation": asked.organisation, "service": asked.service,
        "category": asked.category,
    }  # fmt: skip


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
