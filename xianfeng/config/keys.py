"""The installation's one secret, kept in a file of its own outside the database."""

import os
import secrets
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
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    return secret
