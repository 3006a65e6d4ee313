"""每月先锋 as staff confirmed them, and the pool of candidates with mentor, plan and progress (育)."""

from django.db import models

from xianfeng.foundation.people.models import Organisation, Person, Pioneer
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.recognition.honours.models.dossiers import Dossier


class Pick(Chained):
    """A pioneer of a month (its first day), of a county or of one organisation, from an edition of its ranking."""

    month = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="picks")
    edition = models.IntegerField()
    rank = models.IntegerField()
    done = models.IntegerField()
    story = models.CharField(max_length=300, blank=True, default="")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="confirmed_picks")
    confirmed_at = models.DateTimeField()

    class Meta:
        db_table = "honours_pick"
        constraints = [models.UniqueConstraint(fields=["month", "pioneer"], name="one_pick_a_month")]
        indexes = [models.Index(fields=["pioneer", "-month"], name="pick_of_pioneer")]


class Nurturing(Chained):
    """Somebody in the pool: who looks after them, who is their mentor, the plan. `ended_at`: it is over.

    It ends with a declaration, with being recognised, or because staff say so.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="nurturing")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentees")
    plan = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_nurturing"


class Step(models.Model):
    """One step of a training plan; done when the mentor or staff say so."""

    nurturing = models.ForeignKey(Nurturing, on_delete=models.PROTECT, related_name="steps")
    position = models.IntegerField()
    text = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="ticked_steps")

    class Meta:
        db_table = "honours_step"
        constraints = [models.UniqueConstraint(fields=["nurturing", "position"], name="one_step_a_position")]
