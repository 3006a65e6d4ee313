"""Addresses of deputies: studios, questions, policy answers, home visits."""

from django.urls import URLPattern, path

from xianfeng.doors.portal.views import studio_keeping, studio_questions, studios

urlpatterns: list[URLPattern] = [
    path("studios", studios.show_all, name="studios"),
    path("studio/<int:pk>", studios.show, name="studio"),
    path("studio/<int:pk>/hours.ics", studios.hours, name="studio-hours"),
    path("studio/<int:pk>/ask", studio_questions.ask, name="studio-ask"),
    path("studio/<int:pk>/keep", studio_keeping.keep, name="studio-keep"),
    path("studio/<int:pk>/keep/<str:name>", studio_keeping.do, name="studio-do"),
    path("question/<int:pk>", studio_questions.show, name="question"),
    path("question/<int:pk>/<str:name>", studio_questions.move, name="question-move"),
    path("answers", studios.answers, name="answers"),
    path("me/questions", studio_questions.mine, name="my-questions"),
    path("me/visits", studio_keeping.visits, name="my-visits"),
    path("me/visits/<int:pk>/matter", studio_keeping.matter, name="visit-matter"),
]
