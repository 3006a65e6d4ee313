"""A pioneer's page, and how the index came about, order by order."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.queries import pioneers as reads
from xianfeng.doors.portal.shown import account, people
from xianfeng.doors.portal.shown import honours as honoured
from xianfeng.doors.portal.shown import index as indices
from xianfeng.doors.portal.shown import pioneer as shown
from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.recognition.honours import queries as honours
from xianfeng.recognition.merit import queries as merit


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one pioneer, individual or collective: who, what for, how good and why, what was done; one tap books."""
    person = cast("AskedRequest", request).person
    pioneer = queries.pioneer_for(person, pk)
    standing = merit.standing(pioneer)
    context = {
        "tab": "pioneers", "pioneer": pioneer, "where": people.where(pioneer.area_id),
        "organisation": people.organisation(pioneer.organisation),
        "honours": _honours(pioneer),
        "index": indices.shown(standing) if standing else None, "record": reads.record(pioneer),
        "deeds": [shown.deed(one) for one in reads.deeds(pioneer)], "members": shown.members(pioneer),
        "offers": shown.on_menu(reads.offers(pioneer)), "book": _book(person, pioneer), "own": _own(person, pioneer),
    }  # fmt: skip
    return render(request, "portal/pioneer.html", context)


def _honours(pioneer: Pioneer) -> list[shown.Honour]:
    """Return the grade, the honours of rounds, and the recognitions."""
    return [
        *honoured.graded(honours.grade_of(pioneer)),
        *honoured.seals(honours.honours_of(pioneer)),
        *shown.honours(reads.recognitions(pioneer)),
    ]


def _own(person: Person | None, pioneer: Pioneer) -> bool:
    return person is not None and pioneer.spokesperson_id == person.id


def _book(person: Person | None, pioneer: Pioneer) -> str:
    """Return where this reader books the pioneer; '' for the pioneer's own side and for a suspended one."""
    if pioneer.suspended_at or (person is not None and person.id in {pioneer.spokesperson_id, *pioneer.kin}):
        return ""
    return f"{reverse('portal:ask')}?pioneer={pioneer.pk}"


@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what every rated order and every honour added to the index; the lines add up to it."""
    pioneer = queries.pioneer_for(cast("AskedRequest", request).person, pk)
    explained = merit.explain(pioneer)
    context = {
        "tab": "pioneers", "pioneer": pioneer, "organisation": people.organisation(pioneer.organisation),
        "account": account.shown(explained) if explained else None,
    }  # fmt: skip
    return render(request, "portal/pioneer_index.html", context)
