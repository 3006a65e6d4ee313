from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "xianfeng.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.kernel import catalogue, rotation
        from xianfeng.foundation.kernel import retention as kernel
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.matters import events, search
        from xianfeng.matters.privacy import erasing, retention, telling
        from xianfeng.matters.systems import known

        subjects.register("matter", "matters_matter")
        subjects.register("system", "matters_system")
        catalogue.extend("skills", known.categories)
        catalogue.extend("roles", known.roles)
        events.register()
        keepers.register("matters", tell=telling.tell, erase=erasing.erase)
        keepers.register("matters.search", tell=search.tell, erase=search.erase)
        kernel.register("matters", retention.sweep)
        rotation.register("address", "matters_matter", "address_sealed")
        rotation.register("contact", "matters_particulars", "contact_sealed")
        rotation.register("contact", "matters_outside_update", "contact_sealed")
