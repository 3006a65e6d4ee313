"""The queue: what waits, and the one selected, decided at its side."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xianfeng.doors.desk.queries import candidates, queue
from xianfeng.doors.desk.queries.queue import Place, Waiting
from xianfeng.doors.desk.shown import matter as matters
from xianfeng.doors.desk.shown import queue as shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import new_key
from xianfeng.foundation.kernel import catalogue, cursors


@require_safe
@staff
def waiting(request: StaffRequest) -> HttpResponse:
    """Show what waits, least time left on top, with the selected one at the side."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in queue.KINDS else ""
    after = request.GET.get("after", "")
    most = catalogue.load("desk")["queue"]["page"]
    found = queue.waiting(request.reach, kind=kind, after=_place(after), limit=most + 1)
    here, more = found[:most], found[most:]
    selected = _selected(here, request.GET.get("at", ""))
    context: dict[str, Any] = {
        "rows": shown.rows(here, candidates.fitting([one.matter for one in here if _sendable(one)])),
        "kind": kind, "kinds": shown.KINDS, "count_most": catalogue.load("desk")["queue"]["count_most"], "after": after,
        "more": _address(kind, _cursor(here[-1])) if more else "", "base": _address(kind, after), "tab": "queue",
        "chosen": bool(request.GET.get("at")), **_beside(request, here, selected, _address(kind, after)),
    }  # fmt: skip
    return page(request, "desk/parts/side.html" if request.htmx else "desk/queue.html", context)  # type: ignore[attr-defined]


def _sendable(one: Waiting) -> bool:
    return one.kind in {"listed", "decide", "soon"} and one.matter.state != "taken"


def _selected(rows: Sequence[Waiting], key: str) -> int | None:
    """Return the place of the row named `key`; the first where it is gone; None in an empty queue."""
    return next((at for at, one in enumerate(rows) if one.key == key), 0 if rows else None)


def _beside(
    request: StaffRequest, rows: Sequence[Waiting], selected: int | None, base: str
) -> dict[str, Any]:
    if selected is None:
        return {}
    one = rows[selected]
    following = rows[selected + 1] if selected + 1 < len(rows) else rows[selected - 1] if selected else None
    return {
        "one": one, "selected": one.key, "side": matters.side_of(request.reach, one.matter, handling=one.handling),
        "reason": shown.abuse_reason(one.report.reason) if one.report else "", "key": new_key(),
        "next": f"{base}at={following.key}" if following else base, "usual": _usual(),
    }  # fmt: skip


def _usual() -> dict[str, Any]:
    return {name: matters.reasons(name) for name in ("decline", "extend", "unproven")}


def _address(kind: str, after: str) -> str:
    """Return the queue's address with its filter and page, ready to take `at=`."""
    asked = {name: value for name, value in (("kind", kind), ("after", after)) if value}
    query = urlencode(asked)
    return f"{reverse('desk:queue')}?{query}{'&' if query else ''}"


def _cursor(last: Waiting) -> str:
    rank, at, row = last.place
    return cursors.pack("desk-queue", [rank, at.isoformat(), row])


def _place(cursor: str) -> Place | None:
    place = cursors.unpack("desk-queue", cursor)
    return (place[0], datetime.fromisoformat(place[1]), place[2]) if place else None
