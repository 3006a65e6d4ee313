"""Which needs there were in the demo city in six months, and which wait at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from xianfeng.doors.demo.city import draw, pictures, plots
from xianfeng.doors.demo.city.choosing import Choosing
from xianfeng.doors.demo.city.parts import BUSY, Cast
from xianfeng.doors.demo.city.people import People, Town
from xianfeng.doors.demo.city.plots import Plot
from xianfeng.doors.demo.city.rows import Row
from xianfeng.doors.demo.city.tale import Books, Tale
from xianfeng.foundation.kernel import catalogue, keyring
from xianfeng.foundation.people.models import Firm
from xianfeng.foundation.places import cells, locate
from xianfeng.matters import services
from xianfeng.matters.models import Offer
from xianfeng.matters.states import ENDS, State

DAYS = 178
NEAR_OPEN, CITY_OPEN, OFFERED = 36, 70, 8
FACTORIES = 12
_HOURS = (0, 0, 0, 0, 0, 1, 4, 9, 12, 13, 11, 8, 6, 7, 10, 11, 10, 9, 10, 11, 8, 5, 2, 1)
_ENDS: dict[str, float] = {"whole": 90, "withdrawn": 4.5, "declined": 3, "merged": 1.2, "nobody": 1.3}
_SCENES: dict[str, Callable[[Plot], None]] = {
    "whole": plots.whole, "withdrawn": plots.withdrawn, "declined": plots.declined, "nobody": plots.nobody,
}  # fmt: skip


@dataclass
class Plan:
    """A need to come: when, where, who asks, what, and what becomes of it."""

    at: datetime
    town: Town
    requester: Row
    asked: draw.Asked
    ends: str
    firm: Row | None = None
    service: str = "help-open"
    picture: bool = False
    pioneer: Row | None = None
    offer: Row | None = None
    kind: bool = False


@dataclass
class Told:
    """All tales, in the order in which their needs were raised, and the pictures they ask for (scene, tale)."""

    tales: list[Tale]
    pictures: list[tuple[str, Tale]]


def tell(people: People, cast: list[Cast], books: Books) -> Told:
    """Plan all needs and play each as far as time allows."""
    choosing = Choosing(people)
    plans = [*_past(people), *_waiting(people), *_of_cast(people, cast)]
    told = Told([], [])
    merged: dict[int, Tale] = {}
    for at, plan in enumerate(sorted(plans, key=lambda plan: plan.at)):
        rng = draw.random(people.seed, "matter", at)
        tale = _raise(plan, books, rng)
        _play(plan, tale, people, choosing=choosing, rng=rng, merged=merged)
        told.tales.append(tale)
        if plan.picture:
            told.pictures.append((plan.asked.category, tale))
    return told


def _raise(plan: Plan, books: Books, rng: Random) -> Tale:
    lat, lon = draw.around(rng, plan.town.area, 900.0)
    while (place := locate.locate(lat, lon)).outside:
        lat, lon = draw.around(rng, plan.town.area, 400.0)
    asked: Row = {
        "title": plan.asked.title, "text": plan.asked.text, "category": plan.asked.category, "lat": lat, "lon": lon,
        "cell": cells.cell(lat, lon), "area_id": place.area.id, "outside": place.outside,
        "address_sealed": keyring.seal("address", f"{rng.randint(1, 28)} 幢 {rng.randint(1, 6)}0{rng.randint(1, 4)}"),
        "requester_id": plan.requester["id"], "firm_id": plan.firm["id"] if plan.firm else None,
        "wanted": rng.choice(("now", "today", "today", "days", "days", "days")), "photo_count": int(plan.picture),
        "offered_to_id": plan.pioneer["id"] if plan.pioneer and plan.service == "help-booking" else None,
        "offer_id": plan.offer["id"] if plan.offer else None,
    }  # fmt: skip
    poll = draw.random(rng.randrange(10**9), "poll")
    late = lambda: timedelta(seconds=round(poll.uniform(0.5, 10), 3))  # noqa: E731
    return Tale(books, services.current(plan.service), asked, plan.at, late)


def _play(
    plan: Plan, tale: Tale, people: People, *, choosing: Choosing, rng: Random, merged: dict[int, Tale]
) -> None:
    staff_id = people.city_staff[0]["id"]
    plot = Plot(tale, plan.town, choosing, rng, plan.at, people.now, staff_id, plan.kind, plan.pioneer)
    survivor = merged.get(plan.town.area.id)
    if plan.ends == "merged" and survivor is not None:
        plot.play(lambda plot: _merge(plot, survivor))
    elif plan.ends in _CAST_SCENES:
        plot.play(_CAST_SCENES[plan.ends])
    else:
        plot.play(_SCENES.get(plan.ends, plots.whole))
    if tale.state in {State.OPEN, State.TAKEN, State.DONE, State.CLOSED}:
        merged[plan.town.area.id] = tale


def _merge(plot: Plot, survivor: Tale) -> None:
    plot.wait(150)
    if survivor.state in ENDS and (survivor.row["closed_at"] or plot.at) <= plot.at:
        return
    plot.tale.merge(plot.at, survivor, by=plot.staff_id)


def _past(people: People) -> list[Plan]:
    rng = draw.random(people.seed, "past")
    factories = _factories(people, rng)
    weights = [4.0 if town in people.near else 1.0 for town in people.towns]
    offers = people.rows[Offer]
    plans = []
    for town in rng.choices(people.towns, weights, k=people.size.past):
        at = _moment(people.now, rng)
        ends = draw.weighted(rng, _ENDS)
        roll = rng.random()
        if roll < 0.12:
            plans.append(_by_firm(rng, at, ends, factories))
        elif roll < 0.28:
            plans.append(_booking(people, rng, town, at=at, ends=ends, offer=rng.choice(offers)))
        else:
            plans.append(Plan(at, town, rng.choice(town.residents), _words(rng), ends))
    return plans


def _words(rng: Random) -> draw.Asked:
    return draw.need(rng, rng.choice(sorted(catalogue.load("skills"))))


def _moment(now: datetime, rng: Random) -> datetime:
    """Return a moment of the last half year, at an hour when people are up."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = (now - timedelta(days=0.9 + (DAYS - 0.9) * rng.random() ** 1.2)).astimezone(zone)
    hour = rng.choices(range(24), _HOURS)[0]
    at = day.replace(
        hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=rng.randrange(10**6)
    )
    utc = at.astimezone(now.tzinfo)
    return utc if utc < now - timedelta(hours=3) else utc - timedelta(days=1)


