"""Under which account PostgreSQL runs: it refuses to run as root, and must not need a new user for that.

A normal user runs it as himself. Root runs it as the owner of its data, at first `nobody`. If a folder above the
tree is closed to that account (/root), PostgreSQL keeps one right of root, to read and pass through folders, given
by setpriv. Nothing outside var/ is created or changed.
"""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path


class NoAccount(Exception):
    """No account can run PostgreSQL here; the text says what to do."""


@dataclass(frozen=True)
class Account:
    """Who runs a program: words before its command line, and the user and group for Popen (None: as we are)."""

    words: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def popen(self) -> dict[str, object]:
        """Return the keywords that Popen needs."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose(folder: Path, programs: Path) -> Account:
    """Return the account that can run `programs` on `folder`, and give it `folder`. Raises NoAccount."""
    if os.geteuid() != 0:
        return Account()
    owner = folder.stat().st_uid
    uid, gid = (owner, folder.stat().st_gid) if owner else nobody()
    os.chown(folder, uid, gid)
    if passable(folder, uid) and passable(programs, uid):
        return Account(uid=uid, gid=gid)
    return Account(words=_with_passage(uid, gid, folder))


def nobody() -> tuple[int, int]:
    """Return the user and group number of `nobody`. Raises NoAccount."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise NoAccount(
            "PostgreSQL cannot run as root, and there is no user `nobody`: run as a normal user."
        ) from error
    return entry.pw_uid, entry.pw_gid


def passable(path: Path, uid: int) -> bool:
    """Tell whether every folder down to `path` lets `uid` through."""
    for folder in (path, *path.parents):
        state = folder.stat()
        if not state.st_mode & (0o100 if state.st_uid == uid else 0o001):
            return False
    return True


def _with_passage(uid: int, gid: int, folder: Path) -> tuple[str, ...]:
    setpriv = shutil.which("setpriv")
    right = next((right for right, bit in (("dac_read_search", 2), ("dac_override", 1)) if _holds(bit)), None)
    if not setpriv or not right:
        raise NoAccount(
            f"PostgreSQL cannot run as root, and other users cannot pass the folders above {folder}: "
            "run as a normal user, move the tree (to /srv, say), or set DATABASE_URL."
        )
    return (
        setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups",
        f"--inh-caps=-all,+{right}", f"--ambient-caps=-all,+{right}",
        "--securebits=+no_setuid_fixup",  # or access(2) would ask without the right
        "--",
    )  # fmt: skip


def _holds(bit: int) -> bool:
    """Tell whether this process may use the capability with number `bit` (Linux)."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return False
    line = next((line for line in status.splitlines() if line.startswith("CapEff:")), "CapEff:\t0")
    return bool(int(line.split()[1], 16) >> bit & 1)
