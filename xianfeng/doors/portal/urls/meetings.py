"""Addresses of meetings, and of proposals that are followed until they are built."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import meeting_running, meetings, proposals

urlpatterns: list[URLPattern] = [
    path("meetings", meetings.show_all, name="meetings"),
    path("meetings/new", meetings.new, name="meeting-new"),
    path("meeting/<int:pk>", meetings.show, name="meeting"),
    path("meeting/<int:pk>/minutes.pdf", meetings.minutes, name="meeting-minutes"),
    path("meeting/<int:pk>/<str:name>", meeting_running.move, name="meeting-move"),
    path("meeting-item/<int:pk>", meeting_running.item, name="meeting-item"),
    path("meeting-item/<int:pk>/<str:name>", meeting_running.item_move, name="meeting-item-move"),
    path("proposals", proposals.show_all, name="proposals"),
    path("proposals/new/<int:pk>", proposals.new, name="proposal-new"),
    path("proposal/<int:pk>", proposals.show, name="proposal"),
    path("proposal/<int:pk>/<str:name>", proposals.move, name="proposal-move"),
]
