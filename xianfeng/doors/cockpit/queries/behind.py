"""The condition on facts that a slice comes to: the same for every list, so that rows and sums agree."""

from typing import Any

from xianfeng.doors.cockpit import successors
from xianfeng.doors.cockpit.filters import Slice

CITY = 1


def condition(one: Slice) -> tuple[str, dict[str, Any]]:
    """Return the condition as SQL on facts `f`, with its parameters; without any time."""
    where: list[str] = ["true"]
    given: dict[str, Any] = {}
    if one.level > CITY:
        where.append("f.area_id = ANY(%(areas)s)")
        given["areas"] = successors.within(one.area)
    if one.service:
        where.append("f.service_code = %(service)s")
        given["service"] = one.service
    if one.category:
        where.append("f.category = %(category)s")
        given["category"] = one.category
    if one.organisations is not None:
        where.append("f.organisation_id = ANY(%(organisations)s)")
        given["organisations"] = list(one.organisations)
    if one.filters.cell:
        where.append("f.cell = ANY(%(cells)s)")
        given["cells"] = one.cells
    return " AND ".join(where), given
