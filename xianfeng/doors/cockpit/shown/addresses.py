"""Addresses of boards and of what stands behind a figure: /cockpit/<kind>/<code>/… with the filters as the query."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.scope import Scope
from xianfeng.foundation.places import tree

ASKED = ("from", "until", "area", "organisation", "service", "category", "cell")


@dataclass(frozen=True)
class Address:
    """Where a board stands: `kind` is area, organisation or public, `code` the area's or the organisation's."""

    scope: Scope
    filters: Filters

    @property
    def kind(self) -> str:
        """Return the first part of the address."""
        if self.scope.public:
            return "public"
        return "organisation" if self.scope.organisation else "area"

    def to(self, name: str, *more: str, **query: str) -> str:
        """Return the address of a page of this board, with exactly `query`."""
        address = reverse(f"cockpit:{name}", args=[self.kind, self.scope.code, *more])
        asked = urlencode({key: value for key, value in query.items() if value})
        return f"{address}?{asked}" if asked else address

    def here(self, name: str, *more: str, **changed: str) -> str:
        """Return the same with the filters that stand, some `changed` (`since` for from)."""
        query = self.filters.query(**changed)
        address = reverse(f"cockpit:{name}", args=[self.kind, self.scope.code, *more])
        return f"{address}?{query}" if query else address

    def rows(self, link: Mapping[str, str], *, whole: bool = False) -> str:
        """Return the address of the rows behind a figure."""
        query = self._query(link) | ({"whole": "1"} if whole else {})
        return self.to("rows", link["measure"], **query)

    def board(self, link: Mapping[str, str]) -> str:
        """Return the board that a line of a chart leads down to; an area has a board of its own."""
        query = self._query(link)
        area = link.get("area", "")
        if self.kind == "organisation" or not area or area == self.scope.area.code:
            return self.to("board", **query)
        address = reverse("cockpit:board", args=[self.kind, area])
        asked = urlencode({key: value for key, value in query.items() if key != "area"})
        return f"{address}?{asked}" if asked else address

    def above(self) -> list[tuple[str, str]]:
        """Return code and address of the boards above this one, from the city down; whether they open is for them."""
        if self.kind == "organisation":
            return []
        line = [tree.find(one) for one in self.scope.area.path[:-1]]
        query = self.filters.query(area="")
        asked = f"?{query}" if query else ""
        return [(area.code, reverse("cockpit:board", args=[self.kind, area.code]) + asked) for area in line]

    def _query(self, link: Mapping[str, str]) -> dict[str, str]:
        same = self.scope.area.code
        return {
            name: link[name]
            for name in ASKED
            if link.get(name) and not (name == "area" and link[name] == same)
        }
