"""搜: needs and what was said of them publicly, the words marked."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown.needpage import state_of
from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.foundation.kernel import cursors
from xianfeng.matters import search as finding
from xianfeng.matters.models import Matter

PAGE = 20


@dataclass(frozen=True)
class Row:
    """One line: what was found, and where it stands in words."""

    found: finding.Found
    state: str


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what this reader may see that says the words, newest first."""
    words = request.GET.get("q", "")[:60]
    place = cursors.unpack("search", request.GET.get("after", ""))
    before = (datetime.fromisoformat(place[0]), int(place[1])) if place else None
    found = finding.find(words, cast("AskedRequest", request).person, before=before, limit=PAGE)
    last = found[PAGE - 1].matter if len(found) > PAGE else None
    rows = [Row(one, state_of(one.matter)) for one in found[:PAGE]]
    context = {"tab": "needs", "words": words, "found": rows, "more": _more(words, last)}
    return render(request, "portal/search.html", context)


def _more(words: str, last: Matter | None) -> str:
    if last is None:
        return ""
    after = cursors.pack("search", [last.raised_at.isoformat(), last.pk])
    return f"{reverse('portal:search')}?{urlencode({'q': words, 'after': after})}"
