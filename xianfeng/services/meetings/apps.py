from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "xianfeng.services.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.services.meetings import events, privacy
        from xianfeng.services.meetings.states import Kind

        for kind in Kind:
            subjects.register(kind, f"meetings_{kind}")
        events.register()
        keepers.register("meetings", tell=privacy.tell, erase=privacy.erase)
