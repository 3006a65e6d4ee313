"""What the worker does for the engine: every limit is enforced, once, also after a day of being down."""

import logging

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.models import Matter
from xianfeng.matters.operations.limits import enforce

log = logging.getLogger(__name__)


def enforce_limits(batch: int = 500) -> int:
    """Enforce what is due now, each matter in a transaction of its own; return how many."""
    due = (
        Matter.objects.filter(due_at__lte=clock.now())
        .order_by("due_at")
        .values_list("number", flat=True)[:batch]
    )
    return sum(_one(number) for number in list(due))


def _one(number: str) -> int:
    try:
        return int(enforce(number))
    except Refused as refused:  # moved on between the list and the lock
        log.info("limit of %s no longer holds: %s", number, refused)
    except Exception:
        log.exception("limit of %s could not be enforced; the others go on", number)
    return 0
