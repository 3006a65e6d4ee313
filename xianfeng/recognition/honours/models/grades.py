"""评级 as it was frozen: once a year every pioneer's grade, by the published bands of the index."""

from django.db import models

from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.record.models import Chained


class GradeReview(Chained):
    """The review of a year, from an edition of the ranking of the month before it begins.

    `counts` tells by grade how many hold it, '' for those below every band.
    """

    year = models.IntegerField(unique=True)
    edition = models.IntegerField()
    reviewed_at = models.DateTimeField()
    counts = models.JSONField()

    class Meta:
        db_table = "honours_grade_review"


class Grade(models.Model):
    """The grade of one pioneer for a year, with the index it came from; '' below every band."""

    review = models.ForeignKey(GradeReview, on_delete=models.PROTECT, related_name="grades")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="grades")
    index = models.FloatField()
    grade = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "honours_grade"
        constraints = [models.UniqueConstraint(fields=["review", "pioneer"], name="one_grade_a_review")]
        indexes = [models.Index(fields=["pioneer"], name="grade_of_pioneer")]
