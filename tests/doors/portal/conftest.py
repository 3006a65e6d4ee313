from pathlib import Path

import pytest
from pytest_django import Settings

from xianfeng.foundation.places import tree

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> Settings:
    """Static files need not have been collected for these tests; photographs go to a folder of their own."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


@pytest.fixture(autouse=True)
def areas_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No look at the areas' version falls into a page whose statements are counted."""
    monkeypatch.setattr(tree, "_LOOK_EVERY_SECONDS", 3600.0)


@pytest.fixture
def demo(settings: Settings) -> Settings:
    """The house as it is where XIANFENG_DEMO=1."""
    settings.DEMO = True
    return settings
