"""What a run of the index leaves behind, beside the standing on the pioneers' own rows."""

from django.db import models

from xianfeng.foundation.people.models import Pioneer


class Run(models.Model):
    """One scoring of the whole city: with which formula, as of when, over what, and the city's medians.

    `day` is the formula's today (days since 1970, the end of the city's day); `moved` tells runs over the
    same rows from others; `medians` are points by part, over the pioneers with at least one rated order.
    """

    version = models.CharField(max_length=20)
    as_of = models.DateTimeField()
    day = models.FloatField()
    moved = models.CharField(max_length=64)
    pioneers = models.IntegerField()
    orders = models.IntegerField()
    raters = models.IntegerField()
    medians = models.JSONField()
    seconds = models.FloatField()

    class Meta:
        db_table = "merit_run"
        indexes = [models.Index(fields=["as_of"], name="merit_run_as_of")]


class Account(models.Model):
    """The account of one pioneer's index: what each order and honour added in the run, and from what.

    Rows of `orders`: handling id, stars, wait in days, verified yuan or null, weight, then the points of quality,
    volume, response and benefit. Rows of `honours`: recognition id, level, points.
    """

    pioneer = models.OneToOneField(Pioneer, on_delete=models.PROTECT, related_name="merit_account")
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    orders = models.JSONField()
    honours = models.JSONField()

    class Meta:
        db_table = "merit_account"
