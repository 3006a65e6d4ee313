"""A candidacy in a round, and what reviewers and the public say of it."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.record.models import Chained
from xianfeng.recognition.honours.models.dossiers import Dossier, Item
from xianfeng.recognition.honours.models.rounds import Criterion, Quota, Reviewer, Round


class Candidacy(Chained):
    """A pioneer's candidacy. `facts` are the numbers behind the rules at the close, by position of the rule.

    `points` are those of each criterion by position; `total` is their weighted sum, 0 to 100; `items` are the
    entries of the file that were declared.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="candidacies")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="candidacies")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="candidacies")
    how = models.CharField(max_length=12, choices=[(k, k) for k in ("self", "colleague", "organisation")])
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="declared_candidacies")
    declared_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    statement = models.TextField(blank=True)
    items = models.ManyToManyField(Item)
    index = models.FloatField(null=True)
    facts = models.JSONField(default=dict)
    points = models.JSONField(default=dict)
    total = models.FloatField(null=True)
    rank = models.IntegerField(null=True)
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "honours_candidacy"
        constraints = [
            models.UniqueConstraint(fields=["round", "pioneer"], name="one_candidacy_a_pioneer"),
            models.CheckConstraint(
                condition=~Q(state__in=["selected", "honoured"]) | Q(quota__isnull=False),
                name="selected_on_a_place",
            ),
        ]
        indexes = [models.Index(fields=["round", "rank"], name="candidacy_rank")]


class Score(models.Model):
    """What one reviewer gives one candidacy on one criterion, 0 to 100."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="scores")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT)
    points = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "honours_score"
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "reviewer", "criterion"], name="one_score_a_reviewer"
            ),
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="score_of_a_hundred"),
        ]


class Conflict(models.Model):
    """Why a reviewer does not score a candidacy: declared by them, or found when the declarations closed."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="conflicts")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(
        max_length=10, choices=[(k, k) for k in ("declared", "own", "collective", "rated")]
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "honours_conflict"
        constraints = [models.UniqueConstraint(fields=["candidacy", "reviewer"], name="one_conflict_a_pair")]


class Objection(models.Model):
    """What somebody has against a candidacy under public notice, and how it was answered. Never in the record."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections")
    text = models.TextField()
    filed_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="answered_objections"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_objection"
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "by"], condition=Q(answered_at=None), name="one_open_objection_a_person"
            )
        ]
