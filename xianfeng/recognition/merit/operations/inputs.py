"""What upper rooms feed into the index: knowledge shared (K) and honours (H). Each again is the same.

Upper rooms need not call: events of the codes in `merit.events` do it from the outbox. Inside an open transaction
use `merit.steps` of the same names.
"""

from datetime import datetime

from xianfeng.foundation.kernel.transactions import write
from xianfeng.recognition.merit import steps


def note_activity(kind: str, source: int, *, pioneer_id: int, at: datetime) -> bool:
    """Count an 'achievement' or 'livestream' for a pioneer since `at`; `source` is its id where it comes from.

    Returns whether anything changed. Raises ValueError for another kind, Missing for an unknown pioneer.
    """
    with write():
        return steps.note_activity(kind, source, pioneer_id=pioneer_id, at=at)


def withdraw_activity(kind: str, source: int, *, at: datetime) -> bool:
    """Let an activity count no longer, for whoever it counted; return whether it did."""
    with write():
        return steps.withdraw_activity(kind, source, at=at)


def note_honour(
    source: int, *, pioneer_id: int, level: str, since: datetime, until: datetime | None = None
) -> bool:
    """Count an honour of `level` (county, city, province, national) that no recognition carries.

    Returns whether anything changed. Raises ValueError for another level, Missing for an unknown pioneer.
    """
    with write():
        return steps.note_honour(source, pioneer_id=pioneer_id, level=level, since=since, until=until)


def withdraw_honour(source: int, *, at: datetime) -> bool:
    """Let an honour end at `at` (revoked or expired); return whether it had not ended before."""
    with write():
        return steps.withdraw_honour(source, at=at)
