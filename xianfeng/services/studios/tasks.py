"""What the worker does for studios: askers are asked, limits enforced, each once, also after days of being down."""

import logging
from collections.abc import Callable
from functools import partial

from xianfeng.foundation.kernel import clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.services.studios import queries
from xianfeng.services.studios.operations import asking, limits

log = logging.getLogger(__name__)
BATCH = 500


def run() -> int:
    """Ask those whose day has come, then enforce what is due; return how many rows moved."""
    return ask_after() + enforce_limits()


def ask_after() -> int:
    """Ask whoever asked 14 and 21 days ago whether they got an answer; return how many were asked."""
    return sum(_one(partial(asking.ask_after, pk)) for pk in queries.to_ask_after(clock.now(), BATCH))


def enforce_limits() -> int:
    """Enforce what is due now, each row in a transaction of its own; one that cannot be is passed by."""
    now, done = clock.now(), 0
    for model in limits.MODELS:
        due = model._default_manager.filter(due_at__lte=now).order_by("due_at", "id")
        for pk in list(due.values_list("pk", flat=True)[:BATCH]):
            done += _one(partial(limits.enforce, model, pk))
    return done


def _one(act: Callable[[], bool]) -> int:
    try:
        return int(act())
    except Refused as refused:  # moved on between the list and the lock
        log.info("no longer due: %s", refused)
    except Exception:
        log.exception("one could not be done; the others go on")
    return 0
