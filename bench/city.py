"""The city that is measured: so many open needs spread over the towns, and people signed in to take and raise them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection

from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.people.operations import found_organisations
from xianfeng.foundation.places import cells, tree
from xianfeng.foundation.places import operations as places
from xianfeng.foundation.places import queries as areas
from xianfeng.foundation.places.models import Area
from xianfeng.matters import services

SPREAD = 0.03  # degrees around a town's point
HELD = 3


@dataclass(frozen=True)
class City:
    """How much there is: needs, pioneers (person p speaks for pioneer p), residents who raise needs, and two of staff.

    Of a hundred needs two are listed (挂账); the limits of all pass within the next thirty days.
    """

    needs: int
    pioneers: int
    residents: int

    def number(self, need: int) -> str:
        """Return the number of the n-th need, from 0."""
        return f"000101-{need + 1:06d}"

    @property
    def city_staff(self) -> int:
        """Return whose person is staff of the city; the following one is staff of a county's organisation."""
        return self.pioneers + self.residents

    def token(self, person: int) -> str:
        """Return the token of the n-th person, from 0: pioneers first, then residents, then staff."""
        return f"bench-{person + 1}"


def build(city: City, seed: int = 7) -> None:
    """Fill an empty, migrated database with `city`, as operations would have, and let PostgreSQL look at it."""
    call_command("migrate", verbosity=0)
    places.load_catalogue()
    services.load_catalogue()
    found_organisations()
    # asked before COPY holds the connection
    towns = [town for town in areas.towns() if town.lat and town.lon]
    _people(city, towns)
    _needs(city, towns, random.Random(seed))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _people(city: City, towns: list[Area]) -> None:
    """Spread the pioneers over the towns, around each one's point."""
    organisation = Organisation.objects.order_by("id").values_list("id", flat=True)[0]
    rng, places = random.Random(11), []
    for _ in range(city.pioneers):
        town = rng.choice(towns)
        lat, lon = _near(town, rng)
        places.append((lat, lon, cells.cell(lat, lon), town.pk))
    lats, lons, within, areas_of = (list(column) for column in zip(*places, strict=True))
    given: dict[str, Any] = {
        "all": city.pioneers + city.residents + 2, "organisation": organisation, "lats": lats, "lons": lons,
        "cells": within, "areas": areas_of, "staff": city.city_staff + 1, "root": tree.current().root.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_PERSONS, _SESSIONS, _PIONEERS, _POSTS, _SEQUENCES):
            cursor.execute(statement, given)


def _near(town: Area, rng: random.Random) -> tuple[float, float]:
    return (town.lat or 0) + rng.uniform(-SPREAD, SPREAD), (town.lon or 0) + rng.uniform(-SPREAD, SPREAD)


def _needs(city: City, towns: list[Area], rng: random.Random) -> None:
    service = services.current("help-open")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE place (n bigint, lat float8, lon float8, cell bigint, area bigint, skill text)"
        )
        with cursor.copy("COPY place FROM STDIN") as copy:
            for row in _places(city.needs, towns, rng):
                copy.write_row(row)
        given: dict[str, Any] = {
            "version": service.version, "first": city.pioneers, "residents": city.residents,
            "day": "000101-", "kind": "matter", "code": "matter.raised", "actor_kind": "person", "old": "{}",
        }  # fmt: skip
        for statement in (_NEEDS, _ENTRIES, _OUTBOX, _TITLES, "DROP TABLE place"):
            cursor.execute(statement, given)
        cursor.execute("SELECT setval('matters_matter_id_seq', %s)", [city.needs])


def _places(
    count: int, towns: list[Area], rng: random.Random
) -> Iterator[tuple[int, float, float, int, int, str]]:
    skills = ["electric", "machines", "farming", ""]
    for n in range(1, count + 1):
        town = rng.choice(towns)
        lat, lon = _near(town, rng)
        yield n, lat, lon, cells.cell(lat, lon), town.pk, rng.choice(skills)


