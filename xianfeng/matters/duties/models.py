"""Who has a matter in duty, who checked it, and what the requester says of it."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places.models import Area


class Duty(models.Model):
    """One time a post has a matter: from the hand-over until it is closed, goes up, or is sent back.

    The post is a seat (role, area, sector), not a person: `person` acted for it when it was handed over. `went_up`: the
    post meant was vacant. `seconds` of the clock were given in all, `left_seconds` remain while it stands still
    (reported, or paused since `paused_at`); `working` says that only working hours count. `tries` counts failed checks.
    """

    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="duties")
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    sector = models.CharField(max_length=30, blank=True, default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    went_up = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    working = models.BooleanField(default=False)
    seconds = models.IntegerField()
    left_seconds = models.IntegerField(null=True)
    handed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pauses = models.SmallIntegerField(default=0)
    time_asked_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.CharField(max_length=2000, blank=True, default="")
    tries = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        db_table = "matters_duty"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_live_duty"
            )
        ]
        indexes = [
            models.Index(fields=["matter", "id"], name="duty_of_matter"),
            models.Index(
                fields=["role", "area", "sector"], name="duty_of_seat", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["handed_at"], name="duty_handed"),
        ]


class Check(models.Model):
    """Somebody who did not handle it looked on site: what they saw, where they stood, and how far from the matter."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    text = models.CharField(max_length=500, blank=True, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    metres = models.IntegerField(null=True)
    photo_key = models.CharField(max_length=32, blank=True, default="")
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "matters_check"


class Evaluation(models.Model):
    """What the requester says when it is closed: 1 (not at all) to 5 (entirely satisfied), and words."""

    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="evaluation")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    satisfied = models.SmallIntegerField()
    text = models.CharField(max_length=500, blank=True, default="")
    evaluated_at = models.DateTimeField()

    class Meta:
        db_table = "matters_evaluation"
        constraints = [
            models.CheckConstraint(condition=Q(satisfied__range=(1, 5)), name="satisfied_one_to_five")
        ]


class Link(models.Model):
    """Two matters that belong together: split off from one, or found to be about the same."""

    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="linked_by")
    kind = models.CharField(max_length=8, choices=[(k, k) for k in ("linked", "split")])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "matters_link"
        constraints = [
            models.UniqueConstraint(fields=["matter", "other"], name="one_link_a_pair"),
            models.CheckConstraint(condition=~Q(matter=models.F("other")), name="not_linked_to_itself"),
        ]
