"""Keeping a studio: what it is for, office hours, answers on policy, home visits."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.portal.forms import moments
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.people import posts
from xianfeng.foundation.people.models import Post
from xianfeng.foundation.ui import flash
from xianfeng.services.studios import numbers, queries
from xianfeng.services.studios.models import Studio
from xianfeng.services.studios.operations import keeping, policies, visiting
from xianfeng.services.studios.operations.keeping import Sitting
from xianfeng.services.studios.operations.visiting import Called

MOST = 20
OFFICIALS = ("village-official", "community-secretary", "first-secretary", "deputy-secretary")


def _own(request: SignedRequest, pk: int) -> Studio:
    found = next((one for one in queries.kept_by(request.person) if one.pk == pk), None)
    if found is None:
        raise Missing
    return found


@require_safe
@signed_in
def keep(request: SignedRequest, pk: int) -> HttpResponse:
    """Show everything its keeper does with a studio."""
    return _page(request, _own(request, pk))


def _page(request: SignedRequest, row: Studio, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "tab": "me", "row": row, "typed": request.POST,
        "hours": [one for one in queries.hours_of(row) if not one.withdrawn_at],
        "policies": list(row.policies.exclude(state="withdrawn").order_by("-submitted_at", "-id")[:MOST]),
        "officials": [(one, one.person.name) for one in _officials(row)],
        "numbers": {name: numbers.table(name) for name in ("studio", "hours", "policy", "visit")},
    }  # fmt: skip
    return page(request, "portal/studios/keep.html", context, refusal)


def _officials(row: Studio) -> list[Post]:
    """Return the officials of the villages within where the studio's post stands; one statement."""
    rows = posts.live().filter(role__in=OFFICIALS, area__path__contains=[row.post.area_id], deputy=False)
    return list(rows.order_by("area", "id")[:MOST])


@require_POST
@signed_in
def do(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Describe the studio, set or drop hours, write or take back an answer on policy, note a visit."""
    row = _own(request, pk)
    act = _acts(request, row).get(name)
    if act is None:
        raise Missing
    refusal = tried(request, act)
    return _page(request, row, refusal) if refusal else flash.say(redirect("portal:studio-keep", pk), "saved")


def _acts(request: SignedRequest, row: Studio) -> dict[str, Callable[[], object]]:
    by, typed, pk = request.person, request.POST, row.pk
    return {
        "describe": lambda: keeping.describe(pk, typed.get("intro", ""), by=by),
        "hours": lambda: keeping.set_hours(pk, _sitting(request), by=by),
        "drop-hours": lambda: keeping.drop_hours(moments.whole(typed.get("hours", ""), field="hours"), by=by),
        "policy": lambda: policies.submit(pk, typed.get("question", ""), typed.get("answer", ""), by=by),
        "drop-policy": lambda: policies.withdraw(
            moments.whole(typed.get("policy", ""), field="policy"), by=by
        ),
        "visit": lambda: visiting.note_visit(pk, _called(request, row), by=by),
    }


def _sitting(request: SignedRequest) -> Sitting:
    typed = request.POST
    until = moments.day(typed.get("until", ""), field="until")
    return Sitting(
        moments.moment(typed.get("starts_at", ""), field="starts_at"),
        moments.whole(typed.get("minutes", ""), field="minutes"),
        typed.get("place", ""), weekly=until is not None, until=until,
    )  # fmt: skip


def _called(request: SignedRequest, row: Studio) -> Called:
    typed = request.POST
    return Called(
        row.post.area_id, moments.moment(typed.get("visited_at", ""), field="visited_at"), typed.get("household", ""),
        typed.get("notes", ""), moments.ids(typed.getlist("posts")),
    )  # fmt: skip


@require_safe
@signed_in
def visits(request: SignedRequest) -> HttpResponse:
    """List the home visits the reader made or came along to."""
    return _visits(request)


def _visits(request: SignedRequest, refusal: Refusal | None = None) -> HttpResponse:
    rows = [
        (row, queries.household(row), [one.name for one in row.companions.all()], list(row.matters.all()))
        for row in queries.visits_of(request.person)[:MOST]
    ]
    context = {"tab": "me", "rows": rows, "kept": queries.kept_by(request.person), "typed": request.POST}
    return page(request, "portal/studios/visits.html", context, refusal)


@require_POST
@signed_in
def matter(request: SignedRequest, pk: int) -> HttpResponse:
    """Raise what a visit found, so that it is seen to."""
    typed = request.POST
    refusal = tried(
        request,
        lambda: visiting.raise_from(pk, typed.get("title", ""), typed.get("text", ""), by=request.person),
    )
    return _visits(request, refusal) if refusal else flash.say(redirect("portal:my-visits"), "raised")
