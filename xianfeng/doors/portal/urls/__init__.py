"""The portal's addresses: those of needs, and those of people."""

from django.urls import URLPattern, URLResolver

from xianfeng.doors.portal.urls import court, honours, meetings, needs, people, portraits, showcase, studios

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    *needs.urlpatterns,
    *people.urlpatterns,
    *showcase.urlpatterns,
    *honours.urlpatterns,
    *portraits.urlpatterns,
    *court.urlpatterns,
    *studios.urlpatterns,
    *meetings.urlpatterns,
]
