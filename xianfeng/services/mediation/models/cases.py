"""A case, who stands on its two sides, who leads it, what was said, and when they meet."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Firm, Person
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.models import Matter
from xianfeng.services.mediation.states import CHANNELS, SIDES, Kind


class Living(Chained):
    """Something that lives by the table of states: where it stands, since when, and when its limit passes."""

    KIND: Kind

    state = models.CharField(max_length=12)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)

    class Meta:
        abstract = True


def due(name: str) -> models.Index:
    """Return the index by which the worker finds what is due."""
    return models.Index(fields=["due_at"], name=f"{name}_due", condition=Q(due_at__isnull=False))


class Case(Living):
    """A mediation that stands on a matter; its words are the matter's. `mediator` leads it, by the role of a post.

    `ended_words_sealed`: why it failed or was declined, for its parties.
    """

    KIND = Kind.CASE

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="case")
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="mediated")
    role = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    ended_words_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "mediation_case"
        indexes = [
            due("case"),
            models.Index(fields=["mediator", "-opened_at"], name="case_of_mediator"),
            models.Index(fields=["-opened_at", "-id"], name="case_new"),
        ]


class Party(models.Model):
    """A person, or a firm through its responsible person, on one side of a case. `name_sealed` is as the case calls it.

    `left_at`: declined, or went; such a party reads and does nothing more in the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    side = models.CharField(max_length=12, choices=[(one, one) for one in SIDES])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_parties")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="case_parties")
    name_sealed = models.BinaryField(null=True)
    added_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    confirmation_asked_at = models.DateTimeField(null=True)
    objected = models.BooleanField(default=False)

    class Meta:
        db_table = "mediation_party"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(firm=None), name="one_side_a_person"
            ),
            models.UniqueConstraint(
                fields=["case", "firm"], condition=Q(firm__isnull=False), name="one_side_a_firm"
            ),
        ]


class Recusal(models.Model):
    """Why somebody does not lead a case: found by the house, said by themself, or asked by a party."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_recusals")
    reason = models.CharField(max_length=20)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True)
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "mediation_recusal"
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_recusal_a_person")]


class Talk(models.Model):
    """What was said in a case: to all, or between one side and the mediator, which the other side never reads."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="talks")
    channel = models.CharField(max_length=12, choices=[(one, one) for one in CHANNELS])
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_talks")
    text_sealed = models.BinaryField()
    said_at = models.DateTimeField()

    class Meta:
        db_table = "mediation_talk"
        indexes = [models.Index(fields=["case", "channel", "said_at"], name="talk_of_case")]


class Hearing(Living):
    """A date on which the sides meet the mediator. `sequence` grows with every change, as iCalendar wants it."""

    KIND = Kind.HEARING

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    place = models.CharField(max_length=80)
    sequence = models.IntegerField(default=0)
    planned_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mediation_hearing"
        indexes = [due("hearing"), models.Index(fields=["case", "starts_at"], name="hearing_of_case")]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="hearing_lasts")]
