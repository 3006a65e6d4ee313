"""Reads about duties."""

from collections.abc import Sequence

from django.db.models import Q

from xianfeng.foundation.people import roles
from xianfeng.foundation.people.models import Post
from xianfeng.matters import services
from xianfeng.matters.duties.models import Duty


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
            handed = Duty.objects.filter(role=post.role, area=post.area_id, sector=post.sector)
            seen |= Q(pk__in=handed.values("matter_id"))
    return seen
