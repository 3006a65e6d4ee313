from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xianfeng.foundation.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import retention as kernel
        from xianfeng.foundation.kernel import rotation
        from xianfeng.foundation.people import mobiles
        from xianfeng.foundation.people.privacy import erasing, keepers, retention, telling
        from xianfeng.foundation.record import subjects

        for kind in ("person", "organisation", "firm", "pioneer"):
            subjects.register(kind, f"people_{kind}")
        keepers.register("people", tell=telling.tell_person, erase=erasing.erase_person)
        kernel.register("people", retention.sweep)
        rotation.register(
            "mobile", "people_person", "mobile_sealed", found_by="mobile_hash", rehash=mobiles.rehashed
        )
