"""Reads of achievements; every one begins from who is asking."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from xianfeng.foundation.kernel import texts
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people import queries as people
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.matters.models import Matter
from xianfeng.recognition.showcase.models import Achievement, Adoption, Benefit, Picture

OWN_STATES = ("draft", "submitted", "returned", "published", "refused", "taken-down")


def staff_of(person: Person | None, row: str = "pioneer__") -> Q:
    """Return the condition on rows whose pioneer `person` is staff for; nothing where they are no staff."""
    scopes = people.scopes(person)
    if any(scope.organisation_id is None for scope in scopes):
        return Q(pk__isnull=False)
    return Q(**{f"{row}organisation_id__in": [scope.organisation_id for scope in scopes]})


def whole() -> QuerySet[Achievement]:
    """Return achievements with their pioneer and organisation."""
    return Achievement.objects.select_related("pioneer", "pioneer__organisation", "grew_from")


def visible_to(person: Person | None) -> QuerySet[Achievement]:
    """Return what `person` may see: what is published, their own, and what they judge as staff."""
    seen = Q(state="published")
    if person is not None:
        seen |= Q(pioneer__spokesperson=person)
        seen |= staff_of(person) & ~Q(state__in=["draft", "withdrawn"])
    return whole().filter(seen)


def achievement_for(person: Person | None, pk: int) -> Achievement:
    """Return one achievement. Raises Missing for foreign and missing alike."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def published(
    *, words: str = "", kind: str = "", area: Area | None = None, pioneer_id: int | None = None
) -> QuerySet[Achievement]:
    """Return what is published, newest first. `words`: two characters are enough, in title, text, author and place."""
    rows = whole().filter(state="published")
    if keys := texts.query_keys(words):
        rows = rows.filter(search__contains=keys)
    if kind:
        rows = rows.filter(kind=kind)
    if area is not None:
        rows = rows.filter(area_id__in=places.subtree_ids(area))
    if pioneer_id is not None:
        rows = rows.filter(pioneer_id=pioneer_id)
    return rows.order_by("-published_at", "-id")


def own(person: Person) -> QuerySet[Achievement]:
    """Return the achievements of the pioneers `person` speaks for that were not withdrawn, newest first."""
    rows = whole().filter(pioneer__spokesperson=person, state__in=OWN_STATES)
    return rows.order_by("-drafted_at", "-id")


def matters_to_link(pioneer: Pioneer, limit: int = 30) -> list[Matter]:
    """Return what the pioneer has done and anybody may read: an achievement may come from these. Newest first."""
    rows = Matter.objects.filter(taken_by=pioneer, state="closed", hidden=False)
    return list(rows.only("id", "number", "title", "closed_at").order_by("-closed_at", "-id")[:limit])


def matters_of(achievement: Achievement) -> list[Matter]:
    """Return the matters it came from that anybody may read."""
    rows = achievement.matters.filter(state__in=["done", "closed"], hidden=False)
    return list(rows.only("id", "number", "title", "closed_at").order_by("closed_at", "id"))


def pictures_of(achievement: Achievement) -> list[Picture]:
    """Return the photographs of an achievement, in the order they were sent."""
    return list(achievement.pictures.order_by("id"))


def picture_for(person: Person | None, key: str) -> Picture:
    """Return a photograph: one's own, one of a visible achievement, evidence to its sides and judges. Missing."""
    found = Picture.objects.select_related("benefit__pioneer", "achievement").filter(key=key).first()
    if found is None:
        raise Missing
    if person is not None and found.owner_id == person.id:
        return found
    if found.achievement_id and visible_to(person).filter(pk=found.achievement_id).exists():
        return found
    if found.benefit_id and Benefit.objects.filter(judged_by_reader(person), pk=found.benefit_id).exists():
        return found
    raise Missing


def judged_by_reader(person: Person | None) -> Q:
    """Return the condition on benefits whose evidence `person` may see: the two sides and staff."""
    if person is None:
        return Q(pk=None)
    sides = Q(pioneer__spokesperson=person) | Q(claimed_by=person)
    return sides | Q(handling__matter__requester=person) | staff_of(person)


def benefits_of(achievement: Achievement) -> list[Benefit]:
    """Return what an achievement brought, verified first, then claimed; newest first."""
    rows = Benefit.objects.filter(achievement=achievement).exclude(state="refused")
    rows = rows.select_related("pioneer", "handling__matter__firm")
    return sorted(rows.order_by("-claimed_at", "-id"), key=lambda one: one.state != "verified")


def benefit_for(person: Person, benefit_id: int) -> Benefit:
    """Return a benefit to its two sides and to staff. Raises Missing."""
    row = Benefit.objects.filter(judged_by_reader(person), pk=benefit_id).first()
    if row is None:
        raise Missing
    return row


def adoptions_of(achievement: Achievement, limit: int = 20) -> list[Adoption]:
    """Return who asked to use an achievement, as far as their matters may be read; newest first."""
    rows = Adoption.objects.filter(
        achievement=achievement, matter__hidden=False, matter__state__in=["open", "taken", "done", "closed"]
    )
    return list(rows.select_related("matter__firm", "matter__requester").order_by("-asked_at", "-id")[:limit])


@dataclass(frozen=True)
class Link:
    """One achievement of a chain: `depth` steps from its root, what it brought itself in verified income (yuan)."""

    id: int
    title: str
    kind: str
    pioneer: str
    depth: int
    published_at: datetime | None
    yuan: int
    jobs: int


_CHAIN = """
WITH RECURSIVE up AS (
    SELECT id, grew_from_id FROM showcase_achievement WHERE id = %(id)s
    UNION SELECT a.id, a.grew_from_id FROM showcase_achievement a JOIN up ON a.id = up.grew_from_id
), root AS (SELECT id FROM up WHERE grew_from_id IS NULL LIMIT 1), down AS (
    SELECT a.id, 0 AS depth, ARRAY[a.id] AS line FROM showcase_achievement a JOIN root ON root.id = a.id
    UNION ALL SELECT a.id, down.depth + 1, down.line || a.id
    FROM showcase_achievement a JOIN down ON a.grew_from_id = down.id
    WHERE NOT a.id = ANY(down.line)
)
SELECT a.id, a.title, a.kind, p.name, down.depth, a.published_at,
    coalesce(sum(b.yuan) FILTER (WHERE b.kind = 'income' AND b.beneficiary IN ('firm', 'person')), 0)::bigint,
    coalesce(sum(b.jobs) FILTER (WHERE b.kind = 'jobs'), 0)::int
FROM down JOIN showcase_achievement a ON a.id = down.id JOIN people_pioneer p ON p.id = a.pioneer_id
LEFT JOIN showcase_benefit b ON b.achievement_id = a.id AND b.state = 'verified'
WHERE a.state = 'published' OR a.id = %(id)s
GROUP BY a.id, a.title, a.kind, p.name, down.depth, down.line, a.published_at ORDER BY down.line"""


def chain_of(achievement: Achievement) -> list[Link]:
    """Return the whole chain an achievement belongs to, from its root down, each after what it grew from."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, {"id": achievement.pk})
        return [Link(*row) for row in cursor.fetchall()]


def followed_up(person: Person, matter: Matter) -> Adoption | None:
    """Return the adoption a matter is, if `person` took part in it."""
    rows = Adoption.objects.filter(matter=matter).select_related("achievement")
    sides = Q(asked_by=person) | Q(achievement__pioneer__spokesperson=person)
    return rows.filter(sides).first()
