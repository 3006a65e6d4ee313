"""The passing of a limit, one row at a time."""

from datetime import datetime

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.recognition.showcase import steps
from xianfeng.recognition.showcase.models import Achievement, Benefit, Comment, Feedback, Live, Living
from xianfeng.recognition.showcase.states import LIMITS

MODELS: tuple[type[Living], ...] = (Achievement, Live, Comment, Benefit, Feedback)


def enforce(model: type[Living], pk: int) -> bool:
    """Do what the table says when the limit of a row has passed; False if it has not (any more)."""
    at = clock.now()
    with write():
        row = steps.locked(model, pk)
        if row.due_at is None or row.due_at > at:
            return False
        act = LIMITS[row.KIND, row.state]
        if act == "list":
            steps.list_row(row, actor=SYSTEM, at=at)
        else:
            steps.move(row, act, actor=SYSTEM, at=at, sets=_also(row, act, at), new=_told(row))
        return True


def _also(row: Living, act: str, at: datetime) -> dict[str, object]:
    return {"ended_at": at} if isinstance(row, Live) and act == "cut" else {}


def _told(row: Living) -> dict[str, object]:
    return {"viewers": row.viewers, "pioneer": row.pioneer_id} if isinstance(row, Live) else {}
