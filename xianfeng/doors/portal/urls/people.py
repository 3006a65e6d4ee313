from django.urls import URLPattern, path

from xianfeng.doors.portal.views import about, place, signing

urlpatterns: list[URLPattern] = [
    path("place", place.place, name="place"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-in/code", signing.code, name="sign-in-code"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("privacy", about.privacy, name="privacy"),
    path("about", about.about, name="about"),
]
