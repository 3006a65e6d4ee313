"""Addresses of honours: rounds, who was honoured, declaring, reviewing, objecting, checking a certificate."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import honour_file, honours

urlpatterns: list[URLPattern] = [
    path("honours", honours.honours, name="honours"),
    path("honours/round/<int:pk>", honours.about_round, name="honour-round"),
    path("honours/round/<int:pk>/declare", honour_file.declare, name="honour-declare"),
    path("honours/candidacy/<int:pk>/withdraw", honour_file.withdraw, name="honour-withdraw"),
    path("honours/candidacy/<int:pk>/object", honours.object_to, name="honour-object"),
    path("honours/review/<int:pk>", honours.review, name="honour-review"),
    path("honours/candidacy/<int:pk>/score", honours.score, name="honour-score"),
    path("honours/check", honours.check, name="honour-check"),
    path("honours/paper/<str:code>", honours.paper, name="honour-paper"),
    path("me/file/<int:pk>", honour_file.mine, name="honour-file"),
    path("me/file/<int:pk>/deed", honour_file.deed, name="honour-deed"),
    path("me/file/<int:pk>/need", honour_file.need, name="honour-need"),
    path("me/file/<int:pk>/achievement", honour_file.achievement, name="honour-achievement"),
    path("me/file/<int:pk>/document", honour_file.document, name="honour-document"),
    path("me/file/item/<int:pk>/remove", honour_file.remove, name="honour-item-remove"),
]
