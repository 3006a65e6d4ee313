from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "xianfeng.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.record import subjects
        from xianfeng.matters import events

        subjects.register("matter", "matters_matter")
        events.register()
