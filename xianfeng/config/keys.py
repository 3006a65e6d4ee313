"""The installation's one secret, kept in a file of its own outside the database."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def installation_secret(folder: Path) -> str:
    """Return XIANFENG_SECRET, or the secret kept in `folder`, made on first use (mode 600)."""
    if given := os.environ.get("XIANFENG_SECRET"):
        return given
    path = folder / "secret"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _make(path)


def _make(path: Path) -> str:
    """Put a whole file in place at once: another process that starts now must not read half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".secret-", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first
            os.link(part, path)
    finally:
        Path(part).unlink()
    return path.read_text().strip()
