"""The tree of areas: city, county, town or street, village or community, grid, micro-grid."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Level(models.TextChoices):
    """How high an area stands; an area's parent stands exactly one level above it."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"
    MICRO_GRID = "micro_grid"


class Area(models.Model):
    """One administrative area. Coordinates are WGS-84 degrees; `boundary` is a GeoJSON geometry in WGS-84.

    `path` holds the ids from the root down to the area itself: `path @> ARRAY[id]` is a subtree.
    `approximate` says that the point follows from a rule (docs/places.md), not from a survey. `people`: how many live
    there, where it is known. `source`: where the boundary of a cell is from; 'demo' is drawn for the demo alone.
    """

    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=12, choices=Level.choices)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    approximate = models.BooleanField(default=False)
    path = ArrayField(models.BigIntegerField(), default=list)
    boundary = models.JSONField(null=True)
    active = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    people = models.IntegerField(null=True)
    source = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        db_table = "places_area"
        indexes = [
            GinIndex(fields=["path"], name="area_path"),
            models.Index(fields=["level", "code"], name="area_level_code"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="area_point_whole_and_in_range",
            ),
            models.CheckConstraint(
                condition=Q(level="city", parent__isnull=True) | (~Q(level="city") & Q(parent__isnull=False)),
                name="area_only_a_city_is_a_root",
            ),
        ]


class AreaVersion(models.Model):
    """One row: how often the areas were changed, so that every process knows when its cache is old."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)

    class Meta:
        db_table = "places_area_version"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="area_version_one_row")]
