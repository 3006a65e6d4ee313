"""What the worker does for the engine: every limit is enforced, once, also after a day of being down."""

from datetime import UTC, datetime

from django.db.models import Q

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.due import act
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.limits import enforce


def enforce_limits(batch: int = 500) -> int:
    """Enforce what is due now, each matter in a transaction of its own; return how many.

    One that cannot be enforced is passed by: it must not keep the others waiting.
    """
    now, done, last = clock.now(), 0, (datetime.min.replace(tzinfo=UTC), 0)
    while due := _due(now, last, batch):
        done += sum(act(enforce, number, "limit of") for _, _, number in due)
        last = (due[-1][0], due[-1][1])
    return done


def _due(now: datetime, last: tuple[datetime, int], batch: int) -> list[tuple[datetime, int, str]]:
    later = Q(due_at__gt=last[0]) | Q(due_at=last[0], id__gt=last[1])
    rows = Matter.objects.filter(later, due_at__lte=now).order_by("due_at", "id")
    return [(at, pk, number) for at, pk, number in rows.values_list("due_at", "id", "number")[:batch] if at]
