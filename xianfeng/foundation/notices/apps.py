from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "xianfeng.foundation.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention
        from xianfeng.foundation.notices import privacy
        from xianfeng.foundation.people.privacy import keepers

        keepers.register("notices", tell=privacy.tell, erase=privacy.erase)
        retention.register("notices", privacy.sweep)