def _factories(people: People, rng: Random) -> list[tuple[Row, Town, bool]]:
    towns = {town.area.id: town for town in people.towns}
    firms = [(row, towns[row["area_id"]]) for row in people.rows[Firm]]
    kind = {row["id"] for row, _ in rng.sample(firms, FACTORIES)}
    return [(row, town, row["id"] in kind) for row, town in firms]


def _by_firm(rng: Random, at: datetime, ends: str, firms: list[tuple[Row, Town, bool]]) -> Plan:
    firm, town, kind = rng.choices(firms, [6 if kind else 1 for *_, kind in firms])[0]
    return Plan(at, town, {"id": firm["responsible_id"]}, draw.firm_need(rng), ends, firm=firm, kind=kind)


def _booking(people: People, rng: Random, town: Town, *, at: datetime, ends: str, offer: Row) -> Plan:
    """A resident orders from the menu, or books a pioneer of the town; who may not is booked elsewhere."""
    ordered = offer if offer["published_at"] < at and rng.random() < 0.6 else None
    pioneer = people.by_id[offer["pioneer_id"]] if ordered else rng.choice(town.pioneers)
    home = next((one for one in people.towns if one.area.id == pioneer["area_id"]), town)
    requester = rng.choice(home.residents)
    if people.are_kin(requester["id"], pioneer) or pioneer["since"] > at or _resting(pioneer, at, people.now):
        return Plan(at, home, requester, _words(rng), ends)
    asked = draw.need(rng, pioneer["skills"][0])
    return Plan(
        at,
        home,
        requester,
        asked,
        "whole" if ends == "merged" else ends,
        service="help-booking",
        pioneer=pioneer,
        offer=ordered,
    )


