"""Addresses of the desk for deputies and their studios, and for meetings and teams."""

from django.urls import URLPattern, path

from xianfeng.doors.desk.views import deputies, meetings

urlpatterns: list[URLPattern] = [
    path("desk/deputies", deputies.deputies, name="deputies"),
    path("desk/deputies/draw", deputies.draw, name="deputies-draw"),
    path("desk/deputies/open", deputies.open_one, name="deputies-open"),
    path("desk/deputies/studio/<int:pk>/close", deputies.close, name="deputies-close"),
    path("desk/deputies/policy/<int:pk>/<str:name>", deputies.judge, name="deputies-judge"),
    path("desk/meetings", meetings.meetings, name="meetings"),
    path("desk/meetings/team", meetings.form_team, name="team-form"),
    path("desk/meetings/team/<int:pk>/seat", meetings.seat, name="team-seat"),
    path("desk/meetings/team/<int:pk>/leave/<int:person>", meetings.leave, name="team-leave"),
    path("desk/meetings/team/<int:pk>/dissolve", meetings.dissolve, name="team-dissolve"),
]
