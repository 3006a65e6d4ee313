from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from tests.recognition.honours.playing import START


@pytest.fixture(autouse=True)
def static(settings: Settings, tmp_path: Path) -> None:
    """Static files need not have been collected; documents go to a folder of their own."""
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    """The clock, standing at the first day of a round; the cast is made before it."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller
