"""What is shown: achievements, the benefit they brought, live broadcasts, what people say of it all."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xianfeng.foundation.people.models import Person, Pioneer
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.models import Handling, Matter
from xianfeng.recognition.showcase.states import Kind


class Living(Chained):
    """Something that lives by the table of states: where it stands, since when, and when its limit passes."""

    KIND: Kind

    state = models.CharField(max_length=12)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)

    class Meta:
        abstract = True


def _due(name: str) -> models.Index:
    return models.Index(fields=["due_at"], name=f"{name}_due", condition=Q(due_at__isnull=False))


class Achievement(Living):
    """What a pioneer made that others can use: a method, product, course or case (成果).

    `grew_from` is the achievement it grew from. `video_link` is an address elsewhere, `video_key` a file kept here.
    """

    KIND = Kind.ACHIEVEMENT

    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="achievements")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=60)
    text = models.TextField()
    video_link = models.CharField(max_length=300, blank=True)
    video_key = models.CharField(max_length=40, blank=True)
    video_type = models.CharField(max_length=20, blank=True)
    grew_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="grown")
    matters = models.ManyToManyField(
        Matter, db_table="showcase_achievement_matter", related_name="achievements"
    )
    search = ArrayField(models.CharField(max_length=60), default=list)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="judged_achievements"
    )
    judgement = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "showcase_achievement"
        indexes = [
            GinIndex(fields=["search"], name="achievement_search", condition=Q(state="published")),
            models.Index(
                fields=["-published_at", "-id"], name="achievement_new", condition=Q(state="published")
            ),
            models.Index(fields=["pioneer", "-drafted_at"], name="achievement_of_pioneer"),
            models.Index(
                fields=["entered_at", "id"], name="achievement_waits", condition=Q(state="submitted")
            ),
            _due("achievement"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(grew_from=models.F("id")) | Q(grew_from=None), name="achievement_not_from_itself"
            )
        ]


class Adoption(models.Model):
    """Somebody asked to use an achievement (推广应用): the matter is the need it raised to the author."""

    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="adoptions")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="adoption")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "showcase_adoption"
        indexes = [models.Index(fields=["achievement", "-asked_at"], name="adoption_newest")]


class Benefit(Living):
    """What something brought: income raised or cost saved in yuan, or jobs; it counts once it is verified.

    It comes of a handling (its report says it), or is claimed for an achievement. `beneficiary` is firm, person or
    public; only verified income of firms and persons counts into the sum of income raised.
    """

    KIND = Kind.BENEFIT

    kind = models.CharField(max_length=8)
    yuan = models.BigIntegerField(null=True)
    jobs = models.IntegerField(null=True)
    beneficiary = models.CharField(max_length=8)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, null=True, related_name="benefits")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, null=True, related_name="benefits")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    text = models.CharField(max_length=500, blank=True)
    claimed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    claimed_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="judged_benefits")
    judgement = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "showcase_benefit"
        indexes = [
            models.Index(fields=["achievement"], name="benefit_of_achievement"),
            models.Index(
                fields=["-verified_at", "-id"], name="benefit_income",
                condition=Q(state="verified", kind="income", beneficiary__in=["firm", "person"]),
            ),
            models.Index(fields=["entered_at", "id"], name="benefit_waits", condition=Q(state="claimed")),
            _due("benefit"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["handling", "kind"], condition=Q(handling__isnull=False), name="one_benefit_a_handling_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="jobs", jobs__gt=0, yuan=None) | Q(kind__in=["income", "cost"], yuan__gt=0, jobs=None),
                name="benefit_in_its_unit",
            ),
        ]  # fmt: skip


class Live(Living):
    """A live broadcast (直播): announced, started and ended by its pioneer; the picture comes from `link` elsewhere.

    `viewers` counts those who opened the page while it ran or afterwards, each once.
    """

    KIND = Kind.LIVE

    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="lives")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, null=True, related_name="lives")
    title = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    viewers = models.IntegerField(default=0)
    proposed_at = models.DateTimeField()
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="judged_lives")
    judgement = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "showcase_live"
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="live_newest"),
            models.Index(fields=["pioneer", "-starts_at"], name="live_of_pioneer"),
            models.Index(fields=["entered_at", "id"], name="live_waits", condition=Q(state="proposed")),
            models.Index(
                fields=["starts_at"], name="live_to_remind", condition=Q(state="announced", reminded_at__isnull=True)
            ),
            _due("live"),
        ]  # fmt: skip


class Subscription(models.Model):
    """Somebody wants to be reminded of a broadcast."""

    live = models.ForeignKey(Live, on_delete=models.PROTECT, related_name="subscriptions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        db_table = "showcase_subscription"
        constraints = [models.UniqueConstraint(fields=["live", "person"], name="one_subscription_a_person")]


class View(models.Model):
    """One viewer of one broadcast; `viewer` is a keyed hash, from which nobody is found."""

    live = models.ForeignKey(Live, on_delete=models.PROTECT)
    viewer = models.BinaryField()

    class Meta:
        db_table = "showcase_view"
        constraints = [models.UniqueConstraint(fields=["live", "viewer"], name="one_view_a_viewer")]


class Comment(Living):
    """What somebody wrote under a broadcast; others read it once it was let through."""

    KIND = Kind.COMMENT

    live = models.ForeignKey(Live, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "showcase_comment"
        indexes = [
            models.Index(fields=["live", "-written_at"], name="comment_of_live"),
            models.Index(fields=["entered_at", "id"], name="comment_waits", condition=Q(state="waiting")),
            _due("comment"),
        ]


class Feedback(Living):
    """What a resident says to a pioneer (反馈): a problem, an idea or thanks.

    A problem is a matter that must be settled; `matter` is it.
    """

    KIND = Kind.FEEDBACK

    kind = models.CharField(max_length=8)
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="feedback")
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, null=True, related_name="feedback")
    live = models.ForeignKey(Live, on_delete=models.PROTECT, null=True, related_name="feedback")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, related_name="feedback")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.TextField()
    sent_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="answered_feedback"
    )

    class Meta:
        db_table = "showcase_feedback"
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="feedback_newest"),
            models.Index(fields=["pioneer", "-sent_at"], name="feedback_of_pioneer"),
            models.Index(fields=["entered_at", "id"], name="feedback_waits", condition=Q(state="waiting")),
            _due("feedback"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="problem", matter__isnull=False)
                | Q(kind__in=["idea", "thanks"], matter=None),
                name="feedback_problem_is_a_matter",
            )
        ]


class Picture(models.Model):
    """A photograph of an achievement, or the evidence of a benefit; until it is attached, its owner's alone."""

    key = models.CharField(max_length=32, unique=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, null=True, related_name="pictures")
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, null=True, related_name="pictures")
    width = models.IntegerField()
    height = models.IntegerField()
    taken_in_at = models.DateTimeField()

    class Meta:
        db_table = "showcase_picture"
