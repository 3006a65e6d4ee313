"""Honours that were given, and which title a recognition carries."""

from django.db import models

from xianfeng.foundation.people.models import Organisation, Person, Pioneer, Recognition
from xianfeng.foundation.record.models import Chained
from xianfeng.recognition.honours.models.reviewing import Candidacy


class Honour(Chained):
    """A title that was given in a round. `code` is what anybody can check a certificate by; `until` None: for good.

    The reason of a revocation is shown to everybody.
    """

    candidacy = models.OneToOneField(Candidacy, on_delete=models.PROTECT)
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="honours")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    title = models.CharField(max_length=40)
    level = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    code = models.CharField(max_length=16, unique=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="given_honours")
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")
    expired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_honour"
        indexes = [models.Index(fields=["title", "-since"], name="honour_title")]


class RecognitionTitle(models.Model):
    """The title of the catalogue that a recognition carries."""

    recognition = models.OneToOneField(Recognition, on_delete=models.PROTECT, related_name="carries")
    title = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        db_table = "honours_recognition_title"
