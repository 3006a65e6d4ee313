"""Writes about people: one durable transaction each, with its record."""

import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from xianfeng.foundation.kernel import catalogue, clock, idempotency, keyring, texts
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write, write_beside
from xianfeng.foundation.people import mobiles, queries, steps
from xianfeng.foundation.people.models import Firm, Membership, Person, Pioneer, Session, SignInCode
from xianfeng.foundation.people.senders import sender
from xianfeng.foundation.people.sessions import token_hash
from xianfeng.foundation.places import datum
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


def ask_code(mobile: str, *, address: str) -> str:
    """Send a one-time code to `mobile` and return it (the door shows it only in the demo).

    `address` is the network address that asks. Raises Refused 'mobile-invalid' or 'too-many-codes' (retry_seconds).
    """
    number, at = mobiles.normal(mobile), clock.now()
    rules = catalogue.load("people")["code"]
    code = _new_code(rules["digits"])
    with write():
        _within_limits(number, address, at)
        SignInCode.objects.create(
            mobile_hash=mobiles.found_by(number), code_hash=_code_hash(number, code),
            address_hash=keyring.keyed_hash("address", address), at=at,
            expires_at=at + timedelta(minutes=rules["minutes"]),
        )  # fmt: skip
    sender().send(number, code)
    return code


def _new_code(digits: int) -> str:
    """Return a code nobody can guess; a repeated request gets the one it got before."""
    again = idempotency.derived("code")
    drawn = int.from_bytes(again) if again else secrets.randbits(256)
    return f"{drawn % 10**digits:0{digits}d}"


def code_again() -> str:
    """Return the code that the request now repeated was answered with."""
    return _new_code(catalogue.load("people")["code"]["digits"])


def _code_hash(number: str, code: str) -> bytes:
    return keyring.keyed_hash("code", f"{number}:{code}")


def _within_limits(number: str, address: str, at: datetime) -> None:
    limits = catalogue.load("people")["demo_limits" if settings.DEMO else "limits"]
    steps.one_at_a_time("code", mobiles.found_by(number), keyring.keyed_hash("address", address))
    recent = SignInCode.objects.filter(at__gt=at - timedelta(hours=1))
    mine = recent.filter(mobile_hash=mobiles.found_by(number))
    near = recent.filter(address_hash=keyring.keyed_hash("address", address))
    frees = [
        _room_again(mine, limits["codes_per_mobile_per_hour"], at),
        _room_again(near, limits["codes_per_address_per_hour"], at),
    ]
    if until := max(filter(None, frees), default=None):
        seconds = math.ceil((until - at).total_seconds())
        raise Refused(
            "too-many-codes", field="mobile", retry_seconds=seconds, minutes=math.ceil(seconds / 60)
        )


def _room_again(recent: QuerySet[SignInCode], limit: int, now: datetime) -> datetime | None:
    """Return when one more code is within `limit` again; None if it is now. A time ahead counts as now."""
    full = recent.order_by("-at").values_list("at", flat=True)[limit - 1 : limit]
    return next((min(at, now) + timedelta(hours=1) for at in full), None)


@dataclass(frozen=True)
class SignIn:
    """A new session: its token (shown once) and whose it is."""

    token: str
    person: Person


def sign_in(mobile: str, code: str, *, device: str = "", consent: str | None = None) -> SignIn:
    """Exchange a one-time code for a session. Raises Refused 'code-wrong' or 'code-ended'.

    A wrong try is counted in a transaction of its own, so that it stays counted.
    """
    number, at = mobiles.normal(mobile), clock.now()
    idempotency.look()
    row = _count_try(number, at)
    if row is None:
        raise Refused("code-ended", field="code")
    if not hmac.compare_digest(bytes(row.code_hash), _code_hash(number, code.strip())):
        raise Refused("code-wrong", field="code")
    with write():
        if not SignInCode.objects.filter(pk=row.pk, used_at=None).update(used_at=at):
            raise Refused("code-ended", field="code")
        # a code asked for earlier must not come back to life
        SignInCode.objects.filter(mobile_hash=row.mobile_hash, used_at=None).update(used_at=at)
        person = steps.find_or_join(number, at)
        if consent:
            steps.consent(person, consent, at)
        idempotency.note("person", person.id)
        return SignIn(steps.open_session(person, device, at), person)


def _count_try(number: str, at: datetime) -> SignInCode | None:
    """Count one try on the newest live code; None if there is none, or its tries are used up."""
    tries = catalogue.load("people")["code"]["tries"]
    with write_beside():
        live = SignInCode.objects.filter(
            mobile_hash=mobiles.found_by(number), used_at=None, expires_at__gt=at
        )
        row = live.select_for_update().order_by("-id").first()  # the clock may have been set back
        if row is None or row.tries >= tries:
            return None
        row.tries += 1
        row.save(update_fields=["tries"])
        return row


