"""Who comes in a play: the nearest pioneers with the skill, each with a temper of their own."""

from math import cos, radians
from random import Random

import numpy as np

from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Matter


class Players:
    """All pioneers who may be sent, read once; how ready and how good each is follows from the seed and the id."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        rows = Pioneer.objects.filter(suspended_at=None).order_by("id").select_related("spokesperson")
        self.rows = list(rows.defer("search", "deed", "index_parts"))
        self.lat = np.array([row.lat for row in self.rows])
        self.lon = np.array([row.lon for row in self.rows])
        self.skilled: dict[str, list[int]] = {}
        for at, row in enumerate(self.rows):
            for skill in row.skills:
                self.skilled.setdefault(skill, []).append(at)

    def near(self, matter: Matter, rng: Random, count: int) -> list[Pioneer]:
        """Return up to `count` of the nearest with the skill (of all, if nobody has it), the keenest likely first."""
        among = np.array(self.skilled.get(matter.category) or range(len(self.rows)), dtype=int)
        east = (self.lon[among] - matter.lon) * cos(radians(matter.lat))
        far = (self.lat[among] - matter.lat) ** 2 + east**2
        found = [self.rows[at] for at in among[np.argsort(far, kind="stable")[: 2 * count]]]
        free = [row for row in found if matter.requester_id not in {*row.kin, row.spokesperson_id}][:count]
        # weighted without putting back: the smallest of u^(1/w) last
        return sorted(free, key=lambda row: rng.random() ** (1 / self.ready(row)), reverse=True)

    def ready(self, row: Pioneer) -> float:
        """Return how keen a pioneer is, 1 at least."""
        return min(self._own("ready", row).paretovariate(1.5), 15.0)

    def good(self, row: Pioneer) -> float:
        """Return how good a pioneer is, in deviations from the mean."""
        return self._own("good", row).gauss(0.0, 1.0)

    def _own(self, what: str, row: Pioneer) -> Random:
        return Random(f"{self.seed}:{what}:{row.pk}")  # noqa: S311 - a play is drawn, nothing is kept secret
