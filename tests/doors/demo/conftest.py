from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast, areas_loaded, cast
from xianfeng.doors.demo.models import Part
from xianfeng.foundation.people.models import Person

__all__ = ["areas_loaded", "cast"]

SEATS = "xianfeng.doors.demo.seats.SeatMiddleware"


PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture
def uncollected(settings: Settings, tmp_path: Path) -> Settings:
    """Static files need not have been collected for these tests."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    return settings


@pytest.fixture
def demo(uncollected: Settings) -> Settings:
    """The house as it is where XIANFENG_DEMO=1."""
    settings = uncollected
    settings.DEMO = True
    settings.MIDDLEWARE = [SEATS, *(name for name in settings.MIDDLEWARE if name != SEATS)]
    settings.ROOT_URLCONF = "tests.doors.demo.urls"
    return settings


@pytest.fixture
def parts(cast: Cast) -> dict[str, Person]:
    """A few of the engine's cast as parts of the demo's."""
    people = {
        "resident": cast.resident, "firm": cast.responsible, "pioneer-electric": cast.pioneer.spokesperson,
        "pioneer-electric-2": cast.second.spokesperson, "stranger": cast.stranger, "staff-city": cast.city_staff,
    }  # fmt: skip
    for position, (role, person) in enumerate(people.items()):
        Part.objects.create(
            role=role,
            person=person,
            position=position,
            name=f"某{position}",
            what="会修灯",
            what_en="Mends lamps",
        )
    return people


@pytest.fixture
def browser(demo: Settings, parts: dict[str, Person]) -> Client:
    """A browser that must bring CSRF tokens."""
    return Client(enforce_csrf_checks=True)
