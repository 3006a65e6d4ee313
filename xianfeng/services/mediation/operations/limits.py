"""The passing of a limit, one row at a time."""

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.subjects import SYSTEM
from xianfeng.services.mediation import steps
from xianfeng.services.mediation.models import Case, Confirmation, Duty, Hearing, Lecture, Lesson, Living
from xianfeng.services.mediation.states import LIMITS, Kind

MODELS: tuple[type[Living], ...] = (Case, Hearing, Duty, Confirmation, Lesson, Lecture)


def enforce(model: type[Living], pk: int) -> bool:
    """Do what the table says when the limit of a row has passed; False if it has not (any more)."""
    at = clock.now()
    with write():
        if case_id := _case_of(model, pk):
            steps.locked(Case, case_id)  # the case first, as everywhere
        row = steps.locked(model, pk)
        if row.due_at is None or row.due_at > at:
            return False
        act = LIMITS[Kind(row.KIND), row.state]
        new = {"case": case_id} if case_id else None
        if act == "list":
            steps.list_row(row, actor=SYSTEM, at=at, new=new)
        else:
            steps.move(row, act, actor=SYSTEM, at=at, new=new)
        return True


def _case_of(model: type[Living], pk: int) -> int | None:
    """Return the case on which a row stands, None for what is none's any more."""
    ways = {Hearing: "case_id", Duty: "agreement__case_id", Confirmation: "agreement__case_id"}
    if model not in ways:
        return None
    found: int | None = model._default_manager.filter(pk=pk).values_list(ways[model], flat=True).first()
    return found
