"""Systems as they were loaded or published, version by version, and services being worked on."""

from django.db import models

from xianfeng.foundation.record.models import Chained

FOLDER, DESK = "folder", "desk"
ORIGINS = [(origin, origin) for origin in (FOLDER, DESK)]


class System(Chained):
    """A system of the city (群团先锋, 随手报 …); what is done to it is on its record."""

    code = models.CharField(max_length=40, unique=True)

    class Meta:
        db_table = "matters_system"


class SystemVersion(models.Model):
    """What a system says beside its services: names, categories, roles, texts, demo. The newest version holds."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "matters_system_version"
        constraints = [models.UniqueConstraint(fields=["system", "version"], name="one_row_a_system_version")]


class Draft(models.Model):
    """A service being worked on by staff: nobody raises anything under it until it is published.

    `based_on` is the version it was begun from, 0 for a new service; `revision` counts what was kept of it.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="drafts")
    code = models.CharField(max_length=40, unique=True)
    definition = models.JSONField()
    based_on = models.IntegerField()
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "matters_service_draft"
