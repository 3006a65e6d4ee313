"""The passing of a limit, one row at a time."""

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.services.studios import steps
from xianfeng.services.studios.models import Living, Policy, Question
from xianfeng.services.studios.states import LIMITS

MODELS: tuple[type[Living], ...] = (Question, Policy)


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
            steps.move(row, act, actor=SYSTEM, at=at)
        return True
