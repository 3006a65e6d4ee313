"""Reads about people. Nothing here shows a number in clear."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from xianfeng.foundation.kernel import clock, texts
from xianfeng.foundation.people.models import Person, Pioneer, Post


@dataclass(frozen=True)
class Scope:
    """What a staff member may see: the whole city, or one organisation within one area."""

    area_id: int
    organisation_id: int | None


def person_of_session(token_hash: bytes) -> Person | None:
    """Return who holds the live session of this token hash; one statement."""
    return (
        Person.objects.filter(
            sessions__token_hash=token_hash,
            sessions__revoked_at=None,
            sessions__expires_at__gt=clock.now(),
            left_at=None,
        )
        .select_related("area")
        .defer("area__boundary")
        .first()
    )


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
    now = clock.now()
    live = Q(until=None) | Q(until__gt=now)
    rows = Post.objects.filter(
        live, person=person, since__lte=now, role__in=["city-staff", "organisation-staff"]
    )
    return [Scope(row.area_id, row.organisation_id) for row in rows]


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
) -> QuerySet[Pioneer]:
    """Return the pioneers anybody may see, best index first. `words`: name, skill, area, two characters enough."""
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
    return rows.order_by("-index", "id")
