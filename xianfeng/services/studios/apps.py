from django.apps import AppConfig


class StudiosConfig(AppConfig):
    name = "xianfeng.services.studios"
    label = "studios"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention, rotation
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.services.studios import events, privacy
        from xianfeng.services.studios.operations.visiting import PURPOSE

        for kind in ("question", "policy", "studio", "constituency"):
            subjects.register(kind, f"studios_{kind}")
        rotation.register(PURPOSE, "studios_visit", "household_sealed")
        events.register()
        keepers.register("studios", tell=privacy.tell, erase=privacy.erase)
        retention.register("studios", privacy.sweep)
