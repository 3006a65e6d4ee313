"""An award round as its organisation sets it up: who may be honoured, by which rules, judged by whom, and when."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained


class Round(Chained):
    """An award round (评选). `organisation` None: the city's own, over all mass organisations.

    Declarations come from `opens_at` until before `closes_at`; `notice_until` is set when the notice begins.
    `short_accepted` places may stay empty, which staff said with `short_reason`.
    """

    title = models.CharField(max_length=40)
    level = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    review_until = models.DateTimeField()
    notice_days = models.IntegerField()
    state = models.CharField(max_length=10)
    entered_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    notice_until = models.DateTimeField(null=True)
    short_accepted = models.IntegerField(default=0)
    short_reason = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_round"
        indexes = [models.Index(fields=["-opens_at", "-id"], name="round_new")]

    @property
    def last_day(self) -> datetime:
        """Return an instant of the last day on which declarations come: they close when it is over."""
        return self.closes_at - timedelta(seconds=1)

    @property
    def last_day_of_review(self) -> datetime:
        """Return an instant of the last day of the review."""
        return self.review_until - timedelta(seconds=1)


class Rule(models.Model):
    """What a candidate must fulfil: a kind of catalogue/honours/rules.toml with its numbers."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="rules")
    position = models.IntegerField()
    kind = models.CharField(max_length=20)
    n = models.FloatField(null=True)
    months = models.IntegerField(null=True)
    years = models.IntegerField(null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "honours_rule"
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="one_rule_a_position")]


class Quota(models.Model):
    """How many places there are, for an organisation's pioneers, for an area, for both, or (both None) for all."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="quotas")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    places = models.IntegerField()

    class Meta:
        db_table = "honours_quota"
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="quota_of_one_or_more"),
            models.UniqueConstraint(
                fields=["round", "organisation", "area"], nulls_distinct=False, name="one_quota_a_slice"
            ),
        ]


class Criterion(models.Model):
    """What is judged, with its weight in hundredths: the index without honours, or points of the reviewers."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="criteria")
    position = models.IntegerField()
    source = models.CharField(max_length=8, choices=[("index", "index"), ("review", "review")])
    label = models.CharField(max_length=40)
    weight = models.IntegerField()

    class Meta:
        db_table = "honours_criterion"
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="weight_in_hundredths"),
            models.UniqueConstraint(fields=["round", "position"], name="one_criterion_a_position"),
        ]


class Reviewer(models.Model):
    """Somebody who scores in a round. Who left counts no longer; what they gave is kept."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews")
    chair = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True)
    left_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "honours_reviewer"
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="one_reviewer_a_person")]
