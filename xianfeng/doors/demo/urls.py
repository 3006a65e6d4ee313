from django.urls import URLPattern, URLResolver, path

from xianfeng.doors.demo import views

app_name = "demo"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.show_cast, name="cast"),
    path("/enter", views.enter, name="enter"),
    path("/split", views.split, name="split"),
    path("/seat", views.sit, name="seat"),
    path("/life", views.switch_life, name="life"),
]
