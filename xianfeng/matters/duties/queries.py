"""Reads about duties: what a post may see, what waits for somebody, and the course of one matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import posts, roles
from xianfeng.foundation.people.models import Person, Post
from xianfeng.matters import services
from xianfeng.matters.duties.models import Check, Duty, Evaluation, Link
from xianfeng.matters.models import Matter
from xianfeng.matters.states import State


def visible(held: Sequence[Post]) -> Q:
    """Return the condition on matters that posts let their holder see: those of the area, or handed to the post."""
    seen, known = Q(), roles.every()
    for post in held:
        role = known.get(post.role)
        if role is None or post.role in roles.STAFF:
            continue
        if role.sees == "area":
            seen |= Q(service_code__in=services.with_course(), area__path__contains=[post.area_id])
        if "handle" in role.may:
            seen |= Q(pk__in=_of_seat(post).values("matter_id"))
    return seen


def _of_seat(post: Post) -> QuerySet[Duty]:
    rows = Duty.objects.filter(role=post.role, area=post.area_id)
    return rows.filter(sector=post.sector) if post.sector else rows


def in_duty(held: Sequence[Post]) -> QuerySet[Duty]:
    """Return the live duties of the posts in `held`, least time left on top; reported ones are not among them."""
    mine = Q(pk__in=[])
    for post in held:
        if "handle" in _may(post) and (not post.deputy or posts.stands_in(post)):
            mine |= Q(role=post.role, area=post.area_id) & (Q(sector=post.sector) if post.sector else Q())
    rows = Duty.objects.filter(mine, ended_at=None, matter__state=State.HANDED)
    return rows.select_related("matter", "area").order_by(F("matter__due_at").asc(nulls_last=True), "id")


def to_check(person: Person, held: Sequence[Post]) -> QuerySet[Duty]:
    """Return the duties that wait for a check by `person`: collected by them, or where they check."""
    where = Q(matter__requester=person)
    for post in held:
        if "check" in _may(post):
            where |= Q(matter__area__path__contains=[post.area_id])
    seats = Q(person=person) | Q(reported_by=person)
    for post in held:
        seats |= Q(role=post.role, area=post.area_id, sector=post.sector)
    handled = Duty.objects.filter(seats).values("matter_id")
    rows = Duty.objects.filter(where, ended_at=None, matter__state=State.CHECKING).exclude(matter__in=handled)
    return rows.select_related("matter", "area").order_by("matter__due_at", "id")


def to_hand_over(held: Sequence[Post]) -> QuerySet[Matter]:
    """Return what waits to be filed or handed over in the areas of `held`, longest due on top."""
    where = Q(pk__in=[])
    for post in held:
        if {"file", "lead"} & set(_may(post)):
            where |= Q(area__path__contains=[post.area_id])
    states = [State.FILED, State.RAISED]
    rows = Matter.objects.filter(where, state__in=states, service_code__in=services.with_course())
    return rows.select_related("area").order_by(F("due_at").asc(nulls_last=True), "id")


def _may(post: Post) -> frozenset[str]:
    role = roles.every().get(post.role)
    return role.may if role else frozenset()


@dataclass(frozen=True)
class Run:
    """The course of one matter: its duties (oldest first) with who had them, its checks, evaluation and links."""

    duties: list[Duty]
    checks: list[Check]
    evaluation: Evaluation | None
    links: list[Link]

    @property
    def live(self) -> Duty | None:
        """Return the duty that runs."""
        return next((one for one in self.duties if one.ended_at is None), None)


def run(matter: Matter) -> Run:
    """Return the course of a matter the caller was let see; four statements."""
    return Run(
        list(matter.duties.select_related("area", "person").order_by("id")),
        list(Check.objects.filter(duty__matter=matter).select_related("person").order_by("id")),
        Evaluation.objects.filter(matter=matter).first(),
        list(Link.objects.filter(Q(matter=matter) | Q(other=matter)).select_related("matter", "other").order_by("id")),
    )  # fmt: skip


def unplaced() -> QuerySet[Matter]:
    """Return the matters of services with a course that lie in no micro-grid: flagged, for staff to place."""
    rows = Matter.objects.filter(service_code__in=services.with_course()).exclude(area__level="micro_grid")
    return rows.select_related("area").order_by("-raised_at", "-id")


def late(duty: Duty) -> bool:
    """Tell whether a duty passed its limit, or was reported after it."""
    return (duty.reported_at or duty.ended_at or clock.now()) > duty.due_at
