"""What happened to what concerns the reader: lines of the inbox, read when they are opened."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.notices import operations, queries
from xianfeng.foundation.notices.models import Notice
from xianfeng.foundation.ui import flash

PAGE = 20
_ICONS = (
    ("messaged", "chat-circle-dots"), ("rated", "star"), ("near", "hand-heart"), ("raised.offered", "calendar-check"),
    ("claimed", "hand-heart"), ("accepted", "hand-heart"), ("reported", "check-circle"), ("lapsed", "clock-countdown"),
    ("released", "arrow-counter-clockwise"), ("team", "users-three"), ("visit", "calendar-check"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the inbox: what it says, where it leads, its icon, and whether it is new. `dot`: about an asker."""

    url: str
    sentence: str
    at: datetime
    unread: bool
    icon: str
    dot: bool


@require_safe
@signed_in
def show(request: SignedRequest) -> HttpResponse:
    """Show the inbox, newest first."""
    rows = queries.inbox(request.person).filter(newest.older("at", newest.before(request, "portal:inbox")))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = newest.address("portal:inbox", (last.at, last.pk)) if last else ""
    context = {"tab": "me", "rows": [_row(one) for one in found[:PAGE]], "more": more}
    return render(request, "portal/inbox.html", context)


def _row(notice: Notice) -> Row:
    line = queries.line(notice, get_language() or "")
    icon = next((icon for mark, icon in _ICONS if mark in line.code), "bell")
    url = reverse("portal:inbox-open", args=[line.id])
    return Row(url, line.sentence, line.at, line.unread, icon, dot=line.code.endswith(".near"))


@require_safe
@signed_in
def follow(request: SignedRequest, pk: int) -> HttpResponse:
    """Mark one line read and go to what it is about; foreign and missing lines look alike."""
    notice = queries.inbox(request.person).filter(pk=pk).first()
    if notice is None:
        raise Missing
    if notice.read_at is None:
        operations.mark_read([pk], by=request.person)
    return HttpResponseRedirect(_about(notice.about))


# Where notices lead, by what they are about: to the thing itself by its number, or to a list of one's own.
_THINGS = {"achievement", "live", "question", "meeting", "proposal", "pioneer", "case"}
_LISTS = {"policy": "my-questions", "honour": "honours", "feedback": "my-feedback"}


def _about(about: str) -> str:
    """Return where a notice leads: a need by its number, or `kind:id` of what stands elsewhere."""
    kind, _, key = about.partition(":")
    if kind == "brief":
        return f"{get_script_prefix()}cockpit/brief/{key.replace(':', '/')}"
    if kind in _LISTS:
        return reverse(f"portal:{_LISTS[kind]}")
    if kind in _THINGS and (key.isdigit() or kind == "case"):
        return reverse(f"portal:{kind}", args=[key])
    return reverse("portal:need", args=[about])


@require_POST
@signed_in
def read(request: SignedRequest) -> HttpResponse:
    """Mark every line read."""
    operations.mark_read(None, by=request.person)
    return flash.say(HttpResponseRedirect(reverse("portal:inbox")), "read-all")
