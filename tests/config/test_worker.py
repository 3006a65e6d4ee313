"""The worker's loop: at once while there is work, later and later when idle or failing; and its rhythm."""

import ast
import threading
from importlib import import_module
from pathlib import Path

import pytest

from xianfeng.config import tasks, worker


class Stopping(threading.Event):
    """An event that remembers how long was waited, and is set after so many waits."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.waits = after, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for nobody."""
        self.waits.append(timeout or 0)
        if len(self.waits) >= self.after:
            self.set()
        return self.is_set()


def test_idle_rounds_come_later_and_later_but_at_least_every_second() -> None:
    stop = Stopping(after=12)
    worker.carry(lambda: 0, stop)
    assert stop.waits[0] == pytest.approx(0.25)
    assert stop.waits == sorted(stop.waits)
    assert stop.waits[-1] == 1.0


def test_while_there_is_work_nobody_waits_and_idling_begins_anew() -> None:
    moved = iter([0] * 8 + [3, 5, 0])
    stop = Stopping(after=9)
    worker.carry(lambda: next(moved), stop)
    assert len(stop.waits) == 9
    assert stop.waits[7] > stop.waits[8] == pytest.approx(0.25)


def test_a_fault_is_waited_out_later_and_later_and_forgotten_after_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dropped: list[int] = []
    monkeypatch.setattr(worker, "_drop_connection", lambda: dropped.append(1))
    plan = iter([1] * 7 + [0] + [1])

    def once() -> int:
        if next(plan):
            raise ConnectionError("the database is away")
        return 5

    stop = Stopping(after=8)
    worker.carry(once, stop)
    assert stop.waits == [1, 2, 4, 8, 16, 30, 30, 1]
    assert len(dropped) == 8


def _named() -> list[str]:
    tree = ast.parse(Path(tasks.__file__).read_text())
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in texts if text.startswith("xianfeng.") and ":" in text]


@pytest.mark.parametrize("path", _named())
def test_every_periodic_task_calls_something_that_exists(path: str) -> None:
    module, _, name = path.partition(":")
    assert callable(getattr(import_module(module), name))


def test_limits_checkpoints_and_merit_have_their_rhythm() -> None:
    assert len(_named()) >= 3


def test_a_failing_task_is_logged_and_does_not_end_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("ERROR"):
        tasks._call("operator:truediv")
    assert "operator:truediv failed" in caplog.text
