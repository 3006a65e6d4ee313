"""The quiet life of the demo city: neighbours of the cast ask, take, do and rate, all through the public API.

Nothing is remembered here but tokens and the next moments: what is to be done follows from the database and from
a number drawn from each matter's own number, so this process may be stopped and started at any moment.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from django.db.models import Q, QuerySet

from xianfeng.doors.demo import life_switch
from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.life_api import Api, Wait
from xianfeng.doors.demo.models import City, Part
from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places.models import Area
from xianfeng.matters.models import Matter, Message
from xianfeng.matters.states import State

log = logging.getLogger(__name__)
TICK_SECONDS = 2.0
# Seconds from one deed of a kind to the next, so that the city stays quiet also after a long stop.
PACE = {
    "ask": (10.0, 40.0),
    "claim": (8.0, 30.0),
    "answer": (5.0, 20.0),
    "report": (6.0, 24.0),
    "rate": (6.0, 24.0),
}
KEPT_OPEN, MOST_OPEN = 24, 60  # so many near the cast stay for those who play; with so many nobody asks more
RESIDENTS, PIONEERS = 40, 120
# Seconds from a step to the next: (shortest, longest), drawn from the matter's number.
SOON, FOR_PLAYERS, WORK, STARS = (60, 420), (900, 2400), (120, 600), (60, 300)


def drawn(number: str, what: str) -> float:
    """Return a number from 0 to 1, always the same for one matter and purpose."""
    return int.from_bytes(sha256(f"{number}:{what}".encode()).digest()[:6]) / 2**48


def after(at: datetime, number: str, what: str, between: tuple[float, float]) -> datetime:
    """Return the moment at which a step follows another."""
    return at + timedelta(seconds=between[0] + (between[1] - between[0]) * drawn(number, what))


@dataclass
class Neighbours:
    """Who lives near the cast without being of it, and where that is."""

    areas: list[Area]
    cast: set[int]
    residents: list[Person]

    @classmethod
    def of(cls, seed: int) -> "Neighbours":
        """Find them; the same for one seed. Raises LookupError when no city has been built."""
        parts = Part.objects.filter(role__startswith="pioneer").values_list("person__area_id", flat=True)
        areas = list(Area.objects.filter(pk__in=set(parts)).order_by("code"))
        if not areas:
            raise LookupError("no demo city: run `xianfeng demo_city` first")
        plain = Person.objects.filter(area__in=areas, part=None, speaks_for=None, posts=None, firms=None)
        known = list(plain.filter(memberships=None).order_by("id"))
        chosen = draw.random(seed, "life").sample(known, min(RESIDENTS, len(known)))
        return cls(areas, set(Part.objects.values_list("person_id", flat=True)), chosen)

    def matters(self, *states: State) -> QuerySet[Matter]:
        """Return the matters near the cast in some states, oldest first."""
        rows = Matter.objects.filter(area__in=self.areas, state__in=states).order_by("entered_at")
        return rows.select_related(
            "requester", "firm__responsible", "taken_by__spokesperson", "offered_to__spokesperson"
        )


@dataclass
class Life:
    """Lives on from tick to tick."""

    api: Api
    near: Neighbours
    rng: Random
    next: dict[str, datetime] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)

    def tick(self) -> int:
        """Do what is due, at most one deed of each kind; return how many. Raises Wait when the server is away."""
        return sum(self._paced(name) for name in PACE)

    def _paced(self, name: str) -> int:
        now = clock.now()
        if now < self.next.get(name, now):
            return 0
        deeds: dict[str, Callable[[datetime], int]] = {
            "ask": self._ask, "claim": self._claim, "answer": self._answer, "report": self._report, "rate": self._rate,
        }  # fmt: skip
        done = deeds[name](now)
        if done:
            self.next[name] = now + timedelta(seconds=self.rng.uniform(*PACE[name]))
        return done

    def _ask(self, _: datetime) -> int:
        """Now and then a resident raises a need near the cast."""
        if self._matters(State.OPEN).count() >= MOST_OPEN:
            return 0
        area = self.rng.choice(self.near.areas)
        asked = draw.need(self.rng, self.rng.choice(sorted(catalogue.load("skills"))))
        lat, lon = draw.around(self.rng, area, 700.0)
        given = {
            "service": "help-open", "title": asked.title, "text": asked.text, "category": asked.category,
            "lat": lat, "lon": lon, "datum": "wgs84",
        }  # fmt: skip
        key = f"life-{self.rng.getrandbits(64):016x}"
        return self._act(self.rng.choice(self.near.residents), "/matters", key, **given)

    def _matters(self, *states: State) -> QuerySet[Matter]:
        return self.near.matters(*states).exclude(number__in=self.given_up)

    def _act(self, person: Person, path: str, key: str, **given: object) -> int:
        """Do it; what was refused once is left alone from then on. Returns 1, or 0 when refused."""
        done = self.api.act(person, path, key, **given) is not None
        if not done and path.startswith("/matters/"):
            self.given_up.add(path.split("/")[2])
        return int(done)

    def _claim(self, now: datetime) -> int:
        """A pioneer grabs a need that has waited; enough are left for those who play."""
        waiting = list(self._matters(State.OPEN).filter(service_code="help-open")[: MOST_OPEN * 4])
        if len(waiting) <= KEPT_OPEN:
            return 0
        ready = [one for one in waiting if self._may_be_taken(one, now)]
        if not ready:
            return 0
        matter = self.rng.choice(ready)
        pioneer = self._somebody_for(matter)
        if pioneer is None:
            return 0
        reply = draw.line(self.rng, "first_replies")
        key = f"life-claim-{matter.number}-{matter.released_count}-{pioneer.id}"
        return self._act(pioneer.spokesperson, f"/matters/{matter.number}/claim", key, first_reply=reply)

    def _may_be_taken(self, matter: Matter, now: datetime) -> bool:
        """What the cast asked, and every third need, waits longer, so that somebody who plays can take it."""
        patient = self._asker(matter).id in self.near.cast or drawn(matter.number, "for players") < 0.35
        return after(matter.entered_at, matter.number, "claim", FOR_PLAYERS if patient else SOON) <= now

    @staticmethod
    def _asker(matter: Matter) -> Person:
        return matter.firm.responsible if matter.firm else matter.requester

    def _somebody_for(self, matter: Matter) -> Pioneer | None:
        rows = Pioneer.objects.filter(
            area__in=self.near.areas, kind="individual", suspended_at=None, held__lt=2
        )
        rows = rows.exclude(spokesperson__in=self.near.cast).exclude(kin__contains=[self._asker(matter).id])
        if matter.category:
            rows = rows.filter(skills__contains=[matter.category])
        found = list(rows.select_related("spokesperson").order_by("id")[:PIONEERS])
        return self.rng.choice(found) if found else None

    def _answer(self, now: datetime) -> int:
        """A pioneer who was booked accepts."""
        mine = self._matters(State.OFFERED).exclude(offered_to__spokesperson__in=self.near.cast)
        for matter in mine.filter(offered_to__held__lt=3):
            if matter.offered_to and after(matter.entered_at, matter.number, "accept", SOON) <= now:
                key = f"life-accept-{matter.number}"
                return self._act(matter.offered_to.spokesperson, f"/matters/{matter.number}/accept", key)
        return 0

    def _report(self, now: datetime) -> int:
        """A pioneer asks something on the way, and reports what was done."""
        for matter in self._matters(State.TAKEN).exclude(taken_by__spokesperson__in=self.near.cast):
            if matter.taken_by is None:
                continue
            due = after(matter.entered_at, matter.number, "report", WORK)
            if due <= now:
                return self._done(matter, matter.taken_by)
            if (
                drawn(matter.number, "asks") < 0.3
                and matter.entered_at + (due - matter.entered_at) / 2 <= now
            ):
                if Message.objects.filter(matter=matter, pioneer=matter.taken_by).exists():
                    continue
                words = draw.line(self.rng, "questions")
                key = f"life-asks-{matter.number}-{matter.released_count}"
                return self._act(
                    matter.taken_by.spokesperson, f"/matters/{matter.number}/messages", key, text=words
                )
        return 0

    def _done(self, matter: Matter, pioneer: Pioneer) -> int:
        reports = draw.load("talk")["reports"].get(matter.category) or ["办好了。"]
        key = f"life-done-{matter.number}-{matter.disputed_count}-{matter.reopened_count}-{matter.released_count}"
        words = str(self.rng.choice(reports))
        return self._act(pioneer.spokesperson, f"/matters/{matter.number}/done", key, report=words)

    def _rate(self, now: datetime) -> int:
        """A resident rates; the cast rate for themselves."""
        cast = Q(requester__in=self.near.cast) | Q(firm__responsible__in=self.near.cast)
        for matter in self._matters(State.DONE).exclude(cast):
            forgets = drawn(matter.number, "forgets") < 0.08
            if forgets or after(matter.entered_at, matter.number, "rate", STARS) > now:
                continue
            key = f"life-rate-{matter.number}-{matter.reopened_count}"
            return self._act(self._asker(matter), f"/matters/{matter.number}/rate", key, **self._stars())
        return 0

    def _stars(self) -> dict[str, object]:
        lists = draw.load("talk")["ratings"]
        five = self.rng.random() < 0.75
        attitude = 5 if five else self.rng.choice((4, 5))
        skill = 5 if five else 4
        text = str(self.rng.choice(lists["five" if five else "four"]))
        return {"skill": skill, "attitude": attitude, "speed": 5 if five else 4, "text": text}


def live(base: str, stop: threading.Event) -> None:
    """Live until `stop` is set. Raises LookupError when no city has been built."""
    city = City.objects.order_by("-loaded_at").first()
    seed = city.seed if city else 0
    near = Neighbours.of(seed)
    life = Life(Api(base), near, draw.random(seed, "life", Matter.objects.count()))
    while not stop.is_set():
        stop.wait(_once(life))


def _once(life: Life) -> float:
    """Do one tick, if the switch is on; return for how many seconds to rest."""
    if not life_switch.is_on():
        return TICK_SECONDS
    try:
        life.tick()
    except Wait as wait:
        log.info("resting %.0f s: %s", wait.seconds, wait)
        return wait.seconds
    return TICK_SECONDS
