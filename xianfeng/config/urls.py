"""Every address of the house. Rooms bring their own; config only puts them together."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from xianfeng.config import api

urlpatterns: list[URLPattern | URLResolver] = [
    *api.urls(),  # first: each address is tried in turn, and these are asked for most
    path("", include("xianfeng.doors.portal.urls")),
    path("", include("xianfeng.doors.desk.urls")),
    path("", include("xianfeng.doors.cockpit.urls")),
    path("", include("xianfeng.doors.gateways.urls")),
    path("", include("xianfeng.foundation.ui.urls")),
    *([path("demo", include("xianfeng.doors.demo.urls"))] if settings.DEMO else []),
]

handler500 = "xianfeng.foundation.ui.refusals.fault"
