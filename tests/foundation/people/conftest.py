"""A sender of codes that keeps what it carried."""

import pytest

from xianfeng.foundation.people.operations import signing


class Carrier:
    """Keeps (number, code) of all that was sent; `broken` makes it fail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.broken = False

    def send(self, mobile: str, code: str) -> None:
        """Keep, or fail."""
        if self.broken:
            raise OSError("no network")
        self.sent.append((mobile, code))


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The sender in use during one test."""
    made = Carrier()
    monkeypatch.setattr(signing, "sender", lambda: made)
    return made
