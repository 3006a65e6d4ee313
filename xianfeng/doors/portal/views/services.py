"""能办的事: every service one may ask for, by system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown import offered


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List what one may ask for."""
    return render(request, "portal/services.html", {"tab": "home", "groups": offered.groups()})
