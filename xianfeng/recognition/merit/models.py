"""What a run of the index leaves behind, beside the standing on the pioneers' own rows."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from xianfeng.foundation.people.models import Pioneer


class Yardsticks(models.Model):
    """What the city is measured with on a day: means by name, and how severe each rater is, as little-endian arrays.

    `day` and `version` are those of the runs that use it; `orders` how many it rests on. `raters` (ids, as rings have
    them) and `severities` are forgotten (null) when the day is over.
    """

    version = models.CharField(max_length=20)
    day = models.FloatField()
    held_at = models.DateTimeField()
    orders = models.IntegerField()
    means = models.JSONField()
    raters = models.BinaryField(null=True)
    severities = models.BinaryField(null=True)

    class Meta:
        db_table = "merit_yardsticks"
        indexes = [models.Index(fields=["day", "version"], name="yardsticks_day")]


class Run(models.Model):
    """One scoring of the whole city: with which formula, as of when, over what, and the city's medians.

    `day` is the formula's today (days since 1970, the end of the city's day); `moved` tells runs over the
    same rows from others; `medians` are points by part, over the pioneers with at least one rated order;
    `touched` counts the pioneers whose standing or account it wrote, the others stay as they were.
    """

    version = models.CharField(max_length=20)
    as_of = models.DateTimeField()
    day = models.FloatField()
    moved = models.CharField(max_length=64)
    pioneers = models.IntegerField()
    orders = models.IntegerField()
    raters = models.IntegerField()
    medians = models.JSONField()
    yardsticks = models.ForeignKey(Yardsticks, on_delete=models.PROTECT, null=True)
    touched = models.IntegerField(default=0, db_default=0)
    seconds = models.FloatField()

    class Meta:
        db_table = "merit_run"
        indexes = [models.Index(fields=["as_of"], name="merit_run_as_of")]


class Account(models.Model):
    """The account of one pioneer's index: what each order and honour added, and from what.

    `mark` tells this account and the standing beside it from others: who has the same is not written again.
    Rows of `orders`: handling id, stars, wait in days, verified yuan or null, weight, then the points of quality,
    volume, response and benefit. Rows of `honours`: recognition id, level, points.
    """

    pioneer = models.OneToOneField(Pioneer, on_delete=models.PROTECT, related_name="merit_account")
    orders = models.JSONField()
    honours = models.JSONField()
    activities = models.JSONField(default=list, db_default=[])
    mark = models.CharField(max_length=32, default="", db_default="")

    class Meta:
        db_table = "merit_account"


class Activity(models.Model):
    """Knowledge shared, heard of from the outbox: an achievement published or a live broadcast ended.

    `source` is its id in the room it comes from, which is one per `kind`; `withdrawn_at`: it counts no longer.
    """

    kind = models.CharField(max_length=12, choices=[(k, k) for k in ("achievement", "livestream")])
    source = models.BigIntegerField()
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="merit_activities")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merit_activity"
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "pioneer"], name="one_activity_a_source")
        ]


class Honour(models.Model):
    """An honour that no recognition carries, heard of from the outbox: its level, since when, until when.

    Recognitions in force count by themselves; a room that writes a recognition must not name it here again.
    """

    source = models.BigIntegerField(unique=True)
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="merit_honours")
    level = models.CharField(
        max_length=12, choices=[(k, k) for k in ("county", "city", "province", "national")]
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "merit_honour"


class Month(models.Model):
    """One edition of a month's ranking, frozen. A later correction is a new edition; the old one stays as it is.

    `month` is its first day; `as_of` the instant it ends in the city; `mark` tells the same scores from others;
    `looked_at` when it was last worked out and found the same, if ever.
    """

    month = models.DateField()
    edition = models.IntegerField()
    version = models.CharField(max_length=20)
    as_of = models.DateTimeField()
    closed_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    pioneers = models.IntegerField()
    mark = models.CharField(max_length=64)

    class Meta:
        db_table = "merit_month"
        constraints = [models.UniqueConstraint(fields=["month", "edition"], name="one_edition_a_number")]


class Place(models.Model):
    """Where one pioneer stood at the end of a month: rank in the city by the index without honours, and why.

    `done` counts what was finished and rated within the month; `orders` and `evidence` are those of the index.
    """

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="places")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="months")
    rank = models.IntegerField()
    index = models.FloatField()
    index_without_honours = models.FloatField()
    half_width = models.FloatField()
    parts = models.JSONField()
    orders = models.IntegerField()
    evidence = models.FloatField()
    done = models.IntegerField()

    class Meta:
        db_table = "merit_place"
        constraints = [
            models.UniqueConstraint(fields=["month", "pioneer"], name="one_place_a_pioneer"),
            models.UniqueConstraint(fields=["month", "rank"], name="one_pioneer_a_rank"),
        ]


class Ring(models.Model):
    """Accounts that share more pioneers than chance explains, as the last look saw them; rewritten once a day.

    Evidence for staff, and no judgement: `accounts` and `pioneers` are ids (a firm's account is below nothing);
    `facts`: orders, within (to these pioneers), five (of these with five stars), verified, usual (verified share of
    their categories in the city), doubt, weight (mean weight left to the orders within).
    """

    pioneers = ArrayField(models.BigIntegerField())
    accounts = ArrayField(models.BigIntegerField())
    orders = ArrayField(models.BigIntegerField())
    facts = models.JSONField()
    day = models.FloatField()

    class Meta:
        db_table = "merit_ring"
        indexes = [GinIndex(fields=["pioneers"], name="ring_pioneers")]
