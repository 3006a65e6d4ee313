"""Addresses of portraits on the desk."""

from django.urls import URLPattern, path

from xianfeng.doors.desk.views import portraits

urlpatterns: list[URLPattern] = [
    path("desk/portrait/<str:kind>/<int:pk>", portraits.show, name="portrait"),
    path("desk/portrait/<str:kind>/<int:pk>/paper", portraits.take, name="portrait-paper"),
    path("desk/portraits/round/<int:pk>", portraits.of_round, name="round-portraits"),
    path("desk/portraits/batch/<int:pk>", portraits.fetch, name="portraits-fetch"),
]
