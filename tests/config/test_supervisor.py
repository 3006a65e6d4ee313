"""The group: kept alive, later and later; ended in order, by force where need be; gone with its supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from xianfeng.config import cli, supervisor
from xianfeng.config.supervisor import Child, Group

ROOT = Path(__file__).resolve().parents[2]
ACTOR = """
import os, pathlib, signal, sys, time
name, how, book = sys.argv[1:4]
def write(what):
    with open(book, "a") as file:
        file.write(f"{what} {name} {os.getpid()}\\n")
def end(*_):
    write("ends")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if how == "stays" else end)
write("starts")
print("hello from", name, flush=True)
if how == "dies":
    sys.exit(3)
time.sleep(60)
"""


class Stage:
    """A group whose children are small actors that write down when they start and end."""

    def __init__(self, folder: Path) -> None:
        self.book, self.said = folder / "book", list[str]()
        self.book.touch()
        self.group = Group(folder / "log", self.said.append)

    def add(self, name: str, how: str = "lives") -> Child:
        """Start an actor and wait until it stands."""
        before = len(self.lines())
        child = self.group.add(name, name, how, str(self.book))
        self.until(lambda: len(self.lines()) > before)
        return child

    def lines(self) -> list[list[str]]:
        """Return what was written down: what, who, process."""
        return [line.split() for line in self.book.read_text().splitlines()]

    def until(self, condition: Callable[[], bool]) -> None:
        """Watch until something is so."""
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end
            self.group.watch_once()
            time.sleep(0.01)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage; its actors end with the test."""
    script, start = tmp_path / "actor.py", subprocess.Popen
    script.write_text(ACTOR)

    def popen(command: list[str], **more: object) -> "subprocess.Popen[bytes]":
        assert command[:3] == [sys.executable, "-m", "xianfeng"]
        return start([sys.executable, str(script), *command[3:]], **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1.0)
    made = Stage(tmp_path)
    yield made
    made.group.stop()


def test_children_end_one_after_the_other_in_the_order_they_were_added(stage: Stage) -> None:
    for name in ("web", "worker", "stream"):
        stage.add(name)
    stage.group.stop()
    assert [line[1] for line in stage.lines() if line[0] == "ends"] == ["web", "worker", "stream"]
    assert stage.group.children == []


def test_who_does_not_end_when_asked_is_killed(stage: Stage) -> None:
    child = stage.add("stubborn", "stays")
    assert child.process
    process = child.process
    stage.group.stop()
    assert process.returncode == -signal.SIGKILL


def test_what_a_child_prints_stands_in_its_own_log(stage: Stage) -> None:
    child = stage.add("web")
    stage.until(lambda: "hello from web" in stage.group.log(child).read_text())


def test_who_ends_is_started_again_and_it_is_said_where_to_look(stage: Stage) -> None:
    child = stage.add("worker")
    os.kill(int(stage.lines()[0][2]), signal.SIGKILL)
    stage.until(lambda: len(stage.lines()) == 2)
    assert [line[:2] for line in stage.lines()] == [["starts", "worker"]] * 2
    assert stage.said == [f"worker ended (-9), again in 1 s; see {stage.group.log(child)}"]


def test_one_childs_end_touches_no_other(stage: Stage) -> None:
    web, worker = stage.add("web"), stage.add("worker")
    assert web.process
    assert worker.process
    worker.process.kill()
    stage.until(lambda: len(stage.lines()) == 3)
    assert web.process.poll() is None


def test_who_dies_again_and_again_is_started_later_and_later_up_to_half_a_minute() -> None:
    child = Child("worker", [])
    child.started = time.monotonic()
    assert [child.plan_restart() for _ in range(8)] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


def test_who_was_steady_starts_again_soon() -> None:
    child = Child("worker", [], pause=30.0)
    child.started = time.monotonic() - 61
    assert child.plan_restart() == 0.5


def test_nobody_is_started_before_the_pause_is_over(stage: Stage) -> None:
    child = stage.add("worker", "dies")
    stage.until(lambda: child.process is None)
    child.due = time.monotonic() + 60
    for _ in range(5):
        stage.group.watch_once()
    assert child.process is None
    assert len(stage.lines()) == 1


def test_stopping_while_a_child_waits_for_its_restart_starts_nothing(stage: Stage) -> None:
    child = stage.add("worker", "dies")
    stage.until(lambda: child.process is None)
    stage.group.stop()
    stage.group.watch_once()
    assert len(stage.lines()) == 1


FOLLOWER = """
import os, subprocess, sys, time
if sys.argv[1:] == ["child"]:
    from xianfeng.config import cli
    cli._follow_supervisor()
    print(os.getpid(), flush=True)
    time.sleep(60)
environment = os.environ | {"XIANFENG_SUPERVISOR": str(os.getpid())}
subprocess.Popen([sys.executable, __file__, "child"], env=environment)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of a parent's end on Linux alone")
def test_a_child_ends_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "follower.py"
    script.write_text(FOLLOWER)
    above = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert above.stdout
    child = psutil.Process(int(above.stdout.readline()))
    above.kill()
    above.wait()
    above.stdout.close()
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_child_whose_supervisor_is_gone_already_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANFENG_SUPERVISOR", "1" if os.getppid() != 1 else "2")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: type("C", (), {"prctl": staticmethod(lambda *_: 0)}))
    with pytest.raises(SystemExit):
        cli._follow_supervisor()
