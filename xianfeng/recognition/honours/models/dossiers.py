"""One file of a person (一次申报): kept once, used for every award."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Organisation, Person, Pioneer
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.models import Matter
from xianfeng.recognition.showcase.models import Achievement


class Dossier(Chained):
    """The file of an individual or a collective. `person` is whose it is, or who speaks for the collective.

    `pioneer` is None for somebody no organisation has recognised yet; `organisation` is who looks after the file,
    None where nobody does.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dossiers")
    pioneer = models.OneToOneField(Pioneer, on_delete=models.PROTECT, null=True, related_name="dossier")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    kind = models.CharField(
        max_length=12, choices=[("individual", "individual"), ("collective", "collective")]
    )
    name = models.CharField(max_length=60)
    profile = models.TextField(blank=True)
    specialities = ArrayField(models.CharField(max_length=30), default=list)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "honours_dossier"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="individual"), name="one_individual_dossier_a_person"
            )
        ]


class Item(models.Model):
    """A deed or a piece of evidence in a file: words, a need that was met, an achievement, or a document.

    `told_by` is who entered it; `key` names the stored document, '' without one.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(
        max_length=12, choices=[(k, k) for k in ("deed", "matter", "achievement", "file")]
    )
    title = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    happened_on = models.DateField(null=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, null=True)
    key = models.CharField(max_length=40, blank=True, default="")
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_items")
    told_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "honours_item"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "matter"], condition=Q(removed_at=None), name="one_item_a_matter"
            ),
            models.UniqueConstraint(
                fields=["dossier", "achievement"],
                condition=Q(removed_at=None),
                name="one_item_an_achievement",
            ),
        ]