_PERSONS = """INSERT INTO people_person
    (id, name, mobile_sealed, mobile_hash, language, mode, joined_at, record_head, record_length)
SELECT n, '某' || n, ''::bytea, sha256(convert_to('mobile-' || n, 'UTF8')), '', '', now(), ''::bytea, 0
FROM generate_series(1, %(all)s) n"""
_SESSIONS = """INSERT INTO people_session (token_hash, person_id, device, created_at, expires_at)
SELECT sha256(convert_to('bench-' || n, 'UTF8')), n, 'bench', now(), now() + interval '90 days'
FROM generate_series(1, %(all)s) n"""
_PIONEERS = """INSERT INTO people_pioneer
    (id, kind, name, spokesperson_id, organisation_id, area_id, skills, motto, deed, avatar, lat, lon, cell, held, kin,
    search, helped, index, index_parts, index_version, since, record_head, record_length)
SELECT n, 'individual', '先锋' || n, n, %(organisation)s, area,
    ARRAY[(ARRAY['electric', 'machines', 'farming'])[1 + n %% 3]], '', '', '', lat, lon, cell, 0, ARRAY[n], '{}',
    0, 40 + n %% 40, '{}', 'v1', now(), ''::bytea, 0
FROM unnest(%(lats)s::float8[], %(lons)s::float8[], %(cells)s::bigint[], %(areas)s::bigint[])
    WITH ORDINALITY AS place(lat, lon, cell, area, n)"""
_POSTS = """INSERT INTO people_post (person_id, role, organisation_id, area_id, since)
SELECT %(staff)s, 'city-staff', NULL::bigint, %(root)s, now() UNION ALL
(SELECT %(staff)s + 1, 'organisation-staff', o.id, o.area_id, now() FROM people_organisation o
    WHERE o.area_id <> %(root)s ORDER BY o.id LIMIT 1)"""
_SEQUENCES = """SELECT setval(pg_get_serial_sequence('people_person', 'id'), (SELECT max(id) FROM people_person)),
    setval(pg_get_serial_sequence('people_pioneer', 'id'), (SELECT max(id) FROM people_pioneer))"""
_NEEDS = """INSERT INTO matters_matter
    (id, number, service_code, service_version, state, title, text, category, lat, lon, cell, area_id, outside,
    requester_id, wanted, raised_at, entered_at, due_at, taken_minutes, listed, released_count, disputed_count,
    reopened_count, extended_count, photo_count, record_head, record_length)
SELECT n, %(day)s || lpad(n::text, greatest(6, length(n::text)), '0'), 'help-open', %(version)s, 'open',
    '楼道灯坏了，老人晚上看不见 ' || n,
    '三楼的感应灯坏了一个星期，家里老人晚上下楼怕摔着，想请会电工的来看看。', skill, lat, lon, cell, area, false,
    %(first)s + 1 + n %% %(residents)s, 'days', at, at, now() + (1 + n %% 720) * interval '1 hour', 4320,
    n %% 50 = 0, 0, 0, 0, 0, 0,
    record_digest('\\x', %(kind)s, n, 1, at, %(actor_kind)s, %(first)s + 1 + n %% %(residents)s, %(code)s, %(old)s,
        '{"offered_to":null,"service":"help-open","state":"open"}'), 1
FROM (SELECT place.*, now() - n * interval '1 second' AS at FROM place) p"""
_ENTRIES = """INSERT INTO record_entry
    (at, subject_kind, subject_id, position, actor_kind, actor_id, code, old, new, hash)
SELECT raised_at, %(kind)s, id, 1, %(actor_kind)s, requester_id, %(code)s, %(old)s,
    '{"offered_to":null,"service":"help-open","state":"open"}', record_head FROM matters_matter"""
_OUTBOX = """INSERT INTO record_outbox
    (at, code, subject_kind, subject_id, position, actor_kind, actor_id, old, new, dispatched)
SELECT raised_at, %(code)s, %(kind)s, id, 1, %(actor_kind)s, requester_id, %(old)s,
    '{"offered_to":null,"service":"help-open","state":"open"}', true FROM matters_matter"""
_TITLES = """INSERT INTO desk_title (matter_id, keys)
SELECT id, (SELECT array_agg(DISTINCT substr(plain, at, 2)) FROM generate_series(1, length(plain) - 1) at)
FROM (SELECT id, lower(replace(title, ' ', '')) AS plain FROM matters_matter) titled"""
