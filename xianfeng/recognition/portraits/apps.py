from django.apps import AppConfig


class PortraitsConfig(AppConfig):
    name = "xianfeng.recognition.portraits"
    label = "portraits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.recognition.portraits import privacy

        keepers.register("portraits", tell=privacy.tell, erase=privacy.erase)
