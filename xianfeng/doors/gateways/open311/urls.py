"""Addresses of Open311. The format is the suffix; everything else below /open311 is answered as not there."""

from django.urls import URLPattern, re_path

from xianfeng.doors.gateways.open311 import views

_V2, _ENDING = r"^open311/v2/", r"\.(?P<ending>xml|json)$"

urlpatterns: list[URLPattern] = [
    re_path(rf"^open311/(?:v2/)?discovery{_ENDING}", views.discovery, name="open311-discovery"),
    re_path(rf"{_V2}services{_ENDING}", views.services, name="open311-services"),
    re_path(rf"{_V2}services/(?P<code>[^/]+){_ENDING}", views.definition, name="open311-definition"),
    re_path(rf"{_V2}requests{_ENDING}", views.requests, name="open311-requests"),
    re_path(rf"{_V2}requests/(?P<number>[^/]+){_ENDING}", views.request_of, name="open311-request"),
    re_path(rf"{_V2}tokens/(?P<token>[^/]+){_ENDING}", views.token, name="open311-token"),
    re_path(rf"{_V2}servicerequestupdates{_ENDING}", views.request_updates, name="open311-updates"),
    re_path(r"^open311(?:/.*)?$", views.nothing, name="open311-nothing"),
]
