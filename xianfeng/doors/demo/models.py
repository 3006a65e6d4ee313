"""What the demo remembers: the city that was built, its cast, and whether its people act by themselves."""

from django.db import models

from xianfeng.foundation.people.models import Person


class City(models.Model):
    """The city of a seed, built to its end."""

    seed = models.BigIntegerField(unique=True)
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "demo_city"


class Part(models.Model):
    """One part of the cast: a role, who plays it, and what it is good for, in both languages.

    `api_key` is that of a program, in clear: it opens nothing but an invented city.
    """

    role = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="part")
    position = models.IntegerField()
    name = models.CharField(max_length=60)
    what = models.CharField(max_length=120)
    what_en = models.CharField(max_length=200)
    api_key = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        db_table = "demo_part"


class Life(models.Model):
    """One row: whether the quiet life of the city goes on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "demo_life"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="demo_life_one_row")]
