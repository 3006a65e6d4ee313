from pathlib import Path

import pytest
from pytest_django import Settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def uncollected(settings: Settings, tmp_path: Path) -> Settings:
    """Static files need not have been collected for these tests; photographs go to a folder of their own."""
    settings.STORAGES, settings.STATIC_ROOT = {**settings.STORAGES, "staticfiles": PLAIN}, tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


@pytest.fixture
def demo(settings: Settings) -> Settings:
    """The house as it is where XIANFENG_DEMO=1."""
    settings.DEMO = True
    return settings
