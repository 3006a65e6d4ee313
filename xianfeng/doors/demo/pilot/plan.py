"""What happens when in the pilot year: days and shares drawn from a seed. Knows no database."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.foundation.kernel import catalogue

_FIRST, _LAST = 20, 340  # days of the year: people are there before, and all is closed before it ends


@dataclass(frozen=True)
class Plan:
    """The pilot's data, its year, and the dice."""

    data: dict[str, Any]
    year: int
    dice: random.Random

    def moment(self) -> datetime:
        """Return an instant of the year, by day, in the city's time."""
        day, minute = self.dice.randint(_FIRST, _LAST), self.dice.randint(8 * 60, 17 * 60)
        return self.begin() + timedelta(days=day, minutes=minute)

    def moments(self, count: int) -> list[datetime]:
        """Return `count` instants of the year, in their order."""
        return sorted(self.moment() for _ in range(count))

    def begin(self) -> datetime:
        """Return the first instant of the year in the city."""
        return datetime(self.year, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))

    def figure(self, name: str) -> int:
        """Return one of the figures the newspaper told."""
        return int(self.data["figures"][name])

    def shares(self, whole: int, count: int, unit: int) -> list[int]:
        """Return `count` positive shares in whole `unit`s that add up to `whole`."""
        cuts = sorted(self.dice.sample(range(1, whole // unit), count - 1))
        edges = [0, *cuts, whole // unit]
        found = [(after - before) * unit for before, after in pairwise(edges)]
        found[-1] += whole % unit
        return found


def drawn(seed: int, year: int) -> Plan:
    """Return the plan of a seed."""
    return Plan(catalogue.load("demo/pilot"), year, random.Random(f"pilot {seed}"))  # noqa: S311 - a play, no secret


def default_year(now: datetime) -> int:
    """Return the last year that ended more than half a year ago: the demo city's own history begins later."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    return local.year - (1 if local.month > 7 else 2)
