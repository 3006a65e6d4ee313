"""What the room keeps: portraits of a round that staff asked for as one file."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.recognition.honours.models import Round


class Batch(models.Model):
    """The portraits of all candidates of a round, asked for as one archive: made by the worker, for its owner alone.

    `made` of `total` are drawn; `beat_at` is when the worker last said so: one that is silent is taken over.
    """

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="portrait_batches")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="portrait_batches")
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    turn = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    made = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "portraits_batch"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "round", "language"],
                condition=Q(done_at=None, failed_at=None),
                name="one_batch_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["round", "owner", "-asked_at"], name="batch_of_round")]
