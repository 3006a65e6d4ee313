"""Who may open the desk: staff within their reach. Visitors sign in; for everybody else there is no desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xianfeng.doors.desk.queries.queue import standing
from xianfeng.doors.desk.queries.reach import Reach, reach_of
from xianfeng.foundation.kernel.refusals import Missing
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui.preferences import PreferredRequest
from xianfeng.foundation.ui.refusals import came_from

P = ParamSpec("P")


class SignedRequest(PreferredRequest):
    """A request of somebody who signed in."""

    person: Person
    seat: str


class StaffRequest(SignedRequest):
    """A request of staff: `reach` is how far they see."""

    reach: Reach


def signed_in(
    view: Callable[Concatenate[SignedRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let `view` serve who signed in; lead everybody else to the sign-in page, with the way back."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "person", None) is None:
            return _to_sign_in(request)
        return view(cast("SignedRequest", request), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", never_cache(seen))


def staff(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let `view` serve staff, their reach on the request; others who signed in find nothing here."""

    @wraps(view)
    def seen(request: SignedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        reach = reach_of(request.person)
        if reach is None:
            raise Missing
        asked = cast("StaffRequest", request)
        asked.reach = reach
        return view(asked, *args, **kwargs)

    return signed_in(seen)


def city_staff(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let `view` serve staff of the city alone."""

    @wraps(view)
    def seen(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.reach.city:
            raise Missing
        return view(request, *args, **kwargs)

    return staff(seen)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from(request)
    address = f"{reverse('portal:sign-in')}?{urlencode({'next': here})}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def page(request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page of the desk, with the margin: what waits, and whose staff asks (one statement)."""
    given = {"desk": standing(request.reach), "city_staff": request.reach.city, **context}
    return render(request, template, given, status=status)
