"""What every page knows: who reads, how, and what waits for them. Lazy: a page that shows none of it asks nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.functional import SimpleLazyObject

from xianfeng.foundation.notices import queries as notices
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui import flash


def page(request: HttpRequest) -> dict[str, Any]:
    """Return person, unread (one statement, on first use), mode, theme, demo, said, here, seat and stream address."""
    person: Person | None = getattr(request, "person", None)
    return {
        "person": person,
        "unread": SimpleLazyObject(lambda: notices.unread_count(person)) if person else 0,
        "mode": getattr(request, "mode", "std"),
        "theme": getattr(request, "theme", "auto"),
        "demo": settings.DEMO,
        "said": flash.said(request),
        "here": request.get_full_path(),
        "seat": getattr(request, "seat", ""),
        "stream_url": f"{get_script_prefix()}api/v1/stream",
    }
