"""Where the reader is, and how they say so: an area chosen step by step, or the phone's position."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xianfeng.doors.portal.views.access import AskedRequest
from xianfeng.foundation.kernel.refusals import Missing, Refused, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.places import city, datum, locate, tree
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.preferences import way_back
from xianfeng.foundation.ui.refusals import told

COOKIE = "xf_place"
_YEAR = 365 * 86_400
_SALT = "xianfeng:place"


@dataclass(frozen=True)
class Where:
    """Where the reader is: WGS-84 degrees and the area; `known` is False where the city's middle stands in."""

    lat: float
    lon: float
    area: Area
    known: bool

    @property
    def name(self) -> str:
        """Return the area's own name in the reader's language."""
        return places.name(self.area, get_language() or "")


def where(request: HttpRequest) -> Where:
    """Return where the reader said they are: stored with the person, else in the cookie, else the city's middle.

    Asks no statement of its own while the tree of areas is fresh.
    """
    asked = cast("AskedRequest", request)
    return _of_person(asked) or _of_cookie(asked) or _middle()


def _of_person(request: AskedRequest) -> Where | None:
    person = request.person
    if person is None or person.area_id is None:
        return None
    return _at(tree.find(person.area_id), person.lat, person.lon)


def _of_cookie(request: AskedRequest) -> Where | None:
    try:
        code, lat, lon = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
        return _at(places.by_code(code), lat, lon)
    except (signing.BadSignature, Missing, ValueError, TypeError):
        return None


def _at(area: Area, lat: float | None, lon: float | None) -> Where:
    """Return the point that was given, else the area's own, else the city's."""
    if lat is None or lon is None:
        lat, lon = area.lat, area.lon
    if lat is None or lon is None:
        lat, lon = city.served().lat, city.served().lon
    return Where(lat, lon, area, known=True)


def _middle() -> Where:
    middle = city.served()
    return Where(middle.lat, middle.lon, places.root(), known=False)


@dataclass(frozen=True)
class Step:
    """One area of the picker, in the reader's language; `more` names where it lies."""

    code: str
    name: str
    more: str = ""


def _step(area: Area) -> Step:
    return Step(area.code, places.name(area, get_language() or ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Show the area picker, one step a page (`?area=code`, or `?q=` to look for a name); POST keeps the choice."""
    return _keep(cast("AskedRequest", request)) if request.method == "POST" else _picker(request)


def _picker(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    here = _asked_area(request)
    line = [_step(area) for area in (*places.ancestors(here), here)]
    words, back = request.GET.get("q", "").strip()[:60], way_back(request)
    context = {
        "tab": "home", "line": line, "here_area": line[-1], "below": [_step(one) for one in places.children(here)],
        "base": f"{reverse('portal:place')}?{urlencode({'next': back})}&", "save": reverse("portal:place"),
        "next": back, "words": words, "now": where(request), "found": _found(words),
        "errors": {"": told(refused.refusal)} if refused else {},
    }  # fmt: skip
    return render(
        request, "portal/place.html", context, status=status(refused.refusal.code) if refused else 200
    )


def _asked_area(request: HttpRequest) -> Area:
    try:
        return places.by_code(request.GET.get("area", "")) if request.GET.get("area") else places.root()
    except Missing:
        return places.root()


def _found(words: str) -> list[Step]:
    language = get_language() or ""
    return [
        Step(area.code, places.name(area, language), places.full_name(area, language))
        for area in (places.search(words) if words else [])
    ]


def _keep(request: AskedRequest) -> HttpResponse:
    try:
        area, lat, lon = _chosen(request)
    except Refused as refused:
        return _picker(request, refused)
    response = flash.say(HttpResponseRedirect(way_back(request)), "place-set")
    if request.person:
        people.change_profile(by=request.person, area_id=area.pk, lat=lat, lon=lon)
    kept = signing.dumps([area.code, lat, lon], salt=_SALT)
    response.set_cookie(COOKIE, kept, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response


def _chosen(request: AskedRequest) -> tuple[Area, float, float]:
    """Return the area and the point that were sent: a position (coarsened to about 100 m), or an area's code."""
    if code := request.POST.get("area", ""):
        try:
            found = _at(places.by_code(code), None, None)
        except Missing:
            raise Refused("area-unknown", field="area") from None
        return found.area, found.lat, found.lon
    given = request.POST.get("lat", ""), request.POST.get("lon", "")
    lat, lon = datum.to_wgs84(given[0], given[1], request.POST.get("datum", "wgs84"))  # type: ignore[arg-type]
    lat, lon = round(lat, 3), round(lon, 3)
    return locate.locate(lat, lon).area, lat, lon
