"""Keys of programs: issued by staff of the city, shown once, found again by their hash, counted by the minute.

A key acts for an account of its own, so that what it raises has a requester and stands in the record like everything.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from xianfeng.foundation.kernel import catalogue, clock, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import correspondents, queries
from xianfeng.foundation.people.correspondents import Correspondent
from xianfeng.foundation.people.models import ApiKey, Person
from xianfeng.foundation.places import city
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.foundation.record.subjects import person as actor

PREFIX = "xf_"
_SHOWN = 8
_SHAPE = re.compile(r"xf_[A-Za-z0-9_-]{32}", re.ASCII)


@dataclass(frozen=True)
class Issued:
    """A key just issued: `key` in clear, which is nowhere kept."""

    row: ApiKey
    key: str


def key_hash(key: str) -> bytes:
    """Return what is kept of a key; keys are 24 random bytes, so a plain hash is enough."""
    return hashlib.sha256(key.encode()).digest()


def looks_like(key: str) -> bool:
    """Tell whether `key` could be one at all, without asking the database."""
    return _SHAPE.fullmatch(key) is not None


def all_keys(by: Person) -> QuerySet[ApiKey]:
    """Return every key, newest first, to staff of the city. Raises Missing for others."""
    _city_staff(by)
    return ApiKey.objects.select_related("person", "issued_by").order_by("-issued_at", "-id")


def issue(label: str, *, per_minute: int, by: Person) -> Issued:
    """Issue a key as staff of the city. Raises Missing for others; Refused 'text-missing', 'key-limit'."""
    _city_staff(by)
    return issue_for_house(label, per_minute=per_minute, by=by)


def issue_for_house(label: str, *, per_minute: int, by: Person | None = None) -> Issued:
    """Issue a key as the house itself (the demo, a command), or as `by` whose right was looked at."""
    plain, at = texts.clean_line(label, field="label", limit=30), clock.now()
    most = catalogue.load("limits")["key"]["most_per_minute"]
    if not 1 <= per_minute <= most:
        raise Refused("key-limit", field="per_minute", most=most)
    key = PREFIX + secrets.token_urlsafe(24)
    with write():
        person_id = _account(at)
        row = ApiKey.objects.create(
            person_id=person_id, label=plain, begins=key[:_SHOWN], key_hash=key_hash(key), per_minute=per_minute,
            issued_at=at, issued_by=by,
        )  # fmt: skip
        record.change(
            "person", person_id, "person.key-issued", actor=actor(by.pk) if by else SYSTEM, at=at,
            new={"key": row.pk, "per_minute": per_minute}, sets={"name": plain},
        )  # fmt: skip
    return Issued(row, key)


def _account(at: datetime) -> int:
    """Enter the account of a program: nobody can sign in as it."""
    middle = city.served()
    code = secrets.token_hex(16)
    one = Correspondent("api-key", code, places.root().pk, middle.lat, middle.lon, at)
    return correspondents.find_or_enter([one], at=at, told=False)[correspondents.found_by("api-key", code)]


def revoke(key_id: int, *, by: Person) -> ApiKey:
    """End a key as staff of the city; again answers the same. Raises Missing for others and for none."""
    _city_staff(by)
    at = clock.now()
    with write():
        row = ApiKey.objects.select_for_update().filter(pk=key_id).first()
        if row is None:
            raise Missing
        if row.revoked_at is None:
            ApiKey.objects.filter(pk=key_id).update(revoked_at=at, revoked_by=by)
            new = {"key": row.pk}
            record.append("person", row.person_id, "person.key-revoked", actor=actor(by.pk), at=at, new=new)
            row.refresh_from_db()
        return row


def _city_staff(by: Person) -> None:
    if None not in {scope.organisation_id for scope in queries.scopes(by)}:
        raise Missing


def use(key: str) -> ApiKey:
    """Count one use of a key, with its account. Raises Missing for none and for an ended one, Refused 'key-busy'.

    The minute is counted on the key's own row, by the database: several processes together keep the limit.
    """
    hashed, at = key_hash(key), clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"hash": hashed, "at": at, "minute": at.replace(second=0, microsecond=0)})
        counted = cursor.fetchone()
    row = ApiKey.objects.select_related("person").filter(key_hash=hashed, revoked_at=None).first()
    if row is None:
        raise Missing
    if counted is None:
        raise Refused("key-busy", retry_seconds=60 - at.second, per_minute=row.per_minute)
    return row


_USE = """UPDATE people_api_key SET minute_at = %(minute)s, last_used_at = %(at)s,
    minute_count = CASE WHEN minute_at = %(minute)s THEN minute_count + 1 ELSE 1 END
WHERE key_hash = %(hash)s AND revoked_at IS NULL
    AND (minute_at IS DISTINCT FROM %(minute)s OR minute_count < per_minute)
RETURNING id"""
