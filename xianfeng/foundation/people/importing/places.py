"""Areas and organisations by what an office calls them."""

import unicodedata
from functools import lru_cache

from xianfeng.foundation.kernel.tables.faults import Reason, Unfit
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import city, queries
from xianfeng.foundation.places.models import Area, Level
from xianfeng.foundation.places.tree import Tree, current, outline

_NAMED = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)


def area_of(text: str, within: Area) -> Area:
    """Return the area an office means: by code, by name, or by names one behind another (吴兴区织里镇).

    Of several, the only one `within`. Raises Unfit.
    """
    key = _plain(text)
    found = _by_name(current()).get(key, [])
    if len(found) > 1:
        found = [one for one in found if within.pk in one.path] or found
    if not found:
        raise Unfit("area", Reason("no-area", text=text[:30]))
    if len(found) > 1:
        full = "; ".join(queries.full_name(one, "zh-hans") for one in found[:4])
        raise Unfit("area", Reason("several-areas", text=text[:30], choices=full))
    return found[0]


@lru_cache(maxsize=2)
def _by_name(areas: Tree) -> dict[str, list[Area]]:
    """Return areas by code and by their own name, with any of the names above put in front."""
    found: dict[str, list[Area]] = {}
    for area in areas.by_id.values():
        if not area.active or area.level not in _NAMED:
            continue
        names = {area.name}
        for up in reversed(queries.ancestors(area)):
            names |= {up.name + name for name in names}
        for name in {_plain(name) for name in names} | {area.code}:
            found.setdefault(name, []).append(area)
    return found


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def point_of(area: Area) -> tuple[float, float]:
    """Return a point of an area: its own, that of the next area above, one within its boundary, the city's middle."""
    for one in reversed([*queries.ancestors(area), area]):
        if one.lat is not None and one.lon is not None:
            return one.lat, one.lon
        if inside := _inside(one.pk):
            return inside
    served = city.served()
    return served.lat, served.lon


@lru_cache(maxsize=64)
def _inside(area_id: int) -> tuple[float, float] | None:
    boundary = Area.objects.values_list("boundary", flat=True).filter(pk=area_id).first()
    shape = outline(boundary)
    if shape.is_empty:
        return None
    point = shape.representative_point()
    return float(point.y), float(point.x)


class Organisations:
    """The organisations a list may name: all, or `only` those of who takes it in; `own` where a cell is blank."""

    def __init__(self, only: set[int] | None, own: int | None = None) -> None:
        rows = list(Organisation.objects.select_related("area").defer("area__boundary"))
        self._served = current().root.name
        self._allowed = only
        self._by_name: dict[str, Organisation] = {}
        for row in rows:
            for name in {row.code, row.name, self._served + row.name}:
                self._by_name[_plain(name)] = row
        mine = [row for row in rows if (own == row.pk if own else only is not None and row.pk in only)]
        self.own = mine[0] if len(mine) == 1 else None

    def find(self, text: str) -> Organisation:
        """Return the organisation called so; a blank cell means the own one. Raises Unfit."""
        if not text and self.own:
            return self._if_allowed(self.own)
        if not text:
            raise Unfit("organisation", Reason("blank"))
        found = self._by_name.get(_plain(text))
        if found is None:
            known = next(iter(sorted(name for name in self._by_name if not name.isascii())), "")
            raise Unfit("organisation", Reason("no-organisation", text=text[:30], known=known))
        return self._if_allowed(found)

    def _if_allowed(self, found: Organisation) -> Organisation:
        if self._allowed is not None and found.pk not in self._allowed:
            raise Unfit("organisation", Reason("not-yours", name=found.name))
        return found
