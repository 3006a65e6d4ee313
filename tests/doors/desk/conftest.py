from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import steps
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.places import tree

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Enter = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> Settings:
    """Static files need not have been collected; photographs and exports go to a folder of their own."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


@pytest.fixture(autouse=True)
def areas_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not look for newer areas in the midst of counting statements."""
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)


@pytest.fixture
def enter(cast: Cast) -> Enter:
    """A browser in which somebody has signed in."""

    def enter(person: Person) -> Client:
        client = Client()
        client.cookies["xf_session"] = steps.open_session(person, "test", clock.now())
        return client

    return enter


@pytest.fixture
def staff(enter: Enter, cast: Cast) -> Client:
    """The browser of staff of the organisation here."""
    return enter(cast.staff)
