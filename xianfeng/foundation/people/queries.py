"""Reads about people. Nothing here shows a number in clear."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from xianfeng.foundation.kernel import clock, texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.kernel.rows import as_model
from xianfeng.foundation.kernel.statements import ask
from xianfeng.foundation.people.models import Organisation, Person, Pioneer, Post, Session
from xianfeng.foundation.places.models import Area


@dataclass(frozen=True)
class Scope:
    """What a staff member may see: the whole city, or one organisation within one area."""

    area_id: int
    organisation_id: int | None


@dataclass(frozen=True)
class Signed:
    """Who holds a session: the person, with their area, and the pioneer they act for first."""

    person: Person
    pioneer_id: int | None


@cache
def _columns(model: type[Model], *, without: str = "") -> list[str]:
    return [column.attname for column in model._meta.concrete_fields if column.attname != without]


@dataclass(frozen=True)
class Holder:
    """A live session as the database told it: a row of the person, their area (shared, only read), until when."""

    row: tuple[Any, ...]
    area: Area | None
    pioneer_id: int | None
    expires_at: datetime

    def signed(self) -> Signed:
        """Return its person, a fresh one each time: what a request does to it is its own."""
        person = as_model(Person, _columns(Person), self.row)
        if self.area is not None:
            person.area = self.area
        return Signed(person, self.pioneer_id)


@cache
def _session_statement() -> str:
    """Return the statement; the ORM's way to it costs more than all the rest of a claim."""
    person = ", ".join(f"p.{name}" for name in _columns(Person))
    area = ", ".join(f"a.{name}" for name in _columns(Area, without="boundary"))
    return f"""SELECT s.expires_at, (SELECT q.id FROM people_pioneer q WHERE q.spokesperson_id = p.id
        ORDER BY q.kind <> 'individual', q.id LIMIT 1), {person}, {area}
    FROM people_session s JOIN people_person p ON p.id = s.person_id LEFT JOIN places_area a ON a.id = p.area_id
    WHERE s.token_hash = %(token)s AND s.revoked_at IS NULL AND s.expires_at > %(now)s AND p.left_at IS NULL"""  # noqa: S608


def session_row(token_hash: bytes, now: datetime) -> Holder | None:
    """Return what the database tells of the live session of this token hash; one statement."""
    rows = ask(_session_statement(), {"token": token_hash, "now": now})
    if not rows:
        return None
    row = rows[0]
    end = 2 + len(_columns(Person))
    columns = _columns(Area, without="boundary")
    area = as_model(Area, columns, row[end:]) if row[end] is not None else None
    return Holder(row[2:end], area, row[1], row[0])


def holder_of_session(token_hash: bytes) -> Signed | None:
    """Return who holds the live session of this token hash; one statement."""
    found = session_row(token_hash, clock.now())
    return found.signed() if found else None


def person_of_session(token_hash: bytes) -> Person | None:
    """Return the person who holds the live session of this token hash; one statement."""
    signed = holder_of_session(token_hash)
    return signed.person if signed else None


def _with_place(rows: QuerySet[Pioneer]) -> QuerySet[Pioneer]:
    """Return pioneers with organisation and area, without the area's boundary (kilobytes a row)."""
    return rows.select_related("organisation", "area").defer("area__boundary")


def pioneers_of(person: Person | None) -> list[Pioneer]:
    """Return the pioneers `person` acts for: oneself first, then collectives one speaks for."""
    if person is None:
        return []
    mine = _with_place(Pioneer.objects.filter(spokesperson=person))
    return sorted(mine, key=lambda pioneer: (pioneer.kind != "individual", pioneer.id))


def pioneer_of(person: Person | None) -> Pioneer | None:
    """Return the pioneer `person` acts for first, or None."""
    return next(iter(pioneers_of(person)), None)


def scopes(person: Person | None) -> list[Scope]:
    """Return the scopes of the staff posts that `person` holds now."""
    if person is None:
        return []
    return [Scope(row.area_id, row.organisation_id) for row in _live_posts().filter(person=person)]


def scopes_of(held: Iterable[Post]) -> list[Scope]:
    """Return the scopes of those of `held` (terms that run) that are of staff."""
    return [Scope(row.area_id, row.organisation_id) for row in held if _is_of_staff(row)]


def _is_of_staff(post: Post) -> bool:
    if post.role == "city-staff":
        return post.organisation_id is None
    return post.role == "organisation-staff" and post.organisation_id is not None


def staffed_organisations() -> set[int]:
    """Return the organisations whose staff can sign in now."""
    return {one for one in _live_posts().values_list("organisation_id", flat=True) if one is not None}


def organisation_of(code: str) -> int:
    """Return the id of the organisation of a code, 0 for none."""
    return Organisation.objects.filter(code=code).values_list("id", flat=True).first() or 0


def staff_of(organisation_id: int) -> list[int]:
    """Return the persons who hold a post of staff of an organisation now."""
    return sorted(set(_live_posts().filter(organisation=organisation_id).values_list("person_id", flat=True)))


def _live_posts() -> QuerySet[Post]:
    now = clock.now()
    live = Q(until=None) | Q(until__gt=now)
    staff = Q(role="city-staff", organisation=None) | Q(role="organisation-staff", organisation__isnull=False)
    return Post.objects.filter(live, staff, since__lte=now)


def is_staff(person: Person | None) -> bool:
    """Tell whether `person` holds any staff post now."""
    return bool(scopes(person))


def directory(
    *,
    words: str = "",
    skill: str = "",
    area_id: int | None = None,
    kind: str = "",
    organisation_kind: str = "",
    after: tuple[float | None, int] | None = None,
) -> QuerySet[Pioneer]:
    """Return the pioneers anybody may see, best index first, those without one last.

    `words`: name, skill, area, two characters enough; one character is looked for alone. `after` is (index, id) of
    the last one seen.
    """
    rows = _with_place(Pioneer.objects.filter(suspended_at=None))
    if keys := texts.query_keys(words):
        rows = rows.filter(search__contains=keys)
    if skill:
        rows = rows.filter(skills__contains=[skill])
    if area_id:
        rows = rows.filter(area__path__contains=[area_id])
    if kind:
        rows = rows.filter(kind=kind)
    if organisation_kind:
        rows = rows.filter(organisation__kind=organisation_kind)
    if after:
        rows = rows.filter(behind(*after))
    return rows.order_by(F("index").desc(nulls_last=True), "id")


def behind(index: float | None, pioneer_id: int) -> Q:
    """Return what comes later in the directory than the pioneer of this index and id."""
    if index is None:
        return Q(index=None, id__gt=pioneer_id)
    return Q(index__lt=index) | Q(index=index, id__gt=pioneer_id) | Q(index=None)


def pioneer_for(person: Person | None, pioneer_id: int) -> Pioneer:
    """Return a pioneer with organisation and area. Raises Missing; a suspended one is shown to its own side alone."""
    seen = Q(suspended_at=None)
    if person is not None:
        seen |= Q(spokesperson=person)
    pioneer = _with_place(Pioneer.objects.filter(seen, pk=pioneer_id)).first()
    if pioneer is None:
        raise Missing
    return pioneer


def sessions_of(person: Person) -> QuerySet[Session]:
    """Return the live sessions of `person`, newest first."""
    live = Session.objects.filter(person=person, revoked_at=None, expires_at__gt=clock.now())
    return live.order_by("-created_at", "-id")


def pioneer_shown(pioneer_id: int) -> Pioneer | None:
    """Return a pioneer with organisation and area, also a suspended one, or None."""
    return _with_place(Pioneer.objects.filter(pk=pioneer_id)).first()
