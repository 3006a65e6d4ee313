"""代表、委员 on the desk: constituencies are drawn, studios opened and closed, answers on policy looked at."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.views.access import StaffRequest, city_staff, page
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.foundation.kernel.refusals import Refusal, Refused, status
from xianfeng.foundation.people import posts, roles
from xianfeng.foundation.people.models import Post
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.services.studios import numbers, queries
from xianfeng.services.studios.models import Constituency, Studio
from xianfeng.services.studios.operations import keeping, policies
from xianfeng.services.studios.operations.keeping import Opening

MOST = 100


@require_safe
@city_staff
def deputies(request: StaffRequest) -> HttpResponse:
    """Show what waits to be looked at, the studios, the constituencies, and the forms for both."""
    return _page(request)


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    language = get_language() or ""
    context = {
        "tab": "deputies", "typed": request.POST, "key": new_key(),
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
        "waiting": list(queries.policies_to_judge(request.reach.roots)[:MOST]),
        "studios": _studios(language),
        "drawn": [(row, _named(row, language)) for row in queries.constituencies()[:MOST]],
        "posts": _posts(language), "sectors": numbers.sectors(language).items(), "limits": numbers.table("studio"),
        "reason_length": numbers.table("policy")["reason_length"],
    }  # fmt: skip
    return page(request, "desk/deputies.html", context, status=status(refusal.code) if refusal else 200)


def _studios(language: str) -> list[tuple[Studio, str, str]]:
    """Return the studios, each with its keeper's role and its sector in words."""
    rows, sectors = queries.studios().order_by("name", "id")[:MOST], numbers.sectors(language)
    return [(row, roles.name(row.post.role, language), sectors.get(row.sector, "")) for row in rows]


def _named(row: Constituency, language: str) -> str:
    return "、".join(places.name(tree.find(area.pk), language) for area in row.areas.all())


def _posts(language: str) -> list[tuple[int, str]]:
    """Return the posts that may keep a studio and keep none yet: id, and who as what where; one statement."""
    kept = Studio.objects.filter(closed_at=None).values("post")
    rows = (
        posts.live()
        .filter(role__in=numbers.keepers(), deputy=False)
        .exclude(pk__in=kept)
        .order_by("area", "id")
    )
    return [(row.pk, " · ".join(_told(row, language))) for row in rows[:MOST]]


def _told(row: Post, language: str) -> list[str]:
    return [row.person.name, roles.name(row.role, language), places.name(tree.find(row.area_id), language)]


def _done(request: StaffRequest, act: Callable[[], object]) -> HttpResponse:
    refusal = attempt(request, act)
    return _page(request, refusal) if refusal else flash.say(redirect("desk:deputies"), "saved")


@require_POST
@city_staff
def draw(request: StaffRequest) -> HttpResponse:
    """Draw a constituency from the codes or names of its areas."""
    typed = request.POST
    return _done(
        request,
        lambda: keeping.draw(typed.get("name", ""), _areas(typed.get("areas", "")), by=request.person),
    )


def _areas(text: str) -> list[int]:
    """Return the areas that are named, each by its code or its whole name. Raises Refused 'area-unknown'."""
    known = tree.current()
    by_name = {area.name: area for area in known.by_id.values() if area.active}
    found = []
    for word in text.replace("，", " ").replace("、", " ").replace(",", " ").split():
        area = known.by_code.get(word) or by_name.get(word)
        if area is None:
            raise Refused("area-unknown", field="areas")
        found.append(area.pk)
    return found


@require_POST
@city_staff
def open_one(request: StaffRequest) -> HttpResponse:
    """Open the studio of a post."""
    typed = request.POST

    def act() -> object:
        drawn = typed.get("constituency", "")
        given = Opening(
            _number(typed.get("post", ""), "post"), typed.get("name", ""), typed.get("intro", ""),
            _number(drawn, "constituency") if drawn else None, typed.get("sector", ""),
        )  # fmt: skip
        return keeping.open_studio(given, by=request.person)

    return _done(request, act)


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused("number-unread", field=field)
    return int(text)


@require_POST
@city_staff
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a studio."""
    return _done(request, lambda: keeping.close_studio(pk, by=request.person))


@require_POST
@city_staff
def judge(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Publish an answer on policy, or not."""
    reason = request.POST.get("reason", "")
    return _done(request, lambda: policies.judge(pk, name, by=request.person, reason=reason))
