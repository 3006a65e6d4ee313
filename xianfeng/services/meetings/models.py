"""Meetings with agenda, minutes and tasks; teams as rosters of posts; proposals of the think tank."""

from django.db import models
from django.db.models import Q

from xianfeng.foundation.kernel.erased import Words
from xianfeng.foundation.people.models import Organisation, Person, Post
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.models import Matter
from xianfeng.services.meetings.states import Kind


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


class Team(Living):
    """One of the three teams (三团) of an area, or its think tank: a roster."""

    KIND = Kind.TEAM

    kind = models.CharField(max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    formed_at = models.DateTimeField()

    class Meta:
        db_table = "meetings_team"
        indexes = [models.Index(fields=["area", "kind"], name="meetings_team_of_area")]


class Seat(models.Model):
    """A place on a roster: `post` if it goes with a post (it ends with the post), else somebody in person."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="team_seats")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True)
    leads = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "meetings_seat"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(until__isnull=True), name="one_live_team_seat"
            )
        ]


class Proposal(Living):
    """What the think tank proposes (day care, a book room), followed until it is built."""

    KIND = Kind.PROPOSAL

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="proposals")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    title = Words(max_length=60)
    text = models.TextField()
    made_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "meetings_proposal"
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="proposal_new"),
            models.Index(fields=["area", "-made_at"], name="proposal_of_area"),
            _due("proposal"),
        ]


class Note(models.Model):
    """A word on the way of a proposal: how far it is, or why it was declined or stopped."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="notes")
    code = models.CharField(max_length=60)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        db_table = "meetings_note"


class Meeting(Living):
    """One meeting of a kind (三会) for an area, called by who leads there."""

    KIND = Kind.MEETING

    kind = models.CharField(max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    title = Words(max_length=60)
    place = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="called_meetings")
    called_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "meetings_meeting"
        indexes = [
            models.Index(fields=["area", "kind", "-starts_at"], name="meeting_of_area"),
            models.Index(fields=["-starts_at", "-id"], name="meeting_new"),
            _due("meeting"),
        ]


class Invitation(models.Model):
    """Somebody is asked to come, by their post (`role`) or in person; `answer`: '', 'coming', 'away'."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=30, blank=True)
    answer = models.CharField(max_length=8, blank=True)
    answered_at = models.DateTimeField(null=True)
    present = models.BooleanField(null=True)

    class Meta:
        db_table = "meetings_invitation"
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_invitation_a_person")]


class Item(models.Model):
    """One item of an agenda. `carried`: it came from an earlier meeting (`task` unfinished, or `back` undecided).

    `state`: waiting, decided; returned (undecided when the meeting ended), carried (returned, and on an agenda again).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.IntegerField()
    carried = models.BooleanField(default=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="agenda_items")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="agenda_items")
    task = models.ForeignKey("Task", on_delete=models.PROTECT, null=True, related_name="agenda_items")
    back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="again")
    title = Words(max_length=60)
    state = models.CharField(max_length=10, default="waiting")
    minutes = models.TextField(blank=True)
    decision = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "meetings_item"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_agenda_item_a_position"),
            models.UniqueConstraint(
                fields=["meeting", "matter"],
                condition=Q(matter__isnull=False),
                name="one_agenda_item_a_matter",
            ),
            models.UniqueConstraint(
                fields=["meeting", "task"], condition=Q(task__isnull=False), name="one_agenda_item_a_task"
            ),
        ]


class Task(models.Model):
    """A line of the hand-over list: what was handed to which organisation; `matter` has its clock."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="tasks")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    handed_at = models.DateTimeField()

    class Meta:
        db_table = "meetings_task"
        indexes = [models.Index(fields=["matter"], name="task_of_matter")]
