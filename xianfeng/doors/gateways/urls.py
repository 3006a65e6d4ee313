"""Addresses of the outside protocols, each in its own folder."""

from django.urls import URLPattern

from xianfeng.doors.gateways.open311 import urls as open311

app_name = "gateways"
urlpatterns: list[URLPattern] = [*open311.urlpatterns]
