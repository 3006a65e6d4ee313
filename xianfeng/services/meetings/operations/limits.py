"""The passing of a limit, one row at a time."""

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.services.meetings import steps
from xianfeng.services.meetings.models import Living, Meeting, Proposal
from xianfeng.services.meetings.operations.calling import returned
from xianfeng.services.meetings.states import LIMITS

MODELS: tuple[type[Living], ...] = (Meeting, Proposal)


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
        elif isinstance(row, Meeting):
            new = {"back": returned(row)}
            steps.move(row, act, actor=SYSTEM, at=at, sets={"ended_at": at}, new=new)
        return True
