"""What the desk keeps for itself: saved filters, lists going out and coming in, and the titles' search keys."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Organisation, Person
from xianfeng.matters.models import Matter


class SavedFilter(models.Model):
    """A list with its filters, kept under a name by one staff member; `query` is the address's query string."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_filters")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=400)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "desk_saved_filter"
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_filter_a_name")]


class Export(models.Model):
    """A list asked for as a file that is too long to wait for: made by the worker, fetched by its owner alone."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=12)
    format = models.CharField(max_length=4)
    query = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    rows = models.IntegerField(null=True)
    path = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "desk_export"
        indexes = [
            models.Index(fields=["owner", "-asked_at"], name="export_of_owner"),
            models.Index(
                fields=["id"], name="export_waits", condition=Q(done_at__isnull=True, failed_at__isnull=True)
            ),
        ]


class PeopleList(models.Model):
    """A list of pioneers that staff sent in: looked at, then taken in, by its owner alone.

    `step` says what waits ('look', 'take') or what came of it ('looked', 'taken', 'failed'). The file, its report
    and the rejected lines are sealed, and gone at `ends_at`; the counts stay. `columns` is what the owner says the
    file's columns are, by position; `organisation` whose lines they are where the list does not say.
    """

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="people_lists")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10)
    bytes = models.IntegerField()
    columns = models.JSONField(null=True)
    partial = models.BooleanField(default=False)
    step = models.CharField(max_length=8, default="look")
    sent_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    lines = models.IntegerField(null=True)
    new = models.IntegerField(null=True)
    changed = models.IntegerField(null=True)
    unchanged = models.IntegerField(null=True)
    members = models.IntegerField(null=True)
    rejected = models.IntegerField(null=True)
    file_sealed = models.BinaryField(null=True)
    report_sealed = models.BinaryField(null=True)
    rejects_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "desk_people_list"
        indexes = [
            models.Index(fields=["owner", "-sent_at"], name="people_list_of_owner"),
            models.Index(fields=["id"], name="people_list_waits", condition=Q(step__in=["look", "take"])),
        ]


class Title(models.Model):
    """The search keys of one matter's title, beside the matter: a claim must not pay for this index."""

    matter = models.OneToOneField(
        Matter, on_delete=models.CASCADE, primary_key=True, related_name="title_keys"
    )
    keys = ArrayField(models.CharField(max_length=2))

    class Meta:
        db_table = "desk_title"
        indexes = [GinIndex(fields=["keys"], name="title_keys")]
