from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "xianfeng.services.mediation"
    label = "mediation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import rotation
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.services.mediation import events
        from xianfeng.services.mediation.privacy import erasing, telling
        from xianfeng.services.mediation.sealing import COLUMNS, PURPOSE
        from xianfeng.services.mediation.states import Kind

        for kind in Kind:
            subjects.register(kind, f"mediation_{kind}")
        events.register()
        keepers.register("mediation", tell=telling.tell, erase=erasing.erase)
        for table, column in COLUMNS:
            rotation.register(PURPOSE, table, column)
