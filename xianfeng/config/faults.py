"""Faults of the set-up, in one line for whoever typed the command. Faults of ours keep their traceback."""

import errno

from django.db.utils import OperationalError

from xianfeng.config.postgres import NoServer

FULL = "No space left on device"


def told(error: Exception) -> str | None:
    """Return the line for a fault of the set-up; None for any other."""
    if isinstance(error, NoServer):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full ({error.filename or 'see df'})"
    if isinstance(error, OperationalError):
        return _of_database(error)
    return None


def _of_database(error: OperationalError) -> str | None:
    line = str(error).split("\n", 1)[0]
    if FULL in line:
        return f"the disk is full under the database: {line}"
    if "connection failed" in line or "server closed the connection" in line:
        return f"the database of DATABASE_URL does not answer: {line}"
    return None
