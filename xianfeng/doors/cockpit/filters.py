"""What the address asks of a board: a time, an area, an organisation, a service, a category; and back again."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from h3.api import basic_int as h3

from xianfeng.doors.cockpit import steps, successors
from xianfeng.doors.cockpit.scope import LEVELS, Scope
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import cells
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_DAYS = 366
COARSEST = 4
ASKED = ("from", "until", "area", "organisation", "service", "category", "cell")


@dataclass(frozen=True)
class Filters:
    """As asked: `since` and `until` are months (2026-11) or days (2026-11-03), both included; '' is not asked.

    `cell` is a mark of the map (an H3 cell as text): lists know it, boards do not.
    """

    since: str = ""
    until: str = ""
    area: str = ""
    organisation: str = ""
    service: str = ""
    category: str = ""
    cell: str = ""

    @classmethod
    def parsed(cls, given: Mapping[str, str]) -> "Filters":
        """Return the filters of an address. Raises Refused 'cockpit-time-invalid', 'cockpit-filter-unknown'."""
        values = {name: (given.get(name) or "").strip()[:60] for name in ASKED}
        asked = cls(since=values.pop("from"), **values)
        asked.period()
        if asked.category and asked.category not in catalogue.load("skills"):
            raise Refused("cockpit-filter-unknown", field="category")
        if asked.cell and not _is_cell(asked.cell):
            raise Refused("cockpit-filter-unknown", field="cell")
        return asked

    def query(self, **changed: str) -> str:
        """Return the filters, some changed, as the query of an address: '' or 'from=2026-01&area=330521'."""
        values = asdict(replace(self, **changed))
        values = {"from": values.pop("since"), **values}
        return urlencode({name: value for name, value in values.items() if value})

    def period(self) -> "Period":
        """Return the days asked for; this month where nothing is asked. Raises Refused 'cockpit-time-invalid'."""
        today = steps.today()
        first, first_is_day = _parsed(self.since, "from") if self.since else (today.replace(day=1), False)
        last, last_is_day = _parsed(self.until, "until") if self.until else (max(first, today), first_is_day)
        if first_is_day != last_is_day and self.until:
            raise Refused("cockpit-time-invalid", field="until")
        days = first_is_day
        if not days:
            last = _month_end(last)
        if last < first or (days and (last - first).days > LONGEST_DAYS):
            raise Refused("cockpit-time-invalid", field="until")
        return Period(first, last, "d" if days else "m")


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; `grain` says whether they are whole months ('m') or days ('d')."""

    first: date
    last: date
    grain: str


@dataclass(frozen=True)
class Slice:
    """What is read in the end: scope and filters in one. `organisations` None: not told apart."""

    scope: Scope
    filters: Filters
    period: Period
    area: Area
    organisations: tuple[int, ...] | None
    service: str
    category: str

    @property
    def public(self) -> bool:
        """Tell whether anybody may read it."""
        return self.scope.public

    @property
    def level(self) -> int:
        """Return how deep the area stands: 1 city, 2 county, 3 town, 4 village."""
        return LEVELS.index(self.area.level) + 1

    @property
    def cells(self) -> list[int]:
        """Return the small cells within the mark that was asked for, none where none was."""
        if not self.filters.cell:
            return []
        return sorted(h3.cell_to_children(h3.str_to_int(self.filters.cell), cells.RESOLUTION))

    def link(self, **more: Any) -> dict[str, str]:
        """Return the parameters under which the same is asked for again, with `more`."""
        values = {"area": self.area.code, "from": self.filters.since, "until": self.filters.until}
        values |= {
            "cell": self.filters.cell,
            "organisation": self.filters.organisation,
            "service": self.service,
            "category": self.category,
        }
        return {name: str(value) for name, value in (values | more).items() if value not in {"", None}}


def summed(scope: Scope, filters: Filters) -> Slice:
    """Narrow `scope` by `filters`, for sums. Raises as `sliced`; Refused 'cockpit-too-fine' for what is not summed."""
    one = sliced(scope, filters)
    told = (one.organisations is not None) + bool(one.service) + bool(one.category)
    by_days = one.period.grain == "d" and told > (1 if one.level < len(LEVELS) else 0)
    if by_days or (one.level == len(LEVELS) and told > 1) or filters.cell:
        raise Refused("cockpit-too-fine", field="cell" if filters.cell else "from" if by_days else "category")
    return one


def sliced(scope: Scope, filters: Filters) -> Slice:
    """Narrow `scope` by `filters`. Raises Missing for what lies outside of it."""
    area = _area(scope, filters.area) if filters.area else scope.area
    organisations = (
        _organisations(scope, filters.organisation) if filters.organisation else scope.organisations
    )
    return Slice(scope, filters, filters.period(), area, organisations, filters.service, filters.category)


def _area(scope: Scope, code: str) -> Area:
    found = successors.standing(places.by_code(code))
    if scope.area.pk not in found.path or found.level not in LEVELS:
        raise Missing
    return found


def _organisations(scope: Scope, code: str) -> tuple[int, ...]:
    """Return the organisations of a code (union-330521), or of a kind (union) in all places."""
    rows = Organisation.objects.filter(code=code) or Organisation.objects.filter(kind=code)
    ids = tuple(sorted(row.pk for row in rows))
    if scope.organisations is not None:
        ids = tuple(one for one in ids if one in scope.organisations)
    if not ids:
        raise Missing
    return ids


def _is_cell(text: str) -> bool:
    found: bool = h3.is_valid_cell(h3.str_to_int(text)) if re.fullmatch("[0-9a-f]{15}", text) else False
    return found and COARSEST <= h3.get_resolution(h3.str_to_int(text)) <= cells.RESOLUTION


def _parsed(text: str, name: str) -> tuple[date, bool]:
    day = len(text) > len("2026-11")
    try:
        found = date.fromisoformat(text if day else f"{text}-01")
    except ValueError:
        raise Refused("cockpit-time-invalid", field=name) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Refused("cockpit-time-invalid", field=name)
    return found, day


def _month_end(day: date) -> date:
    return month_after(day) - timedelta(days=1)


def month_after(day: date, months: int = 1) -> date:
    """Return the first day of the month so many months after that of `day`."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
