"""Photographs and films of these tests go to a folder of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Return where this test's files stand."""
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path
    return tmp_path / "media"
