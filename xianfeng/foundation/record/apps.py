from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "xianfeng.foundation.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention as kernel
        from xianfeng.foundation.record import retention

        kernel.register("record", retention.sweep)
