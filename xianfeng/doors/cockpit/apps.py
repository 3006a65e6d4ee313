from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "xianfeng.doors.cockpit"
    label = "cockpit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.doors.cockpit import events, privacy
        from xianfeng.foundation.people.privacy import keepers

        events.register()
        keepers.register("cockpit", tell=privacy.tell, erase=privacy.erase)
