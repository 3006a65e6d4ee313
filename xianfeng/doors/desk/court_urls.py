"""Addresses of the desk's mediation: cases of the area, and who leads them."""

from django.urls import URLPattern, path

from xianfeng.doors.desk.views import court

urlpatterns: list[URLPattern] = [
    path("desk/court", court.cases, name="court"),
    path("desk/court/<str:number>", court.case, name="court-case"),
    path("desk/court/<str:number>/appoint", court.appoint, name="court-appoint"),
    path("desk/court/<str:number>/decline", court.decline, name="court-decline"),
]
