"""Who lives in the demo city: residents, firms, pioneers, collectives with members, staff. All invented."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.city.rows import Ids, Row
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import mobiles, steps
from xianfeng.foundation.people.models import (
    Consent,
    Firm,
    Membership,
    Organisation,
    Person,
    Pioneer,
    Post,
    Recognition,
)
from xianfeng.foundation.places import cells, city, queries
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.bulk import Chain
from xianfeng.foundation.record.subjects import person as actor
from xianfeng.matters.models import Offer

FIRST_MOBILE = 19_000_000_000
SCATTER_METRES = 1_100.0
NEAR_TOWNS = 3
_CHAINED = {Person: "person", Firm: "firm", Pioneer: "pioneer"}


@dataclass(frozen=True)
class Size:
    """How many of whom; `members` are in collectives without being pioneers, `past` are needs before today,
    `pictures` how many of the needs that wait near the cast may have one.
    """

    individuals: int = 3875
    collectives: int = 1517
    residents: int = 1600
    firms: int = 120
    members: int = 1400
    offers: int = 360
    past: int = 8000
    pictures: int = 24


@dataclass
class Town:
    """A town with who lives there, as indexes of the people's lists are not needed elsewhere."""

    area: Area
    county: Area
    residents: list[Row] = field(default_factory=list)
    pioneers: list[Row] = field(default_factory=list)


@dataclass
class People:
    """Everybody, by table, with their chains; and where they live."""

    seed: int
    now: datetime
    size: Size = field(default_factory=Size)
    towns: list[Town] = field(default_factory=list)
    near: list[Town] = field(default_factory=list)
    rows: dict[Any, list[Row]] = field(default_factory=dict)
    ids: dict[Any, Ids] = field(default_factory=dict)
    chains: dict[tuple[str, int], Chain] = field(default_factory=dict)
    organisations: dict[tuple[str, int], Organisation] = field(default_factory=dict)
    staff: dict[int, Row] = field(default_factory=dict)
    city_staff: list[Row] = field(default_factory=list)
    leaders: list[Row] = field(default_factory=list)
    groups: dict[int, set[int]] = field(default_factory=dict)
    by_id: dict[int, Row] = field(default_factory=dict)

    def enter(self, model: Any, **values: Any) -> Row:
        """Enter one row with its id."""
        row = {"id": self.ids[model].take(), **values}
        self.rows[model].append(row)
        if model in _CHAINED:
            self.chains[_CHAINED[model], row["id"]] = Chain(_CHAINED[model], row["id"])
        return row

    def person(self, person_id: int) -> Row:
        """Return the row of a person."""
        rows = self.rows[Person]
        found: Row = rows[person_id - rows[0]["id"]]
        return found

    def tell(self, kind: str, row: Row, code: str, at: datetime, by: int, **new: Any) -> None:
        """Append one entry to the chain of a row, done by a person."""
        self.chains[kind, row["id"]].add(code, actor=actor(by), at=at, new=new)

    def are_kin(self, requester_id: int, pioneer: Row) -> bool:
        """Tell whether a pioneer may not take the needs of a person (as `people.steps.KIN` says it)."""
        if requester_id == pioneer["spokesperson_id"]:
            return True
        mine = self.groups.get(requester_id, set())
        if pioneer["kind"] == "collective":
            return pioneer["id"] in mine
        return bool(mine & self.groups.get(pioneer["spokesperson_id"], set()))

    def close(self) -> list[Chain]:
        """Put heads and lengths on the rows; return the chains."""
        for model, kind in _CHAINED.items():
            for row in self.rows[model]:
                chain = self.chains[kind, row["id"]]
                row |= {"record_head": chain.head, "record_length": chain.length}
        return list(self.chains.values())


MODELS = (Person, Firm, Pioneer, Recognition, Membership, Offer, Post, Consent)


def settled(seed: int, now: datetime, size: Size) -> People:
    """Begin a city: its towns, organisations and staff. Areas and organisations must have been loaded."""
    people = People(
        seed, now, size, rows={model: [] for model in MODELS}, ids={model: Ids(model) for model in MODELS}
    )
    _settle(people)
    _staff(people, draw.random(seed, "staff"))
    return people


def populate(people: People) -> None:
    """Draw everybody who is not of the cast, up to the numbers above."""
    _residents(people, draw.random(people.seed, "residents"))
    _firms(people, draw.random(people.seed, "firms"))
    _individuals(people, draw.random(people.seed, "individuals"))
    _collectives(people, draw.random(people.seed, "collectives"))
    _offers(people, draw.random(people.seed, "offers"))


def _settle(people: People) -> None:
    middle = city.served()
    for area in queries.towns():
        county = queries.at_level(area, "county")
        if county is not None:
            people.towns.append(Town(area, county))
    people.near = sorted(
        people.towns,
        key=lambda town: ((town.area.lat or 0) - middle.lat) ** 2 + ((town.area.lon or 0) - middle.lon) ** 2,
    )[:NEAR_TOWNS]
    people.organisations = {
        (row.kind, row.area_id): row for row in Organisation.objects.select_related("area")
    }


