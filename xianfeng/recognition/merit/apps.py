from django.apps import AppConfig


class MeritConfig(AppConfig):
    name = "xianfeng.recognition.merit"
    label = "merit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.recognition.merit import events, privacy

        events.register()
        keepers.register("merit", tell=privacy.tell, erase=privacy.erase)
