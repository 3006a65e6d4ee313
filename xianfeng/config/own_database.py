"""Which database a command uses when DATABASE_URL is not set: the one of our own server that was used last."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xianfeng.config import postgres
from xianfeng.config.database import from_url

USUAL = "xianfeng"


def check(url: str) -> None:
    """Raise NoServer, in one line, when `url` cannot be a DATABASE_URL."""
    try:
        from_url(url)
    except ValueError as error:
        told = str(error)
        raise postgres.NoServer(told if "DATABASE_URL" in told else f"DATABASE_URL: {told}") from error


def last_used(folder: Path) -> str:
    """Return the name of the database the demo used last, or the usual one."""
    try:
        return _note(folder).read_text().strip() or USUAL
    except OSError:
        return USUAL


def remember(folder: Path, database: str) -> None:
    """Let the commands beside a demo find its database."""
    _note(folder).write_text(database + "\n")


def _note(folder: Path) -> Path:
    return folder / "postgres" / "database"


@contextmanager
def held(folder: Path, database: str | None = None) -> Iterator[str]:
    """Set DATABASE_URL to our own server while in here."""
    with postgres.running(folder / "postgres", database or last_used(folder)) as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            os.environ.pop("DATABASE_URL", None)
