"""Runs everything that is checked, stage by stage, and says at the end what each took.

    python tools/check.py [STAGE …]

Stages: lint types imports templates migrations texts unit race browser. Without one, all of them. The environment must
stand (make setup-dev). XIANFENG_BROWSER=required makes a missing browser a fault; otherwise it is said loudly.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
CORES = str(min(4, os.cpu_count() or 1))
APT = ["chromium", "fonts-noto-cjk"]


def run(*words: str) -> int:
    """Run a program in the tree; return its exit code."""
    return subprocess.call(words, cwd=ROOT)


def module(*words: str) -> int:
    """Run a module of the environment."""
    return run(PYTHON, "-m", *words)


def lint() -> int:
    """Ruff: rules, and one format."""
    return module("ruff", "check", "-q", ".") or module("ruff", "format", "-q", "--check", ".")


def types() -> int:
    """Mypy, strict."""
    return module("mypy")


def imports() -> int:
    """The floors and rooms: imports go down only."""
    return run(str(Path(PYTHON).parent / "lint-imports"))


def templates() -> int:
    """Templates, by djLint."""
    return module("djlint", "--lint", "--quiet", "xianfeng")


def migrations() -> int:
    """Models and migrations agree, and no migration would stop a running city."""
    return module("tools.migrations")


def texts() -> int:
    """Every text has its English, the compiled file is the one of the texts, docs/errors.md the one of the errors."""
    return module("tools.texts", "check") or module("tools.errors", "check")


def unit() -> int:
    """All tests that need neither a browser nor several processes, in random order."""
    words = ["-n", CORES, "--dist", "loadgroup", "-m", "not browser and not race", "--durations", "10"]
    return module("pytest", "-q", *words)


def race() -> int:
    """Processes and threads against one database."""
    return module("pytest", "-q", "-m", "race", "--durations", "5")


def browser() -> int:
    """Journeys in a real Chromium."""
    found = chromium()
    if found is None:
        return without_browser()
    os.environ["XIANFENG_CHROMIUM"] = found
    return module("pytest", "-q", "-n", CORES, "--dist", "loadgroup", "-m", "browser", "--durations", "10")


def chromium() -> str | None:
    """Return the system's Chromium, installed first if we are root on Debian."""
    if (found := _look()) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    print(f"  installing {' '.join(APT)}", flush=True)
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *APT)
    return _look()


def _look() -> str | None:
    names = [os.environ.get("XIANFENG_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


def without_browser() -> int:
    """Say that nothing was played in a browser, and how to get one."""
    line = "!" * 78
    print(f"\n{line}\n  BROWSER TESTS WERE SKIPPED: no Chromium was found.")
    print(
        f"  Debian, Ubuntu: apt install {' '.join(APT)}; or name one in XIANFENG_CHROMIUM.\n{line}\n",
        flush=True,
    )
    return int(os.environ.get("XIANFENG_BROWSER") == "required")


STAGES: dict[str, Callable[[], int]] = {
    stage.__name__: stage
    for stage in (lint, types, imports, templates, migrations, texts, unit, race, browser)
}


@dataclass(frozen=True)
class Done:
    """One stage as it went."""

    name: str
    code: int
    seconds: float


def play(name: str) -> Done:
    """Run one stage."""
    print(f"\n== {name}: {STAGES[name].__doc__}", flush=True)
    start = time.monotonic()
    return Done(name, STAGES[name](), time.monotonic() - start)


def main(names: list[str]) -> int:
    """Run the stages; all of them even when one fails, so that one run tells everything."""
    if unknown := [name for name in names if name not in STAGES]:
        print(f"no such stage: {' '.join(unknown)}; there are {' '.join(STAGES)}")
        return 2
    done = [play(name) for name in names or STAGES]
    print()
    for one in done:
        print(f"  {'ok    ' if one.code == 0 else 'FAILED'}  {one.name:<11} {one.seconds:6.1f} s")
    return int(any(one.code for one in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
