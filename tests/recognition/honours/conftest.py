from collections.abc import Iterator

import pytest
import time_machine

from tests.recognition.honours.playing import START


@pytest.fixture
def moment(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """The clock, standing at the first day of a round; the cast is made before it."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates
