"""Removes the demo's state from var/ and leaves the environment. Refuses while anything uses it."""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("XIANFENG_VAR", ROOT / "var"))
STATE = ("postgres", "static", "media", "log", "checkpoints", "secret", "demo.lock")
STOP_SECONDS = 20


def main() -> None:
    """Take the state away, piece by piece, and say so."""
    for name in ("demo.lock", "postgres/users.lock"):
        _refuse_if_held(VAR / name)
    _stop_left_over_server(VAR / "postgres" / "server" / "data" / "postmaster.pid")
    for name in STATE:
        path = VAR / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    sys.stdout.write(f"  removed from {VAR}: {', '.join(STATE)}\n")


def _refuse_if_held(path: Path) -> None:
    if not path.exists():
        return
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("xianfeng: a demo or another command uses this state: stop it first (Ctrl-C).")


def _stop_left_over_server(note: Path) -> None:
    """A server may live on after kill -9; wait until it has put its note away."""
    if not note.exists():
        return
    try:
        os.kill(int(note.read_text().split("\n", 1)[0]), signal.SIGINT)
    except ProcessLookupError:
        return
    until = time.monotonic() + STOP_SECONDS
    while note.exists() and time.monotonic() < until:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
