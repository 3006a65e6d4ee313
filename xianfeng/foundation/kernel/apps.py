from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "xianfeng.foundation.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