def join(people: People, rng: Random, area: Area | None, name: str | None = None, **more: Any) -> Row:
    """Let a person join: first sign-in, profile, consent, as the operations write them."""
    at = people.now - timedelta(days=rng.uniform(200, 420))
    mobile = str(FIRST_MOBILE + len(people.rows[Person]))
    kept = mobiles.kept(mobile)
    row = people.enter(
        Person, name=name or draw.name(rng), mobile_sealed=kept.sealed, mobile_hash=kept.hash,
        area_id=None, joined_at=at, signed_in_at=at, **more,
    )  # fmt: skip
    people.tell("person", row, "person.joined", at, row["id"])
    if area is not None:
        row["area_id"] = area.id
        row["lat"], row["lon"] = draw.around(rng, area, SCATTER_METRES)
        fields = ["area_id", "lat", "lon", "name"]
        people.tell("person", row, "person.changed", at + timedelta(seconds=50), row["id"], fields=fields)
    version, agreed = catalogue.load("people")["privacy"]["version"], at + timedelta(seconds=80)
    people.enter(Consent, person_id=row["id"], version=version, at=agreed)
    people.tell("person", row, "person.consented", agreed, row["id"], version=version)
    return row


def _staff(people: People, rng: Random) -> None:
    root = queries.root()
    for _ in range(2):
        people.city_staff.append(join(people, rng, people.near[0].area))
    for row in people.city_staff:
        _post(people, row, "city-staff", root.id, None)
    for (_, area_id), organisation in sorted(people.organisations.items()):
        row = join(people, rng, people.near[0].area)
        people.staff[organisation.id] = row
        _post(people, row, "organisation-staff", area_id, organisation.id)
    for area in (root, people.near[0].county):
        row = join(people, rng, people.near[0].area)
        people.leaders.append(row)
        _post(people, row, "leader", area.id, None)


def _post(people: People, row: Row, role: str, area_id: int, organisation_id: int | None) -> None:
    people.enter(
        Post,
        person_id=row["id"],
        role=role,
        organisation_id=organisation_id,
        area_id=area_id,
        since=row["joined_at"],
    )


def spread(towns: Sequence[Town], near: Sequence[Town], count: int, *, near_weight: float) -> list[Town]:
    """Return a town for each of `count`: every town has its part, the near ones `near_weight` parts."""
    weights = list(accumulate(near_weight if town in near else 1.0 for town in towns))
    return [towns[bisect(weights, (at + 0.5) / count * weights[-1])] for at in range(count)]


def _residents(people: People, rng: Random) -> None:
    for town in spread(people.towns, people.near, people.size.residents, near_weight=6):
        town.residents.append(join(people, rng, town.area))


def _firms(people: People, rng: Random) -> None:
    for town in spread(people.towns, people.near, people.size.firms, near_weight=6):
        enter_firm(people, rng, town)


def enter_firm(people: People, rng: Random, town: Town) -> Row:
    """Enter a verified firm with its responsible person."""
    responsible, staff = join(people, rng, town.area), rng.choice(people.city_staff)
    at = responsible["joined_at"] + timedelta(days=2)
    firm = people.enter(
        Firm,
        name=draw.firm(rng, town.county),
        area_id=town.area.id,
        responsible_id=responsible["id"],
        verified_at=at,
    )
    people.tell("firm", firm, "firm.verified", at, staff["id"])
    return firm


def _individuals(people: People, rng: Random) -> None:
    for town in spread(
        people.towns, people.near, people.size.individuals - _made(people, "individual"), near_weight=2
    ):
        kind = draw.weighted(rng, draw.load("pioneers")["shares"])
        speaker = join(people, rng, town.area)
        recognise(
            people, rng, town, speaker, kind="individual", organisation_kind=kind, skills=_skills(rng, kind)
        )


def _made(people: People, kind: str) -> int:
    return sum(row["kind"] == kind for row in people.rows[Pioneer])


def _skills(rng: Random, kind: str) -> list[str]:
    likely = draw.load("pioneers")["skills"][kind]
    known = sorted(catalogue.load("skills"))
    first = rng.choice(likely) if rng.random() < 0.8 else rng.choice(known)
    more = rng.choices(likely + known, k=rng.choice((0, 1, 1, 2)))
    return list(dict.fromkeys([first, *more]))


