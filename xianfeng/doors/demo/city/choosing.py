"""Who takes a need of the demo city: somebody near who knows the trade, has a free hand, and is not kin."""

from datetime import datetime, timedelta
from random import Random

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.city.parts import BUSY
from xianfeng.doors.demo.city.people import People, Town
from xianfeng.doors.demo.city.rows import Row
from xianfeng.foundation.people.models import Pioneer

HANDS = 3
CAST_RESTS_DAYS = 6  # the cast have their hands free when somebody sits down in their seat


class Choosing:
    """Keeps how active and how good everybody is, and when their hands are full."""

    def __init__(self, people: People) -> None:
        rng = draw.random(people.seed, "merit")
        self.people = people
        self.rest_after = people.now - timedelta(days=CAST_RESTS_DAYS)
        self.active: dict[int, float] = {}
        self.good: dict[int, float] = {}
        self.taken: dict[int, list[tuple[datetime, datetime]]] = {}
        self.skilled: dict[tuple[int, str], list[Row]] = {}
        for row in people.rows[Pioneer]:
            self.active[row["id"]] = min(rng.paretovariate(1.5), 15.0) * (3 if row.get("part") else 1)
            self.good[row["id"]] = rng.gauss(0.0, 1.0)
        for town in people.towns:
            self._know(town)

    def _know(self, town: Town) -> None:
        for row in town.pioneers:
            for skill in row["skills"]:
                self.skilled.setdefault((town.area.id, skill), []).append(row)
                self.skilled.setdefault((town.county.id, skill), []).append(row)

    def pioneer(
        self, rng: Random, town: Town, category: str, requester_id: int, *, at: datetime, until: datetime
    ) -> Row | None:
        """Return who takes it from `at` to about `until`, or None when nobody is free."""
        for area in (town.area, town.area, town.area, town.county, town.county):
            known = self.skilled.get((area.id, category)) or town.pioneers
            row = rng.choices(known, [self.active[one["id"]] for one in known])[0]
            if self._may(row, requester_id, at, until):
                return row
        return None

    def somebody(self, rng: Random, requester_id: int, *, at: datetime, until: datetime) -> Row | None:
        """Return anybody of the whole city with a hand free from `at` to `until`; None only where all are full."""
        known = [row for row in self.people.rows[Pioneer] if self._may(row, requester_id, at, until)]
        return rng.choice(known) if known else None

    def _may(self, row: Row, requester_id: int, at: datetime, until: datetime) -> bool:
        if row.get("part") and (row["part"] == BUSY or until > self.rest_after):
            return False
        if row["since"] > at or self.people.are_kin(requester_id, row):
            return False
        return self.free(row, at, until)

    def free(self, row: Row, at: datetime, until: datetime) -> bool:
        """Tell whether a hand is free over all that time."""
        busy = sum(start < until and end > at for start, end in self.taken.get(row["id"], ()))
        return busy < HANDS

    def keep(self, row: Row, at: datetime, until: datetime) -> None:
        """Note that a hand is used from `at` to about `until`."""
        self.taken.setdefault(row["id"], []).append((at, until))

    def stars(self, rng: Random, row: Row, *, kind: bool) -> tuple[int, int, int]:
        """Return stars as people give them: mostly fives, `kind` ones nearly always."""
        if kind and rng.random() < 0.95:
            return 5, 5, 5
        bad_day = 1.8 if rng.random() < 0.035 else 0.0
        mean = 4.85 - bad_day + 0.35 * self.good[row["id"]]
        skill, attitude, speed = (round(rng.gauss(mean, 0.75)) for _ in range(3))
        return _star(skill), _star(attitude), _star(speed)


def _star(stars: int) -> int:
    return max(1, min(5, stars))
