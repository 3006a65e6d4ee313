"""What is kept has its days: rooms say what they take away, the worker has it done."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.models import Idempotency
from xianfeng.foundation.kernel.transactions import write

log = logging.getLogger(__name__)
BATCH = 2_000
Sweep = Callable[[datetime], int]
_sweeps: dict[str, Sweep] = {}


def register(name: str, sweep: Sweep) -> None:
    """Let `sweep(at)` take away what is over at `at`; it opens its own transactions and returns how many rows went."""
    _sweeps[name] = sweep


def sweep_all() -> dict[str, int]:
    """Take away everything whose days are over; one room's fault does not keep the others. Returns counts by name."""
    at, gone = clock.now(), {}
    for name, sweep in _sweeps.items():
        try:
            gone[name] = sweep(at)
        except Exception:
            log.exception("retention of %s failed; the next round tries again", name)
    return gone


def cut(name: str, at: datetime) -> datetime:
    """Return the instant before which `name` (catalogue/retention.toml, in days) is over at `at`."""
    return at - timedelta(days=catalogue.load("retention")["days"][name])


def in_batches(delete: Callable[[int], int]) -> int:
    """Call `delete(limit)` in a transaction each until it finds fewer; return how many went."""
    gone = 0
    while True:
        with write():
            count = delete(BATCH)
        gone += count
        if count < BATCH:
            return gone


def sweep_keys(at: datetime) -> int:
    """Delete idempotency keys that nobody repeats any more."""
    old = Idempotency.objects.filter(at__lt=cut("idempotency_keys", at)).order_by("id")

    def delete(limit: int) -> int:
        return Idempotency.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]

    return in_batches(delete)
