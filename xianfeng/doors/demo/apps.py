from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "xianfeng.doors.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
