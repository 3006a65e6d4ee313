"""Private parts of writes about people; each needs an open transaction."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from xianfeng.foundation.kernel import catalogue, idempotency, keyring, texts
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import (
    Consent,
    Membership,
    Organisation,
    Person,
    Pioneer,
    PioneerRemark,
    Recognition,
    Session,
)
from xianfeng.foundation.people.sessions import token_hash
from xianfeng.foundation.places import cells, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record import subjects
from xianfeng.foundation.record.subjects import Actor


def person_of(mobile: str) -> Person | None:
    """Return the person of a normal number, whatever generation of keys it was kept in."""
    return Person.objects.filter(mobile_hash__in=mobiles.all_hashes(mobile)).first()


def find_or_join(mobile: str, at: datetime) -> Person:
    """Return the person of a normal number who signs in; the first time is recorded, also of who was entered before."""
    person = person_of(mobile) or _new_person(mobile, at)
    if person.signed_in_at is None:
        record.change(
            "person", person.id, "person.joined", actor=subjects.person(person.id), at=at,
            sets={"signed_in_at": at}, where="s.signed_in_at IS NULL",
        )  # fmt: skip
        person.refresh_from_db()
    return person


def find_or_enter(mobile: str, at: datetime, *, by: Actor) -> Person:
    """Return the person of a normal number, entered by others if nobody has it; they have not signed in yet."""
    if found := person_of(mobile):
        return found
    person = _new_person(mobile, at)
    record.append("person", person.id, "person.entered", actor=by, at=at, new={"from": "staff"})
    person.refresh_from_db()
    return person


def _new_person(mobile: str, at: datetime) -> Person:
    """Insert a person, unless somebody did so meanwhile: two processes may be in different generations of keys."""
    one_at_a_time("join", mobiles.lock_name(mobile))
    kept = mobiles.kept(mobile)
    return person_of(mobile) or Person.objects.create(
        mobile_hash=kept.hash, mobile_sealed=kept.sealed, joined_at=at
    )


def new_token() -> str:
    """Return 32 secret bytes as a token; a repeated request gets the one it got before."""
    again = idempotency.derived("session")
    return base64.urlsafe_b64encode(again or secrets.token_bytes(32)).rstrip(b"=").decode()


def open_session(person: Person, device: str, at: datetime) -> str:
    """Open a session and return its token, which is nowhere kept."""
    token = new_token()
    days = catalogue.load("people")["session"]["days"]
    Session.objects.create(
        token_hash=token_hash(token),
        person=person,
        device=device[:120],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token


def one_at_a_time(purpose: str, *things: bytes) -> None:
    """Wait until no other transaction holds one of `things`; held to the end of this one.

    What is counted before it is written (codes in an hour) would otherwise let several through together.
    """
    with connection.cursor() as cursor:
        for thing in sorted(things):  # one order for everybody
            key = int.from_bytes(keyring.keyed_hash(purpose, thing.hex())[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def consent(person: Person, version: str, at: datetime) -> None:
    """Keep that a person agreed to a version of the privacy notice, with its record; twice is the same."""
    _, created = Consent.objects.get_or_create(person=person, version=version, defaults={"at": at})
    if created:
        by, new = subjects.person(person.id), {"version": version}
        record.append("person", person.id, "person.consented", actor=by, at=at, new=new)


def search_keys(pioneer: Pioneer) -> list[str]:
    """Return the search keys of a pioneer: name, organisation, skills and area (county down) in both languages."""
    skills = catalogue.load("skills")
    words = [
        text for code in pioneer.skills if code in skills for text in (skills[code]["zh"], skills[code]["en"])
    ]
    area = tree.find(pioneer.area_id)
    where = [places.full_name(area, language) for language in ("zh-hans", "en")]
    return texts.bigrams(pioneer.name, *where, pioneer.organisation.name, *words)


KIN = """
WITH belongs AS (
    SELECT collective_id, person_id FROM people_membership WHERE until IS NULL
    UNION SELECT id, spokesperson_id FROM people_pioneer WHERE kind = 'collective'
), kinship AS (
    SELECT p.id, array_agg(DISTINCT x.person_id ORDER BY x.person_id) AS kin
    FROM people_pioneer p CROSS JOIN LATERAL (
        SELECT p.spokesperson_id AS person_id
        UNION SELECT b.person_id FROM belongs b WHERE p.kind = 'collective' AND b.collective_id = p.id
        UNION SELECT other.person_id FROM belongs mine JOIN belongs other USING (collective_id)
            WHERE p.kind = 'individual' AND mine.person_id = p.spokesperson_id
    ) x WHERE %(ids)s::bigint[] IS NULL OR p.id = ANY(%(ids)s) GROUP BY p.id
)
UPDATE people_pioneer p SET kin = k.kin FROM kinship k WHERE k.id = p.id AND p.kin IS DISTINCT FROM k.kin"""


def pioneers_around(collective: Pioneer) -> list[int]:
    """Return the collective and the individuals among its members and its spokesperson, by id."""
    members = Membership.objects.filter(collective=collective, until=None).values_list("person_id", flat=True)
    among = [*members, collective.spokesperson_id]
    alone = Pioneer.objects.filter(kind="individual", spokesperson__in=among).values_list("id", flat=True)
    return [collective.id, *alone]


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


def remark(pioneer: Pioneer, code: str, text: str, *, by: Person, at: datetime) -> None:
    """Keep the words of a decision about a pioneer beside the record, where they can be erased."""
    if text:
        PioneerRemark.objects.create(pioneer=pioneer, code=code, author=by, text=text, at=at)


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
