"""Who plays the cast, and where: neighbours in the towns nearest the city's centre, so that feeds overlap."""

from dataclasses import dataclass
from typing import Any

from xianfeng.doors.demo.city import draw
from xianfeng.doors.demo.city import people as city_people
from xianfeng.doors.demo.city.people import People, Town
from xianfeng.doors.demo.city.rows import Row
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.places import queries

INDIVIDUALS_A_SKILL, COLLECTIVES = 3, 14
BUSY = "pioneer-busy"


@dataclass(frozen=True)
class Cast:
    """The roles: who plays each, which pioneer and firm belong to it, and what it says of itself."""

    role: str
    person: Row
    pioneer: Row | None
    firm: Row | None
    what: dict[str, str]


def assign(people: People) -> list[Cast]:
    """Let the cast join: residents, firms, pioneers, strangers; staff are those of the city."""
    rng = draw.random(people.seed, "cast")
    cast = [*_residents(people, rng), *_firms(people, rng)]
    cast += [*_individuals(people, rng), *_collectives(people, rng)]
    cast.append(_pioneer(people, rng, BUSY, people.near[0], "electric"))
    cast += [*_strangers(people, rng), *_staff(people)]
    return cast


def _what(name: str, **fields: Any) -> dict[str, str]:
    entry = draw.load("cast")[name]
    return {language: entry[language].format(**fields.get(language, {})) for language in ("zh", "en")}


def _residents(people: People, rng: Any) -> list[Cast]:
    home, modes = people.near[0], {"resident-elder": {"mode": "care"}, "resident-english": {"language": "en"}}
    made = []
    for role in [name for name in draw.load("cast") if name.startswith("resident")]:
        row = city_people.join(people, rng, home.area, **modes.get(role, {}))
        made.append(Cast(role, row, None, None, _what(role)))
    return made


def _firms(people: People, rng: Any) -> list[Cast]:
    made = []
    for role in [name for name in draw.load("cast") if name.startswith("firm")]:
        firm = city_people.enter_firm(people, rng, people.near[0])
        made.append(Cast(role, people.person(firm["responsible_id"]), None, firm, _what(role)))
    return made


def _pioneer(people: People, rng: Any, role: str, town: Town, skill: str) -> Cast:
    speaker = city_people.join(people, rng, town.area)
    kind = next(kind for kind, skills in draw.load("pioneers")["skills"].items() if skill in skills)
    more = rng.choice(sorted(catalogue.load("skills")))
    skills = list(dict.fromkeys([skill, more]))
    row = city_people.recognise(
        people, rng, town, speaker, kind="individual", organisation_kind=kind, skills=skills
    )
    row["part"] = role
    what = _what(BUSY) if role == BUSY else _what("pioneer", **_fields(skill, town))
    return Cast(role, speaker, row, None, what)


def _fields(skill: str, town: Town) -> dict[str, dict[str, str]]:
    entry = catalogue.load("skills")[skill]
    return {
        "zh": {"skill": entry["zh"], "area": town.area.name},
        "en": {"skill": entry["en"].lower(), "area": queries.name(town.area, "en")},
    }


def _individuals(people: People, rng: Any) -> list[Cast]:
    made = []
    for turn in range(INDIVIDUALS_A_SKILL):
        for skill in catalogue.load("skills"):
            role = f"pioneer-{skill}" + (f"-{turn + 1}" if turn else "")
            made.append(_pioneer(people, rng, role, people.near[turn % len(people.near)], skill))
    return made


def _collectives(people: People, rng: Any) -> list[Cast]:
    made = []
    for turn, skill in enumerate(list(catalogue.load("skills"))[:COLLECTIVES]):
        role, town = (
            "pioneer-collective" + (f"-{turn + 1}" if turn else ""),
            people.near[turn % len(people.near)],
        )
        speaker = city_people.join(people, rng, town.area)
        row = city_people.recognise(
            people, rng, town, speaker, kind="collective", organisation_kind="union" if turn < 3 else "youth",
            skills=[skill], name=draw.collective(rng, town.area, skill),
        )  # fmt: skip
        row["part"] = role
        members = [city_people.join(people, rng, town.area) for _ in range(3)]
        city_people.add_members(people, row, [speaker, *members])
        made.append(Cast(role, speaker, row, None, _what("pioneer-collective", **_fields(skill, town))))
    return made


def _strangers(people: People, rng: Any) -> list[Cast]:
    made = []
    for role in [name for name in draw.load("cast") if name.startswith("stranger")]:
        row = city_people.join(people, rng, None)
        made.append(Cast(role, row, None, None, _what(role)))
    return made


def _leaders(people: People) -> list[Cast]:
    county = people.near[0].county
    area = {"zh": {"area": county.name}, "en": {"area": queries.name(county, "en")}}
    city, here = people.leaders
    return [
        Cast("staff-leader", city, None, None, _what("staff-leader")),
        Cast("staff-leader-county", here, None, None, _what("staff-leader-county", **area)),
    ]


def _staff(people: People) -> list[Cast]:
    root, county = queries.root(), people.near[0].county
    made = [Cast("staff-city", people.city_staff[0], None, None, _what("staff-city"))]
    made += _leaders(people)
    for area, suffix in ((root, ""), (county, "-county")):
        for entry in catalogue.load("organisations")["kind"]:
            organisation = people.organisations[entry["code"], area.id]
            fields = {"zh": {"organisation": organisation.name}, "en": {"organisation": organisation.name_en}}
            role = f"staff-{entry['code']}{suffix}"
            made.append(Cast(role, people.staff[organisation.id], None, None, _what("staff", **fields)))
    return made
