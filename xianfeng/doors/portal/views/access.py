"""Who may open a page: what needs a sign-in leads there, and back again."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui.preferences import PreferredRequest
from xianfeng.foundation.ui.refusals import came_from

P = ParamSpec("P")


class AskedRequest(PreferredRequest):
    """A request of anybody: `person` may be None."""

    seat: str


class SignedRequest(AskedRequest):
    """A request of somebody who signed in."""

    person: Person


def signed_in(
    view: Callable[Concatenate[SignedRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let `view` serve who signed in; lead everybody else to the sign-in page, with the way back."""

    @wraps(view)
    def seen(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "person", None) is None:
            return to_sign_in(request)
        return view(cast("SignedRequest", request), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(seen))


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the redirect to the sign-in page; after it the reader is where they were."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from(request)
    address = f"{reverse('portal:sign-in')}?{urlencode({'next': here})}"
    if "HX-Request" in request.headers:  # htmx would put the sign-in page into the partial's place
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
