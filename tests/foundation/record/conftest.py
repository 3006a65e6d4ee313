"""Checkpoints of these tests stand in a folder of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def checkpoint_folder(settings: Settings, tmp_path: Path) -> Path:
    """An empty folder for checkpoint files, outside the installation's own."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    return tmp_path / "checkpoints"
