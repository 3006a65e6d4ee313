from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "xianfeng.foundation.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention

        retention.register("idempotency keys", retention.sweep_keys)
