"""Addresses of portraits."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import portraits

urlpatterns: list[URLPattern] = [
    path("pioneer/<int:pk>/portrait", portraits.show, name="portrait"),
    path("pioneer/<int:pk>/portrait.pdf", portraits.take, name="portrait-paper"),
]
