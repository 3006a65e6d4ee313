"""The public portrait of a pioneer, as a page and as a paper."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.foundation.people.models import Person
from xianfeng.recognition.portraits import paper, shown
from xianfeng.recognition.portraits.queries import portraits
from xianfeng.recognition.portraits.queries.portraits import Portrait


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one portrait; the own side reads gaps too."""
    person = cast("AskedRequest", request).person
    found = portraits.public_portrait(person, pk)
    context = {"tab": "pioneers", **shown.portrait(found, inside=_own(person, found))}
    return render(request, "portal/portrait.html", context)


@require_safe
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the same as a paper to print."""
    person = cast("AskedRequest", request).person
    found = portraits.public_portrait(person, pk)
    made = paper.printed(shown.portrait(found, inside=_own(person, found)))
    return paper.answer(made, f"portrait-{pk}")


def _own(person: Person | None, found: Portrait) -> bool:
    pioneer = found.pioneer
    return person is not None and pioneer is not None and pioneer.spokesperson_id == person.pk
