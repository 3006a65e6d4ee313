"""Deliveries that failed: tried again at once, when somebody has mended the cause."""

import logging
from typing import Protocol

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.transactions import write
from xianfeng.foundation.record.models import Delivery

log = logging.getLogger(__name__)


class Asking(Protocol):
    """Who asks; only the id is told to the log."""

    @property
    def pk(self) -> int: ...


def try_now(delivery_id: int | None, *, by: Asking) -> int:
    """Let the worker try a failed delivery (None: all of them) at its next turn; return how many."""
    with write():
        rows = Delivery.objects.filter(done_at=None, attempts__gt=0)
        if delivery_id is not None:
            rows = rows.filter(pk=delivery_id)
        count = rows.update(next_try_at=clock.now())
    log.warning("person %s asked for %s failed deliveries to be tried again", by.pk, count)
    return count
