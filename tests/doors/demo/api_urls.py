"""The addresses of the API as they are where XIANFENG_DEMO=1."""

from django.urls import path

from xianfeng.config.api import build

urlpatterns = [path("api/v1/", build(demo_too=True).urls)]
