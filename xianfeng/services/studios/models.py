"""Constituencies, studios with their hours, home visits, questions with the resident's word, policy answers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from xianfeng.foundation.kernel.erased import Words
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.models import Matter
from xianfeng.services.studios.states import Kind


class Constituency(Chained):
    """A set of areas that elects deputies (选区); constituencies may overlap."""

    name = models.CharField(max_length=60)
    areas = models.ManyToManyField(Area, db_table="studios_constituency_area", related_name="constituencies")
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "studios_constituency"


class Studio(Chained):
    """Where a representative is asked: `post` says who keeps it. It serves a constituency, or a sector everywhere."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="studios")
    name = Words(max_length=40)
    intro = models.CharField(max_length=500, blank=True)
    constituency = models.ForeignKey(
        Constituency, on_delete=models.PROTECT, null=True, related_name="studios"
    )
    sector = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "studios_studio"
        constraints = [
            models.CheckConstraint(
                condition=Q(constituency__isnull=False) | ~Q(sector=""), name="studio_serves_somebody"
            ),
            models.UniqueConstraint(
                fields=["post"], condition=Q(closed_at__isnull=True), name="one_open_studio_a_post"
            ),
        ]


class Hours(models.Model):
    """Office hours: once, or weekly until `until`; days in `off` fall out. `changed_at`, `sequence`: for calendars."""

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="hours")
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    place = models.CharField(max_length=80)
    weekly = models.BooleanField(default=False)
    until = models.DateField(null=True)
    off = ArrayField(models.DateField(), default=list)
    sequence = models.IntegerField(default=0)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "studios_hours"
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="hours_some_minutes")]


class Visit(models.Model):
    """A home visit (上门走访) with officials: who was visited and what was said, for those alone who were there."""

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="visits")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    visited_at = models.DateTimeField()
    household_sealed = models.BinaryField(null=True)
    notes = models.TextField(blank=True)
    companions = models.ManyToManyField(
        Person, db_table="studios_visit_companion", related_name="home_visits"
    )
    matters = models.ManyToManyField(Matter, db_table="studios_visit_matter", related_name="home_visits")
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "studios_visit"
        indexes = [models.Index(fields=["studio", "-visited_at"], name="visit_of_studio")]


class Living(Chained):
    """Something that lives by the table of states: where it stands, since when, and when its limit passes."""

    KIND: Kind

    state = models.CharField(max_length=12)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Question(Living):
    """What somebody asks a representative. `private`: never read by anybody else; `word`: did they get an answer?"""

    KIND = Kind.QUESTION

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="questions")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="studio_questions")
    text = models.TextField()
    private = models.BooleanField()
    hidden = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, related_name="studio_question")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    word = models.BooleanField(null=True)
    word_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "studios_question"
        indexes = [
            models.Index(fields=["studio", "-asked_at"], name="question_of_studio"),
            models.Index(fields=["asker", "-asked_at"], name="question_of_asker"),
            models.Index(fields=["due_at"], name="question_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["asked_at"], name="question_to_ask_after",
                condition=Q(state__in=["asked", "handed", "answered"]),
            ),
        ]  # fmt: skip


class Answer(models.Model):
    """One answer to a question; a question that was not answered well gets another."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "studios_answer"


class AskedAfter(models.Model):
    """The asker was asked, `day` days after the question, whether they got an answer: once."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="asked_after")
    day = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "studios_asked_after"
        constraints = [models.UniqueConstraint(fields=["question", "day"], name="asked_after_once_a_day")]


class Policy(Living):
    """A question about policy with its answer, for everybody: written by a representative, looked at, published."""

    KIND = Kind.POLICY

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="policies")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="policies")
    question = models.CharField(max_length=200)
    answer = models.TextField()
    search = ArrayField(models.CharField(max_length=60), default=list)
    submitted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="judged_policies")
    judgement = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "studios_policy"
        indexes = [
            GinIndex(fields=["search"], name="policy_search", condition=Q(state="published")),
            models.Index(
                F("published_at").desc(), F("id").desc(), name="policy_new", condition=Q(state="published")
            ),
            models.Index(fields=["due_at"], name="policy_due", condition=Q(due_at__isnull=False)),
        ]
