"""Generations of the keys that seal: number 0 is derived from the installation's secret, later ones are drawn.

Each later one is a file of 32 random bytes in `var/keys`, mode 600, named by its number; `2.prepared` is read with,
but seals nothing yet, so that it can be carried to every machine first. A sealed field begins with its number.
"""

import os
import re
import secrets
from pathlib import Path
from time import monotonic

from django.conf import settings

LOOK_EVERY_SECONDS = 2.0
PREPARED = ".prepared"
_NAME = re.compile(r"([1-9]\d{0,8})(\.prepared)?")
_PREFIX = re.compile(rb"([1-9]\d{0,8}):")
_kept: dict[Path, tuple[dict[int, bytes], int, float]] = {}


def newest() -> int:
    """Return the number of the generation that seals."""
    return _read()[1]


def root(number: int) -> bytes:
    """Return the bytes of a generation, prepared ones too. Raises KeyError for one that is not here."""
    found, _ = _read()
    if number not in found:
        forget()  # it may have been made a moment ago
        found, _ = _read()
    return found[number]


def numbers() -> list[int]:
    """Return the numbers of all generations that are here, prepared ones too."""
    return [0, *sorted(_read()[0])]


def prefix(number: int) -> bytes:
    """Return what stands in front of a field sealed in a generation."""
    return b"%d:" % number if number else b""


def parted(sealed: bytes) -> tuple[int, bytes]:
    """Return the generation and the rest of a sealed field."""
    match = _PREFIX.match(sealed)
    return (int(match[1]), sealed[match.end() :]) if match else (0, sealed)


def forget() -> None:
    """Look at the folder anew on next use."""
    _kept.clear()


def prepared() -> int | None:
    """Return the number of the generation that is prepared and not in use yet."""
    return next((int(path.name.removesuffix(PREPARED)) for path in folder().glob(f"*{PREPARED}")), None)


def prepare() -> int:
    """Draw the next generation, to be read with but not to seal yet; return its number. The one prepared stays."""
    if (waiting := prepared()) is not None:
        return waiting
    number = max(numbers()) + 1
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{number}{PREPARED}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    forget()
    return number


def use(number: int) -> None:
    """Let the prepared generation seal from now on; other processes see it within LOOK_EVERY_SECONDS."""
    (folder() / f"{number}{PREPARED}").rename(folder() / str(number))
    forget()


def drop(number: int) -> None:
    """Delete a generation: what was sealed in it, in backups too, cannot be read any more."""
    (folder() / str(number)).unlink()
    forget()


def folder() -> Path:
    """Return where the generations stand."""
    return Path(settings.KEYS)


def _read() -> tuple[dict[int, bytes], int]:
    kept = _kept.get(settings.KEYS)
    if kept is None or monotonic() - kept[2] > LOOK_EVERY_SECONDS:
        kept = (*_look(folder()), monotonic())
        _kept[settings.KEYS] = kept
    return kept[0], kept[1]


def _look(place: Path) -> tuple[dict[int, bytes], int]:
    found, active = {}, 0
    for path in place.glob("*") if place.is_dir() else ():
        if match := _NAME.fullmatch(path.name):
            found[int(match[1])] = path.read_bytes()
            active = active if match[2] else max(active, int(match[1]))
    return found, active
