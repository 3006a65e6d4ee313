"""以案释法: a closed case told without anybody who can be known, and the talk in which it is explained."""

from django.db import models

from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places.models import Area
from xianfeng.services.mediation.models.cases import Case, Living, due
from xianfeng.services.mediation.states import Kind


class Lesson(Living):
    """What a case teaches. `removed` counts what was taken out, by kind; `confirmed_by` read it before all others."""

    KIND = Kind.LESSON

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="lesson")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    title = models.CharField(max_length=60)
    text = models.TextField()
    removed = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafted_lessons")
    drafted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="confirmed_lessons"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mediation_lesson"
        indexes = [due("lesson"), models.Index(fields=["-published_at", "-id"], name="lesson_new")]


class Lecture(Living):
    """A lesson explained in a place (讲法). `code` is read out there for those who came; `heads` is how many were."""

    KIND = Kind.LECTURE

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="lectures")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    speaker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lectures")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    code = models.CharField(max_length=8)
    announced_at = models.DateTimeField()
    heads = models.IntegerField(null=True)

    class Meta:
        db_table = "mediation_lecture"
        indexes = [due("lecture"), models.Index(fields=["-starts_at", "-id"], name="lecture_new")]


class Attendance(models.Model):
    """Somebody was at a lecture: they gave the code that was read out there."""

    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    at = models.DateTimeField()

    class Meta:
        db_table = "mediation_attendance"
        constraints = [models.UniqueConstraint(fields=["lecture", "person"], name="one_attendance_a_person")]
