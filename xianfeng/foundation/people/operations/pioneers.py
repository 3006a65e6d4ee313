"""A pioneer: recognised, suspended, reinstated, joined by members, given its index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from xianfeng.foundation.kernel import catalogue, clock, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import queries, steps
from xianfeng.foundation.people.models import Membership, Person, Pioneer
from xianfeng.foundation.places import datum
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


@dataclass(frozen=True)
class Recognising:
    """Who is recognised as what: an individual, or a collective through its spokesperson. Degrees in WGS-84."""

    kind: str
    name: str
    skills: Sequence[str]
    area_id: int
    lat: float
    lon: float
    title: str
    level: str = "county"
    motto: str = ""
    deed: str = ""


def recognise(recognising: Recognising, *, spokesperson: Person, organisation_id: int, by: Person) -> Pioneer:
    """Recognise a pioneer as staff of its organisation (or of the city).

    Raises Missing without that scope, Refused naming the field at fault, 'pioneer-before' for a second individual.
    """
    allowed = {scope.organisation_id for scope in queries.scopes(by)}
    if not {None, organisation_id} & allowed:
        raise Missing
    given, at = _checked(recognising), clock.now()
    with write():
        try:
            with transaction.atomic():
                pioneer = steps.new_pioneer(given, spokesperson, organisation_id, at)
        except (
            IntegrityError
        ) as error:  # one_individual_a_person decides, also between two who recognise at once
            raise Refused("pioneer-before", field="spokesperson") from error
        new = {"organisation": organisation_id, "title_level": recognising.level}
        record.append("pioneer", pioneer.id, "pioneer.recognised", actor=actor(by.id), at=at, new=new)
        return pioneer


def _checked(told: Recognising) -> dict[str, Any]:
    """Return the fields as they are stored. Raises Refused naming the one at fault."""
    rules = catalogue.load("people")["recognition"]
    for field in ("kind", "level"):
        if getattr(told, field) not in rules[f"{field}s"]:
            raise Refused("field-invalid", field=field, detail=getattr(told, field))
    if not set(told.skills) <= set(catalogue.load("skills")):
        raise Refused("category-unknown", field="skills")
    if not Area.objects.filter(pk=told.area_id).exists():
        raise Refused("area-unknown", field="area")
    datum.checked(told.lat, told.lon)
    words = {
        field: texts.clean_line(
            getattr(told, field), field=field, limit=rules[f"{field}_length"], required=field != "motto"
        )
        for field in ("name", "title", "motto")
    }
    deed = texts.clean_text(told.deed, field="deed", limit=rules["deed_length"], required=False)
    return {**told.__dict__, **words, "deed": deed}


def suspend(pioneer_id: int, *, by: Person, reason: str) -> Pioneer:
    """Suspend a pioneer: no more claims; the engine hears of it and releases what is taken."""
    words, at = texts.clean_line(reason, field="reason", limit=200), clock.now()
    with write():
        pioneer = _pioneer_of_staff(pioneer_id, by)
        if record.change(
            "pioneer", pioneer_id, "pioneer.suspended", actor=actor(by.id), at=at, new={"reason_given": True},
            sets={"suspended_at": at}, where="s.suspended_at IS NULL",
        ):  # fmt: skip
            pioneer.recognitions.filter(until=None).update(suspended_at=at)
            steps.remark(pioneer, "pioneer.suspended", words, by=by, at=at)
    pioneer.refresh_from_db()
    return pioneer


def reinstate(pioneer_id: int, *, by: Person, reason: str = "") -> Pioneer:
    """End a suspension; the words given, if any, are kept beside the record."""
    words, at = texts.clean_line(reason, field="reason", limit=200, required=False), clock.now()
    with write():
        pioneer = _pioneer_of_staff(pioneer_id, by)
        if record.change(
            "pioneer", pioneer_id, "pioneer.reinstated", actor=actor(by.id), at=at,
            sets={"suspended_at": None}, where="s.suspended_at IS NOT NULL",
        ):  # fmt: skip
            steps.remark(pioneer, "pioneer.reinstated", words, by=by, at=at)
        pioneer.recognitions.exclude(suspended_at=None).update(suspended_at=None)
    pioneer.refresh_from_db()
    return pioneer


def _pioneer_of_staff(pioneer_id: int, by: Person) -> Pioneer:
    """Return the pioneer if `by` is staff of the city or of its organisation; Missing otherwise."""
    pioneer = Pioneer.objects.select_for_update().filter(pk=pioneer_id).first()
    allowed = {scope.organisation_id for scope in queries.scopes(by)}
    if pioneer is None or not ({None, pioneer.organisation_id} & allowed):
        raise Missing
    return pioneer


def add_member(collective_id: int, *, person: Person, by: Person) -> Membership:
    """Add a person to a collective that `by` speaks for; again answers the same."""
    at = clock.now()
    with write():
        collective = Pioneer.objects.filter(pk=collective_id, kind="collective", spokesperson=by).first()
        if collective is None:
            raise Missing
        row, created = Membership.objects.get_or_create(
            collective=collective, person=person, until=None, defaults={"since": at}
        )
        if created:
            steps.refresh_kin(steps.pioneers_around(collective))
            new = {"member": person.id}
            record.append(
                "pioneer", collective.id, "pioneer.member-added", actor=actor(by.id), at=at, new=new
            )
        return row


def set_standing(
    rows: Sequence[tuple[int, float, float, float, str, Any]], *, version: str, as_of: datetime
) -> int:
    """Write the index that cards and feeds show; called by merit.

    Each row: (pioneer_id, index, index_without_honours, interval, parts as JSON text, helped). Returns rows changed.
    """
    with write(), connection.cursor() as cursor:
        cursor.execute(
            _STANDING,
            [version, as_of, *(map(list, zip(*rows, strict=True)) if rows else [[]] * 6), version],
        )
        return int(cursor.rowcount)


_STANDING = """
UPDATE people_pioneer p SET index = n.index, index_without_honours = n.bare, index_interval = n.width,
    index_parts = n.parts::jsonb, helped = n.helped, index_version = %s, index_as_of = %s
FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::text[], %s::int[])
    AS n(id, index, bare, width, parts, helped)
WHERE n.id = p.id AND (p.index, p.index_interval, p.helped, p.index_parts, p.index_version) IS DISTINCT FROM
    (n.index, n.width, n.helped, n.parts::jsonb, %s)"""
