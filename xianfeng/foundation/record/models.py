"""The record (append-only), the outbox with its deliveries, and the announcements to streams."""

from django.db import models


class Chained(models.Model):
    """What a subject of the record carries on its own row: the chain's head and length."""

    record_head = models.BinaryField(default=b"")
    record_length = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Entry(models.Model):
    """One thing that was done to one subject, by one actor. `old` and `new` are kept byte for byte."""

    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    position = models.IntegerField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    old = models.TextField()
    new = models.TextField()
    hash = models.BinaryField()

    class Meta:
        db_table = "record_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "position"], name="one_entry_a_position"
            )
        ]


class Outbox(models.Model):
    """What has happened and must be told; `entry` facts are repeated so that consumers need no join."""

    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    position = models.IntegerField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField()
    old = models.TextField()
    new = models.TextField()
    dispatched = models.BooleanField(default=False)

    class Meta:
        db_table = "record_outbox"
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(dispatched=False)),
            models.Index(fields=["at"], name="outbox_at"),
        ]


class Delivery(models.Model):
    """One outbox row for one consumer: tried until done, later and later."""

    outbox = models.ForeignKey(Outbox, on_delete=models.CASCADE)
    consumer = models.CharField(max_length=40)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "record_delivery"
        constraints = [models.UniqueConstraint(fields=["outbox", "consumer"], name="one_delivery_a_consumer")]
        indexes = [
            models.Index(
                fields=["consumer", "next_try_at"],
                name="delivery_due",
                condition=models.Q(done_at__isnull=True),
            )
        ]


class Announcement(models.Model):
    """What the stream tells phones; written by the worker alone, so ids follow commits."""

    at = models.DateTimeField()
    topic = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    payload = models.JSONField()

    class Meta:
        db_table = "record_announcement"
        indexes = [models.Index(fields=["at"], name="announcement_at")]
