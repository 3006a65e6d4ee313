from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "xianfeng.doors.cockpit"
    label = "cockpit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.doors.cockpit import events

        events.register()
