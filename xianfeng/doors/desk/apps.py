from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "xianfeng.doors.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.doors.desk import privacy
        from xianfeng.foundation.people.privacy import keepers

        keepers.register("desk", tell=privacy.tell, erase=privacy.erase)
