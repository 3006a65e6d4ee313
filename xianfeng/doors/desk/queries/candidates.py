"""Who could be sent, and what may be the same need: each with what a reason can be made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import cells
from xianfeng.matters import services
from xianfeng.matters.models import Matter

LIST_RINGS = 3


@dataclass(frozen=True)
class Candidate:
    """A pioneer who may take a matter: how far in metres, how many in hand, and the index."""

    id: int
    name: str
    kind: str
    skill: str
    avatar: str
    held: int
    helped: int
    index: float | None
    metres: float
    has_skill: bool


_METRES = """2 * 6371008.8 * asin(least(1, sqrt(power(sin(radians(p.lat - x.lat) / 2), 2)
    + cos(radians(x.lat)) * cos(radians(p.lat)) * power(sin(radians(p.lon - x.lon) / 2), 2))))"""
_FITTING = f"""
SELECT x.id, c.* FROM unnest(%(ids)s::bigint[], %(lats)s::float8[], %(lons)s::float8[], %(categories)s::text[],
    %(askers)s::text[], %(cells)s::text[]) AS x(id, lat, lon, category, askers, cells)
CROSS JOIN LATERAL (
    SELECT p.id, p.name, p.kind, coalesce(p.skills[1], ''), p.avatar, p.held, p.helped, p.index, {_METRES} AS metres,
        x.category = ANY(p.skills) AS fits
    FROM people_pioneer p
    WHERE p.cell = ANY(x.cells::bigint[]) AND p.suspended_at IS NULL AND p.held < %(limit)s
        AND (x.category = ANY(p.skills) OR NOT %(only_skilled)s)
        AND NOT (p.kin || p.spokesperson_id) && x.askers::bigint[]
    ORDER BY fits DESC, metres, p.id LIMIT %(shown)s
) c"""  # noqa: S608 - constants


def fitting(
    matters: Sequence[Matter], *, rings: int = LIST_RINGS, shown: int = 1, only_skilled: bool = True
) -> dict[int, list[Candidate]]:
    """Return by matter id the nearest pioneers with its skill and a free hand, who are no kin of its requester."""
    asked = [matter for matter in matters if matter.category or not only_skilled]
    if not asked:
        return {}
    given: dict[str, Any] = {
        "ids": [matter.id for matter in asked], "lats": [matter.lat for matter in asked],
        "lons": [matter.lon for matter in asked], "categories": [matter.category for matter in asked],
        "askers": [_array(_askers(matter)) for matter in asked],
        "cells": [_array(cells.rings(matter.lat, matter.lon, rings)) for matter in asked],
        "limit": services.held_at_once(), "shown": shown, "only_skilled": only_skilled,
    }  # fmt: skip
    found: dict[int, list[Candidate]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FITTING, given)
        for matter_id, *facts in cursor.fetchall():
            found.setdefault(matter_id, []).append(Candidate(*facts))
    return found


def for_one(matter: Matter) -> list[Candidate]:
    """Return the candidates shown beside a matter: those with the skill first, then the nearest of the others."""
    numbers = catalogue.load("desk")["candidates"]
    found = fitting([matter], rings=numbers["rings"], shown=numbers["shown"], only_skilled=False)
    return found.get(matter.id, [])


def _askers(matter: Matter) -> list[int]:
    return [matter.requester_id, *([matter.firm.responsible_id] if matter.firm else [])]


def _array(ids: Sequence[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


@dataclass(frozen=True)
class Alike:
    """A live matter that may be the same one: how far in metres, and what share of the title it shares."""

    id: int
    number: str
    title: str
    state: str
    metres: float
    share: float
    same_person: bool


_O = "o.id, o.number, o.title, o.state, o.lat, o.lon, o.requester_id, o.area_id, o.charge_id"
_ALIKE = f"""
SELECT m.id, m.number, m.title, m.state, {_METRES.replace("p.lat", "m.lat").replace("p.lon", "m.lon")} AS metres,
    m.requester_id = %(requester)s
FROM (SELECT %(lat)s::float8 AS lat, %(lon)s::float8 AS lon) x, LATERAL (
    (SELECT {_O} FROM matters_matter o WHERE o.requester_id = %(requester)s AND o.state IN ('raised', 'offered', 'open')
        ORDER BY o.raised_at DESC LIMIT 50)
    UNION ALL
    (SELECT {_O} FROM matters_matter o WHERE o.state = 'open' AND o.cell = ANY(%(cells)s::bigint[])
        AND o.category = %(category)s AND o.requester_id <> %(requester)s LIMIT %(most)s)
) m WHERE m.id <> %(id)s{{scope}} ORDER BY metres, m.id LIMIT 200"""  # noqa: S608 - constants


def alike(reach: Reach, matter: Matter, *, shown: int = 3) -> list[Alike]:
    """Return live matters nearby, or of the same person, whose titles share most; none below the desk's share.

    The same words suggest the same category, so only that is looked at, and at most the desk's alike_most of it.
    """
    scope, reached = reach.in_charge()
    numbers = catalogue.load("desk")["candidates"]
    given: dict[str, Any] = {
        "id": matter.id, "lat": matter.lat, "lon": matter.lon, "requester": matter.requester_id,
        "category": matter.category, "most": numbers["alike_most"],
        "cells": cells.rings(matter.lat, matter.lon, numbers["alike_rings"]),
        **reached,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE.format(scope=scope), given)
        rows = cursor.fetchall()
    near = [
        Alike(pk, number, title, state, metres, _share(matter.title, title), same)
        for pk, number, title, state, metres, same in rows
    ]
    near = [one for one in near if one.share >= numbers["alike_share"]]
    return sorted(near, key=lambda one: (-one.share, one.metres, one.id))[:shown]


def _share(one: str, other: str) -> float:
    """Return how much two titles share, 0 to 1: pairs of neighbouring characters in both, of those in either."""
    left, right = _pairs(one), _pairs(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def _pairs(title: str) -> set[str]:
    plain = "".join(mark for mark in title.lower() if mark.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)} or {plain}
