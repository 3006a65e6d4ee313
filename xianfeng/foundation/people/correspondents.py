"""Persons known only by what they wrote in another system: found again by their code there, reached by nobody.

They have no number: what is sealed is all noughts, which no sign-in accepts, and the hash they are found by is
of another kind than that of numbers, so that nobody can sign in as one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xianfeng.foundation.kernel import keyring
from xianfeng.foundation.people import mobiles
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.record import bulk, subjects
from xianfeng.foundation.record.bulk import Chain

UNREACHABLE = mobiles.UNREACHABLE


@dataclass(frozen=True)
class Correspondent:
    """Somebody's code in a source, where they live (WGS-84 degrees), and when they first wrote."""

    source: str
    user: str
    area_id: int
    lat: float
    lon: float
    since: datetime


def found_by(source: str, user: str) -> bytes:
    """Return the hash by which a correspondent is found again."""
    return keyring.keyed_hash("correspondent", f"{source}:{user}")


def find_or_enter(several: Sequence[Correspondent], *, at: datetime, told: bool) -> Mapping[bytes, int]:
    """Return the person ids of correspondents by hash, entering those who are new. Needs an open transaction.

    Everybody stands at most once in `several`; `told` marks the outbox rows as told already.
    """
    by_hash = {found_by(one.source, one.user): one for one in several}
    ids = _known(by_hash)
    new = [(key, one) for key, one in by_hash.items() if key not in ids]
    chains, rows = [], []
    for person_id, (key, one) in zip(_next_ids(len(new)), new, strict=True):
        chain = Chain("person", person_id)
        chain.add("person.entered", actor=subjects.SYSTEM, at=at, new={"from": "letters"})
        chains.append(chain)
        rows.append(_row(person_id, key, one, chain))
        ids[key] = person_id
    Person.objects.bulk_create(rows, batch_size=1000)
    bulk.save(chains, dispatched=told)
    return ids


def _known(by_hash: Mapping[bytes, Correspondent]) -> dict[bytes, int]:
    rows = Person.objects.filter(mobile_hash__in=list(by_hash)).values_list("mobile_hash", "id")
    return {bytes(key): person_id for key, person_id in rows}


def _row(person_id: int, key: bytes, one: Correspondent, chain: Chain) -> Person:
    return Person(
        id=person_id, mobile_sealed=mobiles.sealed(UNREACHABLE), mobile_hash=key, area_id=one.area_id, lat=one.lat,
        lon=one.lon, joined_at=one.since, record_head=chain.head, record_length=chain.length,
    )  # fmt: skip


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('people_person', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]