def open_demo_session(person_id: int) -> SignIn:
    """Open a session without a code, for the demo's one-tap sign-in. Raises Missing outside the demo."""
    if not settings.DEMO:
        raise Missing
    with write():
        person = Person.objects.filter(pk=person_id, left_at=None).first()
        if person is None:
            raise Missing
        return SignIn(steps.open_session(person, "demo", clock.now()), person)


def sign_out(token: str) -> None:
    """End the session of `token`; ending it twice is the same."""
    with write():
        Session.objects.filter(token_hash=token_hash(token), revoked_at=None).update(revoked_at=clock.now())


def end_other_sessions(*, by: Person, keep_token: str) -> int:
    """End all sessions of `by` but the one in hand; return how many ended."""
    with write():
        others = Session.objects.filter(person=by, revoked_at=None).exclude(token_hash=token_hash(keep_token))
        return others.update(revoked_at=clock.now())


def change_profile(
    *, by: Person, name: str | None = None, area_id: int | None = None, lat: float | None = None,
    lon: float | None = None, language: str | None = None, mode: str | None = None,
) -> Person:  # fmt: skip
    """Change what a person says of themself; None leaves a field as it is."""
    if name is not None:
        name = texts.clean_line(
            name, field="name", limit=catalogue.load("people")["name"]["length"], required=False
        )
    given = {"name": name, "area_id": area_id, "lat": lat, "lon": lon, "language": language, "mode": mode}
    sets = {column: value for column, value in given.items() if value is not None}
    if not sets:
        return by
    with write():
        record.change(
            "person",
            by.id,
            "person.changed",
            actor=actor(by.id),
            at=clock.now(),
            new={"fields": sorted(sets)},
            sets=sets,
        )
    by.refresh_from_db()
    return by


def give_consent(version: str, *, by: Person) -> None:
    """Keep that `by` agreed to a version of the privacy notice; twice is the same."""
    at = clock.now()
    with write():
        steps.consent(by, version, at)


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


def show_contact(person_id: int, *, to: Person, matter_id: int) -> str:
    """Return a number in clear to the other side of a matter, and record that it was shown."""
    with write():
        person = Person.objects.get(pk=person_id)
        new = {"matter": matter_id, "to": to.id}
        record.append(
            "person", person_id, "person.contact-shown", actor=actor(to.id), at=clock.now(), new=new
        )
    return mobiles.opened(bytes(person.mobile_sealed))


def show_contact_to_staff(person_id: int, *, to: Person, matter_id: int) -> str:
    """Return a number in clear to staff whose scope the caller has checked; the person can see who looked."""
    with write():
        person = Person.objects.get(pk=person_id)
        new = {"matter": matter_id, "to": to.id}
        record.append(
            "person", person_id, "person.contact-shown-to-staff", actor=actor(to.id), at=clock.now(), new=new
        )
    return mobiles.opened(bytes(person.mobile_sealed))


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


def found_organisations() -> int:
    """Enter the catalogue's mass organisations at the city and in every county; return how many are new."""
    at, new = clock.now(), 0
    with write():
        for area in Area.objects.filter(level__in=["city", "county"]).order_by("code"):
            for kind in catalogue.load("organisations")["kind"]:
                new += steps.found_organisation(kind, area, at)
    return new


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


def verify_firm(name: str, *, area_id: int, responsible: Person, by: Person) -> Firm:
    """Enter a verified firm with its responsible person, as city staff. Raises Missing for others."""
    if None not in {scope.organisation_id for scope in queries.scopes(by)}:
        raise Missing
    at = clock.now()
    with write():
        plain = texts.clean_line(name, field="name", limit=80)
        firm = Firm.objects.create(name=plain, area_id=area_id, responsible=responsible, verified_at=at)
        record.append("firm", firm.id, "firm.verified", actor=actor(by.id), at=at)
        return firm


def enter_person(mobile: str, *, name: str = "", by: Person) -> Person:
    """Return the person of a number, entered by staff if nobody has signed in with it; a name given before stays.

    Raises Refused 'mobile-invalid', 'text-too-long'; Missing for who is no staff.
    """
    if not queries.is_staff(by):
        raise Missing
    number, at = mobiles.normal(mobile), clock.now()
    plain = texts.clean_line(
        name, field="name", limit=catalogue.load("people")["name"]["length"], required=False
    )
    with write():
        person = steps.find_or_join(number, at)
        if plain and not person.name:
            record.change(
                "person", person.id, "person.changed", actor=actor(by.id), at=at, new={"fields": ["name"]},
                sets={"name": plain},
            )  # fmt: skip
        person.refresh_from_db()
        return person
