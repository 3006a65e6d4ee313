"""Keeps a group of processes alive, each in a session of its own, and stops them in a fixed order."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # who lived this long starts again without delay
STOP_SECONDS = 8.0
TICK = 0.1


@dataclass
class Child:
    """One process of the group: its name and its words after `xianfeng`."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    due: float = 0.0

    def start(self, log: Path) -> None:
        """Start it, its output going to the end of `log`."""
        environment = os.environ | {"XIANFENG_SUPERVISOR": str(os.getpid())}
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-m", "xianfeng", *self.words], env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.started = monotonic()

    def ended(self) -> int | None:
        """Return its exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Return in how many seconds it is started again: later and later, unless it had been steady."""
        steady = monotonic() - self.started > STEADY_SECONDS
        self.pause = SHORTEST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.due = monotonic() + self.pause
        self.process = None
        return self.pause


@dataclass
class Group:
    """Processes that belong together; `say` hears what happens to them."""

    logs: Path
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, *words: str) -> Child:
        """Start one more process."""
        self.logs.mkdir(parents=True, exist_ok=True)
        child = Child(name, list(words))
        child.start(self.log(child))
        self.children.append(child)
        return child

    def log(self, child: Child) -> Path:
        """Return the file that holds what `child` printed."""
        return self.logs / f"{child.name}.log"

    def watch_once(self) -> None:
        """Start again what has ended and whose pause is over."""
        for child in self.children:
            if child.process is None:
                if monotonic() >= child.due:
                    child.start(self.log(child))
            elif (code := child.ended()) is not None:
                pause = child.plan_restart()
                self.say(f"{child.name} ended ({code}), again in {pause:.0f} s; see {self.log(child)}")

    def watch(self) -> None:
        """Watch for ever."""
        while True:
            self.watch_once()
            sleep(TICK)

    def stop(self) -> None:
        """Ask one after the other to end, in the order they were added; kill what stays."""
        for child in self.children:
            if child.process and child.ended() is None:
                _stop(child.process)
        self.children.clear()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
