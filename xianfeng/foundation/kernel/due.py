"""What the worker does when times have come: one thing after the other, and none keeps the others waiting."""

import logging
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from xianfeng.foundation.kernel.refusals import Refused

log = logging.getLogger(__name__)
BATCH = 500


def act(deed: Callable[[Any], object], key: object, what: str) -> int:
    """Do one thing; return 1 if it was done. What no longer holds, and what fails, is told in the log as `what`."""
    try:
        return int(bool(deed(key)))
    except Refused as refused:  # moved on between the list and the lock
        log.info("%s %s no longer holds: %s", what, key, refused)
    except Exception:
        log.exception("%s %s could not be done; the others go on", what, key)
    return 0


def act_on_all(rows: QuerySet[Any], deed: Callable[[int], object], what: str) -> int:
    """Do one thing for each of the rows that are due, by their ids, also for more than a batch; return how many."""
    done, last = 0, 0
    while found := list(rows.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        done += sum(act(deed, pk, what) for pk in found)
        last = found[-1]
    return done
