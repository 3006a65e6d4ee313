from django.urls import URLPattern, URLResolver, path

from xianfeng.foundation.ui import preferences

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences", preferences.remember, name="preferences"),
]
