"""What the sides agreed on, who signed it, what was promised, and the court's confirmation."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Person
from xianfeng.services.mediation.models.cases import Case, Living, Party, due
from xianfeng.services.mediation.states import Kind


class Agreement(models.Model):
    """One wording of an agreement: the newest of a case counts. `digest` is SHA-256 of the terms, as each signs them.

    `agreed_at`: every party has signed. `replaced_at`: a later wording took its place. `paper_sealed` is the PDF as it
    was made once, `paper_hash` its SHA-256; `code` is what anybody can check it by.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements")
    version = models.IntegerField()
    text_sealed = models.BinaryField(null=True)
    amount_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    code = models.CharField(max_length=16, unique=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    paper_sealed = models.BinaryField(null=True)
    paper_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "mediation_agreement"
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_agreement_a_version"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaced_at__isnull=True), name="one_agreement_counts"
            ),
        ]


class Signature(models.Model):
    """A party's yes to one wording, given in their own session; `mark` is keyed over wording, party, person, time."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()
    mark = models.CharField(max_length=64)

    class Meta:
        db_table = "mediation_signature"
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="one_signature_a_party")]


class Duty(Living):
    """What one party owes another by a day: money in fen, or (0) something to be done that the text names."""

    KIND = Kind.DUTY

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="duties")
    position = models.IntegerField()
    payer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="owes")
    receiver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="receives")
    amount_fen = models.BigIntegerField()
    due_on = models.DateField()
    said_paid_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mediation_duty"
        indexes = [due("duty")]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="one_duty_a_position"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="duty_owes_none_or_more"),
        ]


class Confirmation(Living):
    """Judicial confirmation (司法确认) of an agreement: both sides ask for it in time, the court decides."""

    KIND = Kind.CONFIRMATION

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="confirmation")
    until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    court_number = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mediation_confirmation"
        indexes = [due("confirmation")]
