"""What the worker does: limits are enforced and subscribers reminded, once, also after a day of being down."""

import logging
from datetime import timedelta
from functools import cache

from xianfeng.foundation.kernel import catalogue, clock
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.recognition.showcase.models import Living
from xianfeng.recognition.showcase.operations import benefits, limits, lives
from xianfeng.recognition.showcase.queries.lives import to_remind

log = logging.getLogger(__name__)
BATCH = 500


def run() -> int:
    """Remind of what begins soon, then enforce what is due; return how many rows moved.

    The first time in a process it also keeps the benefits nobody told of: a city that was there before has thousands.
    """
    moved = remind() + enforce_limits()
    return moved + _caught_up_once()


@cache
def _caught_up_once() -> int:
    return catch_up()


def catch_up() -> int:
    """Keep the benefits nobody told of; return how many."""
    return benefits.catch_up()


def remind() -> int:
    """Remind the subscribers of each broadcast that begins within the catalogue's minutes."""
    now = clock.now()
    until = now + timedelta(minutes=catalogue.load("showcase")["live"]["remind_minutes"])
    return sum(lives.remind(pk) for pk in to_remind(now, until))


def enforce_limits() -> int:
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
