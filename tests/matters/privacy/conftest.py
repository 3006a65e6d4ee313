"""What privacy tests share: codes that go nowhere, photographs in a folder of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.foundation.people.conftest import Carrier
from xianfeng.foundation.people.operations import signing


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Codes go nowhere."""
    made = Carrier()
    monkeypatch.setattr(signing, "sender", lambda: made)
    return made


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    """The store of photographs."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
