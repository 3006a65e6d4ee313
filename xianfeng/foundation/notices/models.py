from django.db import models

from xianfeng.foundation.people.models import Person


class Notice(models.Model):
    """One line in a person's inbox: a code whose sentence stands in the catalogue, and references."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(max_length=60)
    about = models.CharField(max_length=24)
    params = models.JSONField(default=dict)
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "person", "code"], name="one_notice_an_event"),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_inbox"),
            models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]
