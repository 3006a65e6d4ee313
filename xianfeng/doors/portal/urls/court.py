"""Addresses of the shared court: cases, dates, agreements, lessons."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import court, court_lessons, court_moves

urlpatterns: list[URLPattern] = [
    path("court", court.mine, name="court"),
    path("court/new", court.new, name="case-new"),
    path("court/check", court_lessons.check, name="agreement-check"),
    path("court/dates.ics", court.dates, name="court-dates"),
    path("court/calendar/<str:ticket>.ics", court.subscribed, name="court-calendar"),
    path("court/lessons", court_lessons.lessons, name="lessons"),
    path("court/lessons/<int:pk>", court_lessons.lesson, name="lesson"),
    path("court/lessons/<int:pk>/edit", court_lessons.edit, name="lesson-edit"),
    path("court/lessons/<int:pk>/lecture", court_lessons.lecture, name="lesson-lecture"),
    path("court/lectures/<int:pk>/attend", court_lessons.attend, name="lecture-attend"),
    path("court/lectures/<int:pk>/held", court_lessons.held, name="lecture-held"),
    path("court/duty/<int:pk>/<str:name>", court_moves.duty, name="duty-move"),
    path("court/hearing/<int:pk>/<str:name>", court_moves.hearing, name="hearing-move"),
    path("court/<str:number>", court.case, name="case"),
    path("court/<str:number>/agreement", court.agreement, name="case-agreement"),
    path("court/<str:number>/agreement.pdf", court.paper, name="case-paper"),
    path("court/<str:number>/lesson", court_lessons.begin, name="case-lesson"),
    path("court/<str:number>/<str:name>", court_moves.move, name="case-move"),
]
