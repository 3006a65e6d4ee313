"""The ledger (one row a matter, as it was last counted), what is summed from it, and boards that people arranged.

A fact is what a matter adds to which day. What is summed moves by the difference between a matter's new fact and its
old one, in the transaction that marks the delivery as done: so nothing is counted twice, whatever comes again.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xianfeng.doors.cockpit.columns import BUCKETS, WHOLE
from xianfeng.foundation.people.models import Person


class Fact(models.Model):
    """A matter as it was last counted. Days are of the city's calendar; None: it has not come to that.

    `path`: ids from the city down to where it counts now (the successor of an area that was merged). `organisation_id`:
    of who took it last, else who has it in charge, else who was asked; 0 nobody. `stars` are the sum of three.
    """

    matter_id = models.BigIntegerField(primary_key=True)
    area_id = models.BigIntegerField()
    path = ArrayField(models.BigIntegerField())
    service_code = models.CharField(max_length=40)
    category = models.CharField(max_length=30)
    organisation_id = models.BigIntegerField()
    pioneer_id = models.BigIntegerField(null=True)
    cell = models.BigIntegerField()
    state = models.CharField(max_length=12)
    late = models.BooleanField()
    raised_on = models.DateField()
    taken_on = models.DateField(null=True)
    taken_minutes = models.IntegerField(null=True)
    done_on = models.DateField(null=True)
    done_minutes = models.IntegerField(null=True)
    closed_on = models.DateField(null=True)
    rated_on = models.DateField(null=True)
    stars = models.SmallIntegerField(null=True)
    listed_on = models.DateField(null=True)
    benefit_on = models.DateField(null=True)
    benefit_yuan = models.BigIntegerField(null=True)
    jobs = models.IntegerField(null=True)

    class Meta:
        db_table = "cockpit_fact"
        indexes = [
            models.Index(fields=["raised_on", "matter_id"], name="cockpit_fact_raised"),
            *(
                models.Index(
                    fields=[f"{day}_on", "matter_id"], name=f"cockpit_fact_{day}", condition=~Q(**{f"{day}_on": None})
                )
                for day in ("taken", "done", "closed", "rated", "listed", "benefit")
            ),
            models.Index(fields=["area_id", "raised_on"], name="cockpit_fact_area"),
            models.Index(
                fields=["organisation_id", "taken_on"], name="cockpit_fact_organisation",
                condition=~Q(organisation_id=0),
            ),
            models.Index(fields=["listed_on", "matter_id"], name="cockpit_fact_late", condition=Q(late=True)),
            models.Index(
                fields=["raised_on", "matter_id"], name="cockpit_fact_live",
                condition=Q(state__in=["raised", "offered", "open", "taken", "done"]),
            ),
        ]  # fmt: skip


class Rollup(models.Model):
    """Sums over the matters of one area (with all below it) on one day, in one month, or at this moment.

    `cut` says which of service, category and organisation are told apart (columns.Cut); the others read '*' or -1.
    Columns are those of `columns.COUNTED`; `take_NN` and `settle_NN` count matters by how long they took.
    """

    cut = models.SmallIntegerField()
    area_id = models.BigIntegerField()
    service_code = models.CharField(max_length=40)
    category = models.CharField(max_length=30)
    organisation_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        db_table = "cockpit_rollup"
        constraints = [
            models.UniqueConstraint(
                fields=["cut", "area_id", "service_code", "category", "organisation_id", "day"],
                name="one_sum",
            )
        ]


for _name in WHOLE:
    Rollup.add_to_class(
        _name,
        models.BigIntegerField(default=0) if _name == "benefit_yuan" else models.IntegerField(default=0),
    )
for _kind in ("take", "settle"):
    for _number in range(BUCKETS):
        Rollup.add_to_class(f"{_kind}_{_number:02d}", models.IntegerField(default=0))


class Spot(models.Model):
    """Sums over the matters within one H3 cell (resolution 7) of one leaf area; `month` None: as it stands now."""

    area_id = models.BigIntegerField()
    cell = models.BigIntegerField()
    month = models.DateField(null=True)
    raised = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    in_hand = models.IntegerField(default=0)

    class Meta:
        db_table = "cockpit_spot"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "area_id", "cell"], name="one_spot", nulls_distinct=False
            )
        ]


class Correction(models.Model):
    """A day that was over counts differently since: what (rating, benefit, area, kind, reopened), and which day."""

    matter_id = models.BigIntegerField()
    what = models.CharField(max_length=12)
    day = models.DateField()
    path = ArrayField(models.BigIntegerField())
    organisation_id = models.BigIntegerField()
    at = models.DateTimeField()
    sequence = models.BigIntegerField()

    class Meta:
        db_table = "cockpit_correction"
        indexes = [models.Index(fields=["-day", "-id"], name="cockpit_correction_day")]


class Tally(models.Model):
    """One row: how often something was counted (`sequence`), when last, and with which sizes of buckets."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    events = models.BigIntegerField(default=0)
    built_at = models.DateTimeField(null=True)
    area_version = models.BigIntegerField(default=-1)
    bounds = ArrayField(models.IntegerField(), default=list)

    class Meta:
        db_table = "cockpit_tally"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="cockpit_tally_one_row")]


class Brief(models.Model):
    """A week or a month whose brief leaders were told of, once."""

    kind = models.CharField(max_length=8, choices=[(k, k) for k in ("week", "month")])
    first = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "cockpit_brief"
        constraints = [models.UniqueConstraint(fields=["kind", "first"], name="one_brief_a_time")]


class OwnBoard(models.Model):
    """A board somebody arranged: `cards` by code in their order, of the board at /cockpit/<kind>/<code>."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cockpit_boards")
    name = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=40)
    cards = ArrayField(models.CharField(max_length=40))
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "cockpit_own_board"
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_board_a_name")]
