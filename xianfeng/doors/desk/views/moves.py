"""The moves staff make. Each: read the form, one operation, go on to the next row."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from xianfeng.doors.desk.queries.matters import matter_in
from xianfeng.doors.desk.views import matter as pages
from xianfeng.doors.desk.views.access import StaffRequest, staff
from xianfeng.doors.desk.views.attempt import attempt
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.ui import flash
from xianfeng.matters.operations import rating
from xianfeng.matters.operations import staff as operations

Move = Callable[[StaffRequest, str], object]


def _assign(request: StaffRequest, number: str) -> object:
    pioneer = request.POST.get("pioneer", "")
    if not (pioneer.isascii() and pioneer.isdigit() and len(pioneer) < 19):
        raise Missing
    return operations.assign(number, int(pioneer), by=request.person)


def _reason(request: StaffRequest) -> str:
    """Return the words typed, or those of the usual reason that was tapped."""
    return request.POST.get("words", "").strip() or request.POST.get("reason", "")


MOVES: dict[str, tuple[Move, str]] = {
    "file": (lambda request, number: operations.file_matter(number, by=request.person), "filed"),
    "decline": (
        lambda request, number: operations.decline(number, by=request.person, reason=_reason(request)),
        "declined",
    ),
    "merge": (
        lambda request, number: operations.merge(
            number, request.POST.get("survivor", "").strip(), by=request.person
        ),
        "merged",
    ),
    "assign": (_assign, "assigned"),
    "extend": (
        lambda request, number: operations.extend(number, by=request.person, reason=_reason(request)),
        "extended",
    ),
    "verify": (
        lambda request, number: rating.verify_benefit(number, by=request.person, verified=True),
        "benefit-verified",
    ),
    "unprove": (
        lambda request, number: rating.verify_benefit(
            number, by=request.person, verified=False, reason=_reason(request)
        ),
        "benefit-refused",
    ),
}


@require_POST
@staff
def move(request: StaffRequest, number: str, name: str) -> HttpResponse:
    """Make one move with a matter within reach; a refusal is shown on its page."""
    if name not in MOVES:
        raise Missing
    matter_in(request.reach, number)
    act, said = MOVES[name]
    refusal = attempt(request, lambda: act(request, number))
    if refusal:
        return pages.show(request, number, refusal)
    return flash.say(pages.back(request, number), said)
