"""What the worker does for the index: at once after a rating, once a minute in any case, and for months that end."""

import logging
import threading
from time import monotonic

from xianfeng.foundation.kernel import clock
from xianfeng.recognition.merit import months, operations

log = logging.getLogger(__name__)
pulse = threading.Event()
"""Set by the outbox when something was rated; whoever follows clears it."""
LONGEST_REST = 2.0
_rest = {"until": 0.0}


def refresh() -> bool:
    """Score the city if anything moved since the last run; tell whether it did."""
    run = operations.refresh()
    if run is None:
        return False
    log.info("%s pioneers scored over %s orders in %.2f s", run.pioneers, run.orders, run.seconds)
    return True


def follow() -> int:
    """Score the city if something was rated since; return how many runs that took (0 or 1).

    After a run it rests as long as the run took (2 s at most): in a busy hour the index takes half a core, and a
    rating still shows within five seconds.
    """
    if not pulse.is_set() or monotonic() < _rest["until"]:
        return 0
    pulse.clear()
    start = monotonic()
    done = refresh()
    _rest["until"] = monotonic() + min(LONGEST_REST, monotonic() - start)
    return int(done)


def close_months() -> list[str]:
    """Close the month that is over, and correct the last ones where staff or raters changed what they rest on.

    Returns what was written, as 'YYYY-MM/edition'. Each month is a transaction of its own.
    """
    written, at = [], clock.now()
    if months.latest(months.before(at)) is None:
        written.append(operations.close_month(months.before(at)))
    for month in months.touched():
        before, after = months.latest(month), operations.correct_month(month)
        if before != after:
            written.append(after)
    for one in written:
        log.info("the month %s is closed, edition %s", f"{one.month:%Y-%m}", one.edition)
    return [f"{one.month:%Y-%m}/{one.edition}" for one in written]
