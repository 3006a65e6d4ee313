from django.urls import URLPattern, path

from xianfeng.doors.portal.views import about, directory, inbox, me, menu, own, pioneer, place, signing

urlpatterns: list[URLPattern] = [
    path("pioneers", directory.pioneers, name="pioneers"),
    path("month", directory.month, name="month"),
    path("pioneer/<int:pk>", pioneer.show, name="pioneer"),
    path("pioneer/<int:pk>/index", pioneer.index, name="pioneer-index"),
    path("menu", menu.show, name="menu"),
    path("menu/new", menu.new, name="offer-new"),
    path("menu/<int:pk>/withdraw", menu.withdraw, name="offer-withdraw"),
    path("me", me.show, name="me"),
    path("me/needs", me.needs, name="my-needs"),
    path("me/jobs", me.jobs, name="my-jobs"),
    path("me/inbox", inbox.show, name="inbox"),
    path("me/inbox/read", inbox.read, name="inbox-read"),
    path("me/inbox/<int:pk>", inbox.follow, name="inbox-open"),
    path("me/profile", me.profile, name="profile"),
    path("me/sessions", me.sessions, name="sessions"),
    path("me/data", own.data, name="my-data"),
    path("me/data.json", own.data_file, name="my-data-file"),
    path("me/looks", own.looks, name="looks"),
    path("me/erase", own.erase, name="erase"),
    path("place", place.place, name="place"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-in/code", signing.code, name="sign-in-code"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("privacy", about.privacy, name="privacy"),
    path("about", about.about, name="about"),
]
