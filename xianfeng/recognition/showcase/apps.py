from django.apps import AppConfig


class ShowcaseConfig(AppConfig):
    name = "xianfeng.recognition.showcase"
    label = "showcase"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention as kernel
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.recognition.showcase import events
        from xianfeng.recognition.showcase.privacy import erasing, retention, telling
        from xianfeng.recognition.showcase.states import Kind

        for kind in Kind:
            subjects.register(kind, f"showcase_{kind}")
        events.register()
        keepers.register("showcase", tell=telling.tell, erase=erasing.erase)
        kernel.register("showcase", retention.sweep)
