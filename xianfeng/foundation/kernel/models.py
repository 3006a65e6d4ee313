from django.db import models


class Idempotency(models.Model):
    """One idempotency key and the subject that came of its request."""

    owner = models.CharField(max_length=80)
    value = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_idempotency"
        constraints = [models.UniqueConstraint(fields=["owner", "value"], name="one_row_a_key")]
