"""The loop played over imported needs, through the operations, by the model of catalogue/importing.toml.

What each need comes to follows from the seed and its key alone; who is near and free is the city's. All happens
at the moment of the play: no time is invented.
"""

from collections import Counter
from collections.abc import Callable
from math import log
from random import Random
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.matters.importing.players import Players
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.claim import claim
from xianfeng.matters.operations.handling import Report, release, report_done
from xianfeng.matters.operations.rating import Stars, dispute, rate

Progress = Callable[[int, int], None]


def play(*, seed: int, limit: int | None, progress: Progress) -> "Counter[str]":
    """Play over the imported needs that stand open, oldest first; return how often what happened.

    `progress` is told the needs done and all needs, after each.
    """
    waiting = Matter.objects.filter(source_key__isnull=False, state="open").order_by("id")
    numbers = list(waiting.values_list("number", flat=True)[:limit])
    players, counts = Players(seed), Counter[str]()
    for at, number in enumerate(numbers, 1):
        matter = Matter.objects.select_related("requester").get(number=number)
        counts["needs"] += 1
        _Scene(matter, players, counts).play()
        progress(at, len(numbers))
    return counts


class _Scene:
    """One need and what becomes of it."""

    def __init__(self, matter: Matter, players: Players, counts: "Counter[str]") -> None:
        self.number, self.asker, self.counts, self.players = matter.number, matter.requester, counts, players
        self.model: dict[str, Any] = catalogue.load("importing")["play"]
        self.rng = Random(f"{players.seed}:{matter.source_key}")  # noqa: S311 - a play is drawn
        self.candidates = players.near(matter, self.rng, int(self.model["nearest"]))

    def play(self) -> None:
        """Let somebody come, do it, and be rated; or what else the model draws."""
        if self._happens("nobody_share") or (pioneer := self._taken()) is None:
            self.counts["left open"] += 1
            return
        if self._happens("release_share"):
            release(self.number, by=pioneer.spokesperson, reason=self._line("release_reasons"))
            self.counts["given back"] += 1
            if (pioneer := self._taken()) is None:
                self.counts["left open"] += 1
                return
        self._done(pioneer)

    def _taken(self) -> Pioneer | None:
        """Let the first who may claim it; each candidate comes at most once."""
        while self.candidates:
            pioneer = self.candidates.pop(0)
            try:
                claim(
                    self.number,
                    by=pioneer.spokesperson,
                    pioneer=pioneer,
                    first_reply=self._line("first_replies"),
                )
            except Refused as refused:
                self.counts[f"refused: {refused}"] += 1
                continue
            self.counts["taken"] += 1
            return pioneer
        return None

    def _done(self, pioneer: Pioneer) -> None:
        yuan = self._yuan()
        self._report(pioneer.spokesperson, yuan)
        if self._happens("dispute_share"):
            dispute(self.number, by=self.asker, reason=self._line("dispute_reasons"))
            self.counts["disputed"] += 1
            self._report(pioneer.spokesperson, yuan)
        if self._happens("unrated_share"):
            self.counts["left unrated"] += 1
            return
        confirmed = yuan is not None and self._happens("confirmed_share")
        rate(self.number, self._stars(pioneer, confirmed=confirmed), by=self.asker)
        self.counts["rated"] += 1
        self.counts["benefit verified"] += confirmed

    def _report(self, speaker: Person, yuan: int | None) -> None:
        report_done(self.number, Report(self._line("reports"), benefit_yuan=yuan), by=speaker)
        self.counts["reported"] += 1

    def _yuan(self) -> int | None:
        if not self._happens("benefit_share"):
            return None
        drawn = self.rng.lognormvariate(log(self.model["benefit_median_yuan"]), self.model["benefit_spread"])
        return max(1, round(drawn))

    def _stars(self, pioneer: Pioneer, *, confirmed: bool) -> Stars:
        mean = self.model["stars_mean"] + self.model["pioneer_spread"] * self.players.good(pioneer)
        drawn = [round(self.rng.gauss(mean, self.model["order_spread"])) for _ in range(3)]
        skill, attitude, speed = (max(1, min(5, stars)) for stars in drawn)
        return Stars(skill, attitude, speed, self._line("words"), benefit_confirmed=confirmed)

    def _happens(self, share: str) -> bool:
        return self.rng.random() < float(self.model[share])

    def _line(self, name: str) -> str:
        return str(self.rng.choice(self.model[name]))
