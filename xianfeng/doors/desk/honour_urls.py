"""Addresses of the desk's honours: rounds, what was given, titles."""

from django.urls import URLPattern, path

from xianfeng.doors.desk.views import honour_moves, honour_people, honours

urlpatterns: list[URLPattern] = [
    path("desk/honours", honours.honours, name="honours"),
    path("desk/honours/new", honours.new, name="round-new"),
    path("desk/honours/given", honour_moves.given, name="honours-given"),
    path("desk/honours/given/<int:pk>/revoke", honour_moves.revoke, name="honour-revoke"),
    path("desk/honours/titles", honour_moves.catalogue, name="honour-titles"),
    path("desk/honours/month", honour_people.month, name="honour-month"),
    path("desk/honours/month/confirm", honour_people.confirm, name="honour-month-confirm"),
    path("desk/honours/pool", honour_people.pool, name="honour-pool"),
    path("desk/honours/<int:pk>", honours.about_round, name="round"),
    path("desk/honours/<int:pk>/change", honours.change, name="round-change"),
    path("desk/honours/<int:pk>/candidates", honours.candidates, name="round-candidates"),
    path("desk/honours/<int:pk>/<str:name>", honour_moves.move, name="round-move"),
]