def _resting(pioneer: Row, at: datetime, now: datetime) -> bool:
    return bool(pioneer.get("part")) and at > now - timedelta(days=12)


def _waiting(people: People) -> list[Plan]:
    """Needs that wait now: of the last hours near the cast, of the last day elsewhere."""
    rng = draw.random(people.seed, "waiting")
    skills = list(catalogue.load("skills"))
    plans = []
    for at in range(NEAR_OPEN):
        town, skill = people.near[at % len(people.near)], skills[at % len(skills)]
        when = people.now - timedelta(minutes=4 + at * 8 + rng.random() * 6)
        picture = skill in pictures.SCENES and at < people.size.pictures
        plans.append(
            Plan(when, town, rng.choice(town.residents), draw.need(rng, skill), "nobody", picture=picture)
        )
    for _ in range(CITY_OPEN):
        town, when = rng.choice(people.towns), people.now - timedelta(minutes=rng.uniform(20, 1250))
        plans.append(Plan(when, town, rng.choice(town.residents), _words(rng), "nobody"))
    return plans


def _of_cast(people: People, cast: list[Cast]) -> list[Plan]:
    """What the cast have asked, what was asked of them, and what the busy one holds."""
    rng, home, now = draw.random(people.seed, "cast needs"), people.near[0], people.now
    plans = []
    for one in (
        one for one in cast if one.role.startswith(("resident", "firm")) and one.role != "resident-new"
    ):
        for days in (150, 121, 88, 61, 40, 26):
            words = draw.firm_need(rng) if one.firm else _words(rng)
            at = now - timedelta(days=days, minutes=rng.uniform(0, 700))
            plans.append(_asked(at, home, one, words, "whole"))
        for ends, minutes in (("nobody", 34), ("in hand", 1500), ("to rate", 2600)):
            words = draw.firm_need(rng) if one.firm else _words(rng)
            at = now - timedelta(minutes=minutes + rng.uniform(0, 25))
            plans.append(_asked(at, home, one, words, ends))
    busy = next(one for one in cast if one.role == BUSY)
    for _ in range(3):
        when = now - timedelta(minutes=rng.uniform(300, 900))
        neighbour = rng.choice(home.residents)
        plans.append(Plan(when, home, neighbour, draw.need(rng, "electric"), "held", pioneer=busy.pioneer))
    asked_for = [one for one in cast if one.pioneer and one.role != BUSY]
    for one in asked_for[:OFFERED]:
        when, neighbour = now - timedelta(minutes=rng.uniform(20, 400)), rng.choice(home.residents)
        words = draw.need(rng, one.pioneer["skills"][0]) if one.pioneer else _words(rng)
        plans.append(
            Plan(when, home, neighbour, words, "nobody", service="help-booking", pioneer=one.pioneer)
        )
    return plans


def _asked(at: datetime, town: Town, one: Cast, words: draw.Asked, ends: str) -> Plan:
    picture = ends == "nobody" and words.category in pictures.SCENES
    return Plan(at, town, one.person, words, ends, firm=one.firm, picture=picture)


def _in_hand(plot: Plot) -> None:
    plot.wait(20, 0.3)
    row = plot.choose_surely()  # whoever sits down in this seat is to find it in somebody's hands
    plot.tale.claim(row, plot.at, first_reply=draw.line(plot.rng, "first_replies"))
    plot.choosing.keep(row, plot.at, plot.at + plots.TAKEN_LIMIT)
    plot.pioneer = row


def _to_rate(plot: Plot) -> None:
    _in_hand(plot)
    plot.wait(600, 0.4)
    plots.report(plot)


def _held(plot: Plot) -> None:
    plot.wait(15, 0.3)
    if plot.pioneer is not None:
        plot.tale.claim(plot.pioneer, plot.at)


_CAST_SCENES: dict[str, Callable[[Plot], Any]] = {"in hand": _in_hand, "to rate": _to_rate, "held": _held}
