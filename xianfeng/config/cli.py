"""The one program `xianfeng`: Django's manage underneath, with a database of its own when none is named."""

import ctypes
import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "collectstatic",
    "compilemessages",
    "makemessages",
}
FILES_ALONE = (["index", "score"],)
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def main(argv: list[str] | None = None) -> None:
    """Run one command of the program; `xianfeng help` lists them. Faults of the set-up are told in one line."""
    words = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")
    _follow_supervisor()
    from xianfeng.config import faults

    try:
        with _database(words):
            _run(words)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if (line := faults.told(error)) is None:
            raise
        sys.exit(f"xianfeng: {line}")


def folder() -> Path:
    """Return where all state of this installation stands."""
    return Path(os.environ.get("XIANFENG_VAR", ROOT / "var")).resolve()


def _run(words: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xianfeng", *words])


def _database(words: list[str]) -> AbstractContextManager[object]:
    """Check DATABASE_URL, or hold our own server for as long as the command runs (the demo starts it itself)."""
    from xianfeng.config import demo_start, own_database

    if (url := os.environ.get("DATABASE_URL")) and words[:2] not in FILES_ALONE:
        own_database.check(url)
    if not words or WITHOUT_DATABASE & set(words) or words[:2] in FILES_ALONE:
        return nullcontext()
    if words[0] == "demo":
        return demo_start.prepared(folder(), words[1:])
    return nullcontext() if url else own_database.held(folder())


def _follow_supervisor() -> None:
    """Under a supervisor, end when it ends, even by kill -9 (Linux)."""
    parent = os.environ.get("XIANFENG_SUPERVISOR")
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(1)
