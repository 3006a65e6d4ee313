"""All addresses of the house, as they are where XIANFENG_DEMO=1."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import include, path, reverse

from xianfeng.config.urls import urlpatterns as house


def who(request: HttpRequest) -> HttpResponse:
    """Tell what a page in a seat sees; a POST answers the same, so that CSRF is tried."""
    person = getattr(request, "person", None)
    seen = {
        "person": person.id if person else None, "here": request.path, "link": reverse("demo:cast"),
        "seat": getattr(request, "seat", ""), "token": get_token(request),
    }  # fmt: skip
    return JsonResponse(seen)


urlpatterns = [path("demo", include("xianfeng.doors.demo.urls")), path("who", who), *house]
