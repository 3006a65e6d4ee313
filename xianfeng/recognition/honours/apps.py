from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "xianfeng.recognition.honours"
    label = "honours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xianfeng.foundation.people.privacy import keepers
        from xianfeng.foundation.record import subjects
        from xianfeng.recognition.honours import events, privacy

        for kind, table in SUBJECTS.items():
            subjects.register(kind, table)
        events.register()
        keepers.register("honours", tell=privacy.tell, erase=privacy.erase)


SUBJECTS = {
    "dossier": "honours_dossier", "round": "honours_round", "candidacy": "honours_candidacy",
    "honour": "honours_honour", "pick": "honours_pick", "nurturing": "honours_nurturing",
    "grading": "honours_grade_review",
}  # fmt: skip
