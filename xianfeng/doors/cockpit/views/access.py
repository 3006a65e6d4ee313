"""Who opens which board: the address names it, the scope decides. What is foreign and what is missing read alike."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from xianfeng.doors.cockpit.filters import Filters
from xianfeng.doors.cockpit.scope import addressed
from xianfeng.doors.cockpit.shown.addresses import Address
from xianfeng.foundation.ui.preferences import PreferredRequest

P = ParamSpec("P")


class BoardRequest(PreferredRequest):
    """A request within one board: `at` says whose it is and what its filters are."""

    at: Address


def within(
    view: Callable[Concatenate[BoardRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, str, str, P], HttpResponseBase]:
    """Let `view` serve the board that `kind` and `code` name, if the reader may open it."""

    @wraps(view)
    def seen(
        request: HttpRequest, /, kind: str, code: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        asked = cast("BoardRequest", request)
        asked.at = Address(
            addressed(getattr(request, "person", None), kind, code), Filters.parsed(request.GET)
        )
        return view(asked, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, str, str, P], HttpResponseBase]", never_cache(seen))
