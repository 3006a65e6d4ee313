"""The demo's door: the cast with one-tap sign-in, several phones side by side, the switch of the city's life."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xianfeng.doors.demo import lan, life_switch, seats
from xianfeng.doors.demo.cast import CastMember, cast
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.people import operations, sessions

SEATS_COOKIE = "xf_seats"  # who sits where; sessions themselves stay below each seat's path
PHONES = (2, 3)
FIRST = {"a": "resident", "b": "pioneer-electric", "c": "pioneer-electric-2"}
View = Callable[..., HttpResponse]


def in_demo(view: View) -> View:
    """Let `view` exist only while this installation is a demo."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(seen)


@dataclass(frozen=True)
class Group:
    """A part of the cast, with what its people do here."""

    code: str
    name: str
    what: str
    people: list[CastMember]


def _groups(people: list[CastMember]) -> list[Group]:
    told = {
        "resident": (_("住户"), _("说难处，等人来，打分")),
        "firm": (_("企业"), _("负责人替厂里求助、确认、打分")),
        "pioneer": (_("先锋"), _("看到附近的求助，抢单，办好，回话")),
        "stranger": (_("别的人"), _("登录了，但和这些事没关系")),
        "staff": (_("工作人员"), _("看自己范围里的事，该催的催，该派的派")),
    }
    return [
        Group(code, name, what, [one for one in people if one.group == code])
        for code, (name, what) in told.items()
    ]


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    base = select_template(["ui/base.html", "demo/bare.html"])
    return render(request, template, {"base": base, "life": life_switch.is_on(), **context})


@in_demo
@require_GET
def show_cast(request: HttpRequest) -> HttpResponse:
    """List the cast; `?as=role` puts one of them on top, as codes for phones ask."""
    people, address = cast(), lan.origin(request)
    path = reverse("demo:cast")
    phones = [
        (name, f"{address}{path}?{urlencode({'as': role})}")
        for name, role in ((_("求助的人"), FIRST["a"]), (_("先锋"), FIRST["b"]))
    ]
    return _page(
        request, "demo/cast.html", groups=_groups(people), address=address,
        chosen=next((one for one in people if one.role == request.GET.get("as") and not one.api_key), None),
        programs=[one for one in people if one.api_key],
        now=next((one for one in people if one.person_id == _signed_in(request)), None),
        phones=[(name, url, lan.code(url)) for name, url in phones],
    )  # fmt: skip


def _signed_in(request: HttpRequest) -> int:
    person = getattr(request, "person", None)
    return person.id if person else 0


def _member(request: HttpRequest) -> CastMember:
    role = request.POST.get("role", "")
    found = next((one for one in cast() if one.role == role and not one.api_key), None)
    if found is None:
        raise Http404
    return found


@in_demo
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast (in this seat, if the page is opened in one) and go to the home page."""
    one = _member(request)
    response = HttpResponseRedirect(get_script_prefix())
    _open(response, one, sessions.cookie_name(request), "/")
    return response


def _open(response: HttpResponse, one: CastMember, cookie: str, path: str) -> None:
    days = catalogue.load("people")["session"]["days"]
    token = operations.open_demo_session(one.person_id).token
    response.set_cookie(
        cookie, token, max_age=days * 86_400, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


@dataclass(frozen=True)
class Phone:
    """One of the phones side by side: its seat, who sits there, and the page it opens with."""

    seat: str
    role: str
    name: str
    url: str
    default: str


def _seated(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(request.COOKIES.get(SEATS_COOKIE, "")))


@in_demo
@require_GET
def split(request: HttpRequest) -> HttpResponse:
    """Show two phones (`?phones=3`: three) side by side, each signed in as one of the cast."""
    count = 3 if request.GET.get("phones") == "3" else 2
    people, seated = cast(), _seated(request)
    names = {one.role: one.name for one in people}
    phones = [
        Phone(seat, role, names.get(role, ""), _start(seat, role), FIRST[seat])
        for seat in seats.LETTERS[:count]
        for role in [seated.get(seat, "")]
    ]
    return _page(request, "demo/split.html", phones=phones, groups=_groups(people), count=count)


def _start(seat: str, role: str) -> str:
    """Return where a phone opens: pioneers at the needs that wait, everybody else at home."""
    return seats.prefix(seat) + ("needs" if role.startswith("pioneer") else "")


@in_demo
@require_POST
def sit(request: HttpRequest) -> HttpResponse:
    """Let one of the cast sit down in a seat; without a seat, all seats are filled as they first are."""
    seated = _seated(request)
    phones = "3" if request.POST.get("phones") == "3" else "2"
    seat = request.POST.get("seat", "")
    if seat and seat not in FIRST:
        raise Http404
    chosen = {seat: _member(request)} if seat else _first(seated, int(phones))
    response = HttpResponseRedirect(f"{reverse('demo:split')}?phones={phones}")
    for letter, one in chosen.items():
        _open(response, one, f"{sessions.COOKIE}_{letter}", seats.prefix(letter))
        seated[letter] = one.role
    response.set_cookie(
        SEATS_COOKIE, urlencode(seated), path=reverse("demo:cast"), samesite="Lax", httponly=True
    )
    return response


def _first(seated: dict[str, str], phones: int) -> dict[str, CastMember]:
    people = {one.role: one for one in cast()}
    return {
        seat: people[role]
        for seat in seats.LETTERS[:phones]
        if (role := seated.get(seat, FIRST[seat])) in people
    }


@in_demo
@require_POST
def switch_life(request: HttpRequest) -> HttpResponse:
    """Switch the city's quiet life on or off."""
    life_switch.turn(on=request.POST.get("on") == "1")
    back = "demo:split" if request.POST.get("back") == "split" else "demo:cast"
    return HttpResponseRedirect(reverse(back))
