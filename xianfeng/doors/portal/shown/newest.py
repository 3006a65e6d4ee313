"""Lists that show the newest first: where the next page begins, and how its address says so."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from xianfeng.foundation.kernel import cursors
from xianfeng.foundation.kernel.refusals import Refused

Place = tuple[datetime, int]


def before(request: HttpRequest, page: str) -> Place | None:
    """Return the instant and id of the last row already shown, None for the first page.

    Raises Refused 'cursor-invalid'.
    """
    place = cursors.unpack(page, request.GET.get("cursor"))
    if place is None:
        return None
    match place:
        case [str() as at, int() as row]:
            return datetime.fromisoformat(at), row
    raise Refused("cursor-invalid", field="cursor")


def older(column: str, place: Place | None) -> Q:
    """Return what comes later in a list by `column`, newest first, than `place`; everything without one."""
    if place is None:
        return Q()
    at, row = place
    return Q(**{f"{column}__lt": at}) | Q(**{column: at, "pk__lt": row})


def address(page: str, place: Place, kept: Mapping[str, str] | None = None) -> str:
    """Return the address of the page named `page` that goes on after `place`, with the filters `kept`."""
    asked = {name: value for name, value in (kept or {}).items() if value}
    asked["cursor"] = cursors.pack(page, [place[0].isoformat(), place[1]])
    return f"{reverse(page)}?{urlencode(asked)}"