def recognise(
    people: People, rng: Random, town: Town, speaker: Row, *, kind: str, organisation_kind: str, skills: list[str],
    name: str = "",
) -> Row:  # fmt: skip
    """Recognise a pioneer by an organisation of the town's county (or of the city), as its staff would."""
    at_city = rng.random() < 0.15
    area = queries.root() if at_city else town.county
    organisation = people.organisations[organisation_kind, area.id]
    individual = kind == "individual"
    name = name or speaker["name"]
    lat, lon = (speaker["lat"], speaker["lon"]) if individual else draw.around(rng, town.area, SCATTER_METRES)
    since = max(speaker["joined_at"], people.now - timedelta(days=rng.uniform(190, 400)))
    values = {
        "kind": kind, "name": name, "area_id": town.area.id, "skills": skills, "lat": lat, "lon": lon,
        "motto": rng.choice(draw.load("pioneers")["mottos"]),
        "deed": draw.deed(rng, town.area, skills, together=not individual),
    }  # fmt: skip
    row = people.enter(
        Pioneer, **values, spokesperson_id=speaker["id"], organisation_id=organisation.id, since=since,
        cell=cells.cell(lat, lon), avatar=f"{kind[0]}{rng.randrange(10**6)}", index=None,
        search=steps.search_keys(Pioneer(name=name, area=town.area, organisation=organisation, skills=skills)),
    )  # fmt: skip
    title, level = (
        rng.choice(draw.load("pioneers")["titles"][organisation_kind]),
        "city" if at_city else "county",
    )
    people.enter(
        Recognition,
        pioneer_id=row["id"],
        organisation_id=organisation.id,
        title=title,
        level=level,
        since=since,
    )
    by = people.staff[organisation.id]["id"]
    people.tell(
        "pioneer", row, "pioneer.recognised", since, by, organisation=organisation.id, title_level=level
    )
    people.by_id[row["id"]] = row
    town.pioneers.append(row)
    return row


def _collectives(people: People, rng: Random) -> None:
    plain = [
        join(people, rng, town.area) for town in spread(people.towns, [], people.size.members, near_weight=1)
    ]
    homes: dict[int, list[Row]] = {}
    for row in plain:
        homes.setdefault(row["area_id"], []).append(row)
    names: set[str] = set()
    for town in spread(
        people.towns, people.near, people.size.collectives - _made(people, "collective"), near_weight=2
    ):
        form_collective(people, rng, town, homes[town.area.id], names)


def form_collective(people: People, rng: Random, town: Town, plain: list[Row], names: set[str]) -> Row:
    """Form a collective of a town: spokesperson and two to six more, partly pioneers themselves."""
    kind = draw.weighted(rng, draw.load("pioneers")["shares"])
    alone = [row for row in town.pioneers if row["kind"] == "individual" and not row.get("part")]
    members = [{"id": row["spokesperson_id"]} for row in rng.sample(alone, 2)] + rng.sample(
        plain, min(rng.randint(1, 5), len(plain))
    )
    speaker = rng.choice(members[2:]) if rng.random() < 0.7 else people.person(members[0]["id"])
    skills = _skills(rng, kind)
    name = _own_name(draw.collective(rng, town.area, skills[0]), names)
    row = recognise(
        people, rng, town, speaker, kind="collective", organisation_kind=kind, skills=skills, name=name
    )
    add_members(people, row, [speaker, *members])
    return row


def _own_name(name: str, names: set[str]) -> str:
    free = next(
        made for made in (name, *(f"{name}（{at}）" for at in "二三四五六七八九十")) if made not in names
    )
    names.add(free)
    return free


def add_members(people: People, collective: Row, members: Sequence[Row]) -> None:
    """Add persons to a collective, each once, as its spokesperson would."""
    at = collective["since"]
    for person_id in dict.fromkeys(member["id"] for member in members):
        at += timedelta(minutes=3)
        people.enter(Membership, collective_id=collective["id"], person_id=person_id, since=at)
        speaker = collective["spokesperson_id"]
        people.tell("pioneer", collective, "pioneer.member-added", at, speaker, member=person_id)
        people.groups.setdefault(person_id, set()).add(collective["id"])


def _offers(people: People, rng: Random) -> None:
    for town in spread(people.towns, people.near, people.size.offers, near_weight=6):
        publish(people, rng, town, rng.choice(town.pioneers))


def publish(people: People, rng: Random, town: Town, pioneer: Row) -> Row:
    """Put an offer of a pioneer on the menu."""
    skill = pioneer["skills"][0]
    title, text, times = rng.choice(draw.load("needs")["offers"][skill])
    before = people.chains["pioneer", pioneer["id"]].entries[-1][0]
    at = max(people.now - timedelta(days=rng.uniform(1, 175)), before + timedelta(minutes=1))
    row = people.enter(
        Offer, pioneer_id=pioneer["id"], skill=skill, title=title, text=text, area_id=town.area.id, times=times,
        capacity=rng.choice((2, 3, 5, 8, 12)), published_at=at,
    )  # fmt: skip
    people.tell("pioneer", pioneer, "offer.published", at, pioneer["spokesperson_id"], offer=row["id"])
    return row
