"""Pages of newest-first lists, by signed cursors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from xianfeng.doors.desk.queries.lists import after
from xianfeng.doors.desk.views.access import StaffRequest
from xianfeng.foundation.kernel import cursors

M = TypeVar("M", bound=Model)


def paged(request: StaffRequest, rows: QuerySet[M], *, name: str, at: str, most: int) -> tuple[list[M], str]:
    """Return one page of `rows` (newest first by column `at`, then id) and the address of the next, '' at the end."""
    place = cursors.unpack(name, request.GET.get("after", ""))
    found = list(after(rows, at, (datetime.fromisoformat(place[0]), place[1]) if place else None)[: most + 1])
    return found[:most], _next(request, found, name=name, at=at, most=most)


def _next(request: StaffRequest, found: Sequence[Any], *, name: str, at: str, most: int) -> str:
    if len(found) <= most:
        return ""
    last = found[most - 1]
    given = request.GET.copy()
    given["after"] = cursors.pack(name, [getattr(last, at).isoformat(), last.pk])
    return f"{request.path}?{given.urlencode()}"
