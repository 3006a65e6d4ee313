from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "xianfeng.doors.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
