"""Private parts of writes about people; each needs an open transaction."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import Organisation, Person, Pioneer, Recognition, Session
from xianfeng.foundation.people.sessions import token_hash
from xianfeng.foundation.places import cells
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record import subjects


def find_or_join(mobile: str, at: datetime) -> Person:
    """Return the person of a normal number, joining the city's service on first sign-in."""
    person, created = Person.objects.get_or_create(
        mobile_hash=mobiles.found_by(mobile),
        defaults={"mobile_sealed": mobiles.sealed(mobile), "joined_at": at},
    )
    if created:
        record.append("person", person.id, "person.joined", actor=subjects.person(person.id), at=at)
    return person


def open_session(person: Person, device: str, at: datetime) -> str:
    """Open a session and return its token, which is nowhere kept."""
    token = secrets.token_urlsafe(32)
    days = catalogue.load("people")["session"]["days"]
    Session.objects.create(
        token_hash=token_hash(token),
        person=person,
        device=device[:120],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token


def search_keys(pioneer: Pioneer) -> list[str]:
    """Return the search keys of a pioneer: name, skills in both languages, area, organisation."""
    skills = catalogue.load("skills")
    words = [
        text for code in pioneer.skills if code in skills for text in (skills[code]["zh"], skills[code]["en"])
    ]
    return texts.bigrams(pioneer.name, pioneer.area.name, pioneer.organisation.name, *words)


KIN = """
UPDATE people_pioneer p SET kin = k.kin FROM (
    SELECT p.id, array_agg(DISTINCT x.person_id) AS kin FROM people_pioneer p CROSS JOIN LATERAL (
        SELECT p.spokesperson_id AS person_id
        UNION SELECT m.person_id FROM people_membership m
            WHERE p.kind = 'collective' AND m.collective_id = p.id AND m.until IS NULL
        UNION SELECT other.person_id FROM people_membership mine
            JOIN people_membership other ON other.collective_id = mine.collective_id AND other.until IS NULL
            WHERE p.kind = 'individual' AND mine.person_id = p.spokesperson_id AND mine.until IS NULL
        UNION SELECT c.spokesperson_id FROM people_membership mine JOIN people_pioneer c ON c.id = mine.collective_id
            WHERE p.kind = 'individual' AND mine.person_id = p.spokesperson_id AND mine.until IS NULL
    ) x GROUP BY p.id
) k WHERE k.id = p.id AND (%(ids)s::bigint[] IS NULL OR p.id = ANY(%(ids)s)) AND p.kin IS DISTINCT FROM k.kin"""


def refresh_kin(pioneer_ids: list[int] | None) -> None:
    """Write anew whose needs each pioneer may not take; None means all."""
    with connection.cursor() as cursor:
        cursor.execute(KIN, {"ids": pioneer_ids})


def found_organisation(kind: dict[str, str], area: Area, at: datetime) -> bool:
    """Enter one mass organisation at one area, if it is not there yet; tell whether it is new."""
    row, created = Organisation.objects.get_or_create(
        code=f"{kind['code']}-{area.code}",
        defaults={
            "kind": kind["code"], "name": f"{area.name}{kind['zh']}",
            "name_en": f"{area.name_en or area.name} {kind['en']}", "seal": kind["seal"], "area": area,
        },
    )  # fmt: skip
    if created:
        record.append("organisation", row.id, "organisation.founded", actor=subjects.SYSTEM, at=at)
    return created


def new_pioneer(given: dict[str, Any], spokesperson: Person, organisation_id: int, at: datetime) -> Pioneer:
    """Insert a pioneer with its first recognition, search keys and kin."""
    title, level = given["title"], given["level"]
    values = {name: value for name, value in given.items() if name not in {"title", "level"}}
    pioneer = Pioneer(
        **values, spokesperson=spokesperson, organisation_id=organisation_id, since=at,
        cell=cells.cell(given["lat"], given["lon"]),
    )  # fmt: skip
    pioneer.skills = list(pioneer.skills)
    pioneer.search = search_keys(pioneer)
    pioneer.save()
    Recognition.objects.create(
        pioneer=pioneer, organisation_id=organisation_id, title=title, level=level, since=at
    )
    refresh_kin([pioneer.id])
    return pioneer
