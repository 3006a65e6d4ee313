from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "xianfeng.doors.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.doors.desk import privacy
        from xianfeng.doors.desk.importing import keeping, reports
        from xianfeng.foundation.kernel import retention, rotation
        from xianfeng.foundation.people.privacy import keepers

        keepers.register("desk", tell=privacy.tell, erase=privacy.erase)
        retention.register("desk", keeping.sweep)
        for column in keeping.SEALED:
            rotation.register(reports.PURPOSE, "desk_people_list", column)
