"""What the worker does for meetings and proposals: limits are enforced, once, also after a day of being down."""

import logging

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.services.meetings.models import Living
from xianfeng.services.meetings.operations import limits

log = logging.getLogger(__name__)
BATCH = 500


def run() -> int:
    """Enforce what is due now, each row in a transaction of its own; one that cannot be is passed by."""
    now, done = clock.now(), 0
    for model in limits.MODELS:
        due = model._default_manager.filter(due_at__lte=now).order_by("due_at", "id")
        done += sum(_one(model, pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))
    return done


def _one(model: type[Living], pk: int) -> int:
    try:
        return int(limits.enforce(model, pk))
    except Refused as refused:  # moved on between the list and the lock
        log.info("limit of %s %s no longer holds: %s", model.KIND, pk, refused)
    except Exception:
        log.exception("limit of %s %s could not be enforced; the others go on", model.KIND, pk)
    return 0
