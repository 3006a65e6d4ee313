from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    name = "xianfeng.doors.gateways"
    label = "gateways"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.doors.gateways.open311 import answers
        from xianfeng.foundation.ui import refusals

        refusals.register_teller("/open311", answers.refused)
