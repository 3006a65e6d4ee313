"""Posts: somebody is appointed, a deputy named, the holder away, the term ended. Each is on the person's record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from xianfeng.foundation.kernel import clock, idempotency
from xianfeng.foundation.kernel.refusals import Missing, Refused
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.people import posts, roles, steps
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.people.roles import Role
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record import steps as record
from xianfeng.foundation.record.subjects import person as actor


@dataclass(frozen=True)
class Appointment:
    """Which post: a role in an area, with its organisation or sector, from `since` (now) to `until` (open)."""

    role: str
    area_id: int
    organisation_id: int | None = None
    sector: str = ""
    since: datetime | None = None
    until: datetime | None = None
    deputy: bool = False


def appoint(given: Appointment, person: Person, *, by: Person) -> Post:
    """Give `person` a post; the same appointment again answers the same.

    Raises Missing for who may not appoint there; Refused 'role-unknown', 'area-unknown', 'post-level' (the role does
    not stand in such an area), 'post-needs' (organisation or sector), 'term-invalid', 'post-held' (one holder at a
    time, and somebody has the post in that time), 'person-gone'.
    """
    at = clock.now()
    role, area = roles.find(given.role), _area(given.area_id)
    _check(given, role, area, at)
    if not posts.appoints(by).covers(role, area, given.organisation_id):
        raise Missing
    with write():
        return _appointed(given, role, person, by, at)


def name_deputy(
    post_id: int, person: Person, *, by: Person, since: datetime | None = None, until: datetime | None = None
) -> Post:
    """Name who stands in for a post, as its holder or who may appoint to it. Raises Missing and what appoint does."""
    at = clock.now()
    with write():
        post = _post(post_id, by)
        given = Appointment(
            post.role,
            post.area_id,
            post.organisation_id,
            post.sector,
            since,
            until or post.until,
            deputy=True,
        )
        role = roles.find(post.role)
        _check(given, role, post.area, at)
        if person.pk == post.person_id:
            raise Refused("deputy-self", field="mobile")
        return _appointed(given, role, person, by, at)


def end_post(post_id: int, *, by: Person) -> Post:
    """End a term now, as who may appoint to it, or one's own; again answers the same. Raises Missing."""
    at = clock.now()
    with write():
        post = _post(post_id, by)
        if post.until is None or post.until > at:
            Post.objects.filter(pk=post.pk).update(until=max(at, post.since))
            _note(post, "person.post-ended", by, at, {})
            post.refresh_from_db()
        idempotency.note("post", post.pk)
        return post


def be_away(
    post_id: int, *, by: Person, since: datetime | None = None, until: datetime | None = None
) -> Post:
    """Say that the holder is away, from `since` (now) to `until` (until told otherwise): the deputy acts meanwhile.

    Raises Missing; Refused 'term-invalid'.
    """
    at = clock.now()
    start = since or at
    if until is not None and until <= start:
        raise Refused("term-invalid", field="until")
    return _set_away(post_id, by, at, start, until)


def be_back(post_id: int, *, by: Person) -> Post:
    """Say that the holder is back. Raises Missing."""
    return _set_away(post_id, by, clock.now(), None, None)


def _set_away(post_id: int, by: Person, at: datetime, since: datetime | None, until: datetime | None) -> Post:
    with write():
        post = _post(post_id, by)
        Post.objects.filter(pk=post.pk).update(away_since=since, away_until=until)
        _note(post, "person.post-away", by, at, {"away_since": since, "away_until": until})
        idempotency.note("post", post.pk)
        post.refresh_from_db()
        return post


def _post(post_id: int, by: Person) -> Post:
    """Return a running term, its row locked, if it is one's own or one that `by` may fill. Raises Missing."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("area", "person")
    post = rows.filter(pk=post_id).first()
    if post is None or post.role not in roles.every():
        raise Missing
    own = post.person_id == by.pk and post.role not in roles.STAFF
    if not own and not posts.appoints(by).covers(roles.find(post.role), post.area, post.organisation_id):
        raise Missing
    return post


def _area(area_id: int) -> Area:
    area = Area.objects.filter(pk=area_id, active=True).first()
    if area is None:
        raise Refused("area-unknown", field="area")
    return area


def _check(given: Appointment, role: Role, area: Area, at: datetime) -> None:
    if area.level not in role.levels:
        raise Refused("post-level", field="area")
    known = given.organisation_id and Organisation.objects.filter(pk=given.organisation_id).exists()
    if role.of == "organisation" and not known:
        raise Refused("post-needs", field="organisation")
    if role.of == "sector" and not given.sector:
        raise Refused("post-needs", field="sector")
    if len(given.sector) > 30 or not (given.sector or "-0").replace("-", "").isalnum():
        raise Refused("field-invalid", field="sector", detail="a-z 0-9 -")
    if given.until is not None and given.until <= max(given.since or at, at):
        raise Refused("term-invalid", field="until")


def _appointed(given: Appointment, role: Role, person: Person, by: Person, at: datetime) -> Post:
    """Insert the term, one at a time for each seat, so that nobody slips in between the look and the row."""
    since = given.since or at
    steps.one_at_a_time(
        "post", f"{given.role}:{given.area_id}:{given.sector}:{given.organisation_id}".encode()
    )
    if not Person.objects.filter(pk=person.pk, left_at=None).exists():
        raise Refused("person-gone", field="mobile")
    rows = _meeting(given, since)
    if same := rows.filter(person=person, deputy=given.deputy).first():
        idempotency.note("post", same.pk)
        return same
    if role.alone and not given.deputy and rows.filter(deputy=False).exists():
        raise Refused("post-held", field="role")
    post = Post.objects.create(
        person=person, role=given.role, area_id=given.area_id, organisation_id=given.organisation_id,
        sector=given.sector, since=since, until=given.until, deputy=given.deputy,
    )  # fmt: skip
    _note(post, "person.deputy-named" if given.deputy else "person.appointed", by, at, {"until": given.until})
    idempotency.note("post", post.pk)
    return post


def _meeting(given: Appointment, since: datetime) -> QuerySet[Post]:
    """Return the terms of the same seat that meet the one to be given."""
    rows = Post.objects.filter(
        role=given.role, area=given.area_id, sector=given.sector, organisation=given.organisation_id
    ).exclude(until__lte=since)
    return rows.filter(since__lt=given.until) if given.until else rows


def _note(post: Post, code: str, by: Person, at: datetime, more: dict[str, Any]) -> None:
    new = {
        "post": post.pk, "role": post.role, "area": post.area_id, "organisation": post.organisation_id,
        "sector": post.sector, **more,
    }  # fmt: skip
    record.append("person", post.person_id, code, actor=actor(by.pk), at=at, new=new)
